import type { Phase, Sweep } from '../ports/storage-jobs.js'
import type { JobState } from './job.js'
import { JOB_TABLE } from './job.js'

/** How a stop ends: the event that drains it, and what becomes of the tasks that wait. */
const STOPS = {
  cancel: { drained: 'drained', sweep: 'canceled' },
  expire: { drained: 'drained_expired', sweep: 'expired' },
  fail: { drained: 'drained_failed', sweep: 'failed' },
} as const
export type Stop = keyof typeof STOPS

/**
 * What a store needs to know of a lifecycle state: the table of the job's life told as data, so that stores execute it
 * without knowing it.
 *
 * @param keepOpen the job waits for further tasks instead of completing when it is drained
 */
export function phaseOf(state: JobState, options: { reason?: string; keepOpen?: boolean } = {}): Phase {
  const phase: Phase = { state, dialable: state === 'queued' || state === 'running' }
  if (options.reason !== undefined) phase.reason = options.reason
  const claimed = JOB_TABLE[state].claim
  if (claimed) phase.onClaim = phaseOf(claimed, { ...(options.keepOpen && { keepOpen: true }) })
  const drained = JOB_TABLE[state].drained
  if (drained && !options.keepOpen) phase.onDrained = phaseOf(drained)
  return phase
}

/** The phase and the sweep of a job that is being stopped. */
export function stopping(stop: Stop, reason: string): { phase: Phase; sweep: Sweep } {
  const { drained, sweep } = STOPS[stop]
  const end = JOB_TABLE.canceling[drained] as JobState
  return {
    phase: { state: 'canceling', reason, dialable: false, onDrained: { state: end, reason, dialable: false } },
    sweep: { terminal: sweep, reason },
  }
}
