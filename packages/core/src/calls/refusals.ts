import { moneyReason } from '../money/keys.js'
import { isCooldownList } from '../policy/cooldowns.js'
import { COOLDOWN } from './enlistings.js'

/** A do-not-call list is older than it may be: nobody is called before it has been brought up to date. */
export const SUPPRESSION_STALE = 'suppression_stale'

const LISTED = 'list:'
const STALE = 'list_stale:'

/** Whether a fence was refused because the number is on a do-not-call list: it is never asked again. */
export function isSuppressed(reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith(LISTED) && !isCooldownList(reason.slice(LISTED.length)))
}

/** Whether a fence was refused because a list is too old. */
export function isStale(reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith(STALE))
}

/** Why a fence was refused, in the words that users see: what is a store's name of something becomes ours. */
export function refusalReasons(reasons: readonly string[]): string[] {
  return [...new Set(reasons.map(inWords))]
}

function inWords(reason: string): string {
  // A lane is a store's word for the people who share calling hours.
  if (reason === 'lane') return 'window'
  if (reason.startsWith(LISTED)) return COOLDOWN
  return reason.startsWith(STALE) ? SUPPRESSION_STALE : (moneyReason(reason) ?? reason)
}
