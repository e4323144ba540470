import { type FailedRequest, type Failure, statusOf } from './failure.js'
import { fieldOf } from './parse.js'
import { problem } from './problem.js'
import type { WireError } from './wire-error.js'

/**
 * Every failure as problem details (RFC 9457); `code` is stable, and `field` or `problems` say where. What the native API
 * says, and what is said where no dialect is spoken.
 */
export function plainFailure(failed: Failure, { requestId, path }: FailedRequest): WireError {
  const more = { instance: path, requestId }
  const status = statusOf(failed)
  switch (failed.kind) {
    case 'invalid': {
      const problems = failed.issues.map((issue) => ({ field: fieldOf(issue), message: issue.message }))
      const [first] = problems
      const detail = `${failed.place}: ${first?.field ? `${first.field}: ` : ''}${first?.message}`
      return problem(status, `invalid_${failed.place}`, detail, { ...more, problems })
    }
    case 'malformed':
      return problem(status, 'malformed_body', failed.problem, more)
    case 'missing':
      return problem(status, `${failed.what}_not_found`, `There is no ${failed.what} '${failed.id}'.`, more)
    case 'refused': {
      const { code, message, details } = failed.error
      if (status >= 500) return problem(status, code, undefined, more)
      return problem(status, code, message, { ...more, ...(details.field !== undefined && { field: details.field }) })
    }
    case 'method_not_allowed':
      return problem(status, failed.kind, `Allowed here: ${failed.allowed.join(', ')}.`, more)
    case 'forbidden':
      return problem(status, failed.kind, `The key needs one of: ${failed.scopes.join(', ')}.`, more)
    case 'unsupported_media_type':
      return problem(status, failed.kind, `Expected ${failed.expected.join(' or ')}.`, more)
    case 'too_large':
      return problem(status, failed.kind, `At most ${failed.limit} bytes of ${failed.what} are taken.`, more)
    default:
      return problem(status, failed.kind, undefined, more)
  }
}
