import { moneyReason } from '../money/keys.js'
import type { Terminal } from '../ports/storage-jobs.js'

/** What a contact does whose fence was refused. */
export type AfterRefusal =
  | { terminal: Terminal; reason: string }
  /** `stopped`: its job decides by itself when its contacts go on. */
  | { waitUntil: number; reasons: readonly string[]; stopped?: true }

/** A number on a suppression list is not asked about again; a missing window is. */
const LATER = 60_000

/** A job that was refused for money is not asked again before so long. */
export const WAIT_FOR_MONEY = 10_000

/** Whether a limit of money is among the reasons. */
export function forMoney(reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.startsWith('money:'))
}

/** What follows from a refused fence. Pure, so that who looks ahead says the same. */
export function afterRefusal(reasons: readonly string[], retryAt: number, now: number): AfterRefusal {
  if (reasons.some((reason) => reason.startsWith('list:'))) return { terminal: 'skipped', reason: 'suppressed' }
  if (reasons.includes('paused') || reasons.includes('canceling')) return { waitUntil: 0, reasons, stopped: true }
  return {
    waitUntil: retryAt < Number.POSITIVE_INFINITY ? retryAt : now + (forMoney(reasons) ? WAIT_FOR_MONEY : LATER),
    // A lane is a store's word for the people who share calling hours.
    reasons: reasons.map((reason) => (reason === 'lane' ? 'window' : (moneyReason(reason) ?? reason))),
  }
}
