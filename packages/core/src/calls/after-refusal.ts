import { CHANGED } from '../engine/runner.js'
import type { Terminal } from '../ports/storage-jobs.js'
import { isSuppressed, refusalReasons } from './refusals.js'

/** What a contact does whose fence was refused. */
export type AfterRefusal =
  | { terminal: Terminal; reason: string }
  /** `stopped`: its job decides by itself when its contacts go on, or has changed and decides anew. */
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
  if (isSuppressed(reasons)) return { terminal: 'skipped', reason: 'suppressed' }
  if (reasons.includes(CHANGED)) return { waitUntil: 0, reasons, stopped: true }
  if (reasons.includes('paused') || reasons.includes('canceling')) return { waitUntil: 0, reasons, stopped: true }
  return {
    waitUntil: retryAt < Number.POSITIVE_INFINITY ? retryAt : now + (forMoney(reasons) ? WAIT_FOR_MONEY : LATER),
    reasons: refusalReasons(reasons),
  }
}
