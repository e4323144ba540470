import type { LiveCall } from '../calls/live-call.js'
import { INFRASTRUCTURE_OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import type { RetryMemo } from '../policy/retry.js'

/** What the next call of a contact has to know of the number of this one, beside what was known before. */
export function remembered({ job, retry, from }: LiveCall, outcome: Outcome): RetryMemo {
  if (outcome === 'blocked') return { ...retry, from, blocked: true }
  // A call that the person has had nothing of makes nobody used to a number.
  if (!job.spec.callerIds?.sticky || retry.blocked || retry.from === from) return retry
  return INFRASTRUCTURE_OUTCOMES.has(outcome) ? retry : { ...retry, from }
}
