import type { Phase, Sweep } from '@outdial/core'

/*
 * The phases of a job as the engine would hand them over, written down here independently of it: what is proven is that
 * a store executes whatever it is told.
 */
const completed: Phase = { state: 'completed', dialable: false }
export const scheduled: Phase = { state: 'scheduled', dialable: false }
export const running: Phase = { state: 'running', dialable: true, onDrained: completed }
export const queued: Phase = { state: 'queued', dialable: true, onClaim: running, onDrained: completed }
export const paused: Phase = { state: 'paused', reason: 'user', dialable: false, onDrained: completed }
/** Never completes by itself. */
export const keptOpen: Phase = { state: 'running', dialable: true }

/** The phase and the sweep of a job that is stopped. */
export function stopped(as: 'canceled' | 'expired' | 'failed', reason = 'user'): { phase: Phase; sweep: Sweep } {
  const onDrained: Phase = { state: as, reason, dialable: false }
  return { phase: { state: 'canceling', reason, dialable: false, onDrained }, sweep: { terminal: as, reason } }
}
