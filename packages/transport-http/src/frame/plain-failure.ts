import { type FailedRequest, type Failure, statusOf } from './failure.js'
import { problem } from './problem.js'
import type { WireError } from './wire-error.js'

/** What is said where no dialect is spoken: problem details. */
export function plainFailure(failure: Failure, { requestId }: FailedRequest): WireError {
  return problem(statusOf(failure), failure.kind, undefined, { requestId })
}
