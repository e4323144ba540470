/**
 * What came of a call. A state says where a call is in its life, an outcome what it was good for; the two are never mixed.
 *
 * The first group is about the contact and burns an attempt. The second is infrastructure: somebody else's fault, so the
 * attempt is not counted and the call is tried again after a pause (guarantee G8).
 */
export const OUTCOMES = [
  'answered',
  'voicemail',
  'fax',
  'busy',
  'no_answer',
  'rejected',
  'invalid_number',
  'blocked',
  'unwanted',
  'abandoned',
  'canceled',
  'failed',
  'network_error',
  'carrier_error',
  'outcome_unknown',
] as const

/** See {@link OUTCOMES}. */
export type Outcome = (typeof OUTCOMES)[number]

/** Outcomes that say nothing about the contact: trunk trouble, congestion, a carrier's failure. */
export const INFRASTRUCTURE_OUTCOMES: ReadonlySet<Outcome> = new Set(['network_error', 'carrier_error'])

/** Outcomes after which calling the same number again is pointless or wrong, whatever the retry policy says. */
export const FINAL_OUTCOMES: ReadonlySet<Outcome> = new Set(['invalid_number', 'unwanted', 'outcome_unknown'])

/** Whether a value is one of {@link OUTCOMES}. */
export function isOutcome(value: unknown): value is Outcome {
  return (OUTCOMES as readonly unknown[]).includes(value)
}
