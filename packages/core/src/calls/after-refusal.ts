import { CHANGED } from '../engine/runner.js'
import type { Terminal } from '../ports/storage-jobs.js'

/** What a contact does whose fence was refused. */
export type AfterRefusal =
  | { terminal: Terminal; reason: string }
  /** `stopped`: its job decides by itself when its contacts go on, or has changed and decides anew. */
  | { waitUntil: number; reasons: readonly string[]; stopped?: true }

/** A number on a suppression list is not asked about again; a missing window is. */
const LATER = 60_000

/** What follows from a refused fence. Pure, so that who looks ahead says the same. */
export function afterRefusal(reasons: readonly string[], retryAt: number, now: number): AfterRefusal {
  if (reasons.some((reason) => reason.startsWith('list:'))) return { terminal: 'skipped', reason: 'suppressed' }
  if (reasons.includes(CHANGED)) return { waitUntil: 0, reasons, stopped: true }
  if (reasons.includes('paused') || reasons.includes('canceling')) return { waitUntil: 0, reasons, stopped: true }
  return {
    waitUntil: retryAt < Number.POSITIVE_INFINITY ? retryAt : now + LATER,
    // A lane is a store's word for the people who share calling hours.
    reasons: reasons.map((reason) => (reason === 'lane' ? 'window' : reason)),
  }
}
