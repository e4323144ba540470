import type { CallRecord } from '../calls/live-call.js'
import { formatInstant } from '../policy/instant.js'
import { offsetAt } from '../policy/zone.js'
import type { DialBlock, Ending } from './blocks.js'

/** What ends a contact, for people. Reasons that users give are not among them. */
const ENDS: Readonly<Record<string, string>> = {
  suppressed: 'it is on a do-not-call list, so it was not called any more',
  expired: 'the campaign, or the contact, has expired',
  attempts_exhausted: 'it was called as often as it may be',
  outcome_not_retried: 'after such an outcome nobody is called again',
  retries_for_outcome_exhausted: 'after this outcome it was called again as often as it may be',
  invalid_number: 'there is no such number',
  unwanted: 'the person has marked the call as unwanted',
  outcome_unknown: 'nobody can say what became of the call, so it is not repeated',
  infrastructure: 'carriers failed too often in a row',
}

/** How a contact ended, as a sentence. */
export function endWords({ state, reason }: Ending): string {
  const why = state === 'succeeded' ? `the call was ${reason}` : (ENDS[reason] ?? reason)
  return `It has ended as ${state}: ${why}.`
}

/** What came of a call, as a sentence. */
export function callWords({ attempt, outcome, placed, from }: CallRecord): string {
  if (placed === false) return `Call ${attempt} was not placed${outcome === undefined ? '' : `: ${outcome}`}.`
  return `Call ${attempt} from ${from} came to ${outcome ?? 'nothing that is known'}.`
}

/** Reasons, as the end of a sentence. */
export function blockWords(blocks: readonly DialBlock[]): string {
  return blocks
    .map(({ detail, until }) => (until === undefined ? detail : `${detail} (until ${formatInstant(until)})`))
    .join('; ')
}

/** What clocks show in a zone: `2027-01-04T09:03-05:00`. */
export function localTime(at: number, zone: string): string | undefined {
  const offset = offsetAt(zone, at)
  if (offset === undefined) return undefined
  const minutes = Math.round(Math.abs(offset) / 60_000)
  const two = (number: number) => String(number).padStart(2, '0')
  const shift = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  return `${formatInstant(at + offset).slice(0, 16)}${shift}`
}
