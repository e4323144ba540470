import type { Outcome } from '@outdial/core'
import { sipOutcome } from '../outcomes/sip.js'

/** What a cause says of the contact. `answered` is what somebody or something took up. */
const BY_CAUSE: ReadonlyMap<string, Outcome> = new Map(
  Object.entries({
    normal_clearing: 'answered',
    time_limit: 'answered',
    originator_cancel: 'canceled',
    timeout: 'no_answer',
    no_answer: 'no_answer',
    user_busy: 'busy',
    not_found: 'invalid_number',
    call_rejected: 'rejected',
  } as const),
)

/** Causes under which the SIP code tells more: a rejection may be a person's (603), a filter's (608) or the trunk's (403). */
const BY_CODE_FIRST: ReadonlySet<string> = new Set(['call_rejected', 'unspecified', 'normal_clearing', 'not_found'])

/** How a call ended, as the service says it. */
export interface Hangup {
  /** Absent: the service does not say. */
  readonly cause: string | undefined
  /** A SIP code, or `unspecified`. */
  readonly sip?: string | undefined
  readonly heard?: HeardAs | undefined
  /** Somebody or something has taken it up: whatever ended it, it is not called again as if nobody had. */
  readonly answered?: boolean
}

/** The outcome of a call. What the service has no word for is `failed`. */
export function outcomeOf({ cause, sip, heard, answered = false }: Hangup): Outcome {
  if (cause === undefined && !answered) return 'outcome_unknown'
  const code = Number(sip)
  const told = cause !== undefined && BY_CODE_FIRST.has(cause) ? sipOutcome(code) : undefined
  const outcome = answered ? 'answered' : (told ?? BY_CAUSE.get(cause ?? '') ?? 'failed')
  if (outcome !== 'answered') return outcome
  return heard === 'fax' ? 'fax' : heard === 'machine' ? 'voicemail' : 'answered'
}

/** Outcomes of calls that were talked on. */
export const TALKED: ReadonlySet<Outcome> = new Set(['answered', 'voicemail', 'fax'])

/** Who was heard on a call. */
export type HeardAs = 'person' | 'machine' | 'fax'

/** What the result of a detection says of who answered. Whoever may be a person is one: `not_sure`, `silence`. */
export function heardAs(result: unknown): HeardAs {
  if (result === 'machine' || result === 'beep_detected') return 'machine'
  return result === 'fax_detected' ? 'fax' : 'person'
}
