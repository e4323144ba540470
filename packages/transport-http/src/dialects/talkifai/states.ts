import {
  type CallTaskSnapshot,
  INFRASTRUCTURE_OUTCOMES,
  type JobSnapshot,
  type JobState,
  type Outcome,
  type RetryableOutcome,
} from '@outdial/core'

export const BATCH_STATUSES = ['pending', 'scheduled', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const
export type BatchStatus = (typeof BATCH_STATUSES)[number]

const STATUSES: Readonly<Record<Exclude<JobState, 'canceling'>, BatchStatus>> = {
  draft: 'pending',
  pending_review: 'pending',
  scheduled: 'scheduled',
  queued: 'pending',
  running: 'running',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  canceled: 'cancelled',
  expired: 'failed',
}

/** A batch that is being stopped has the status already that it will end with. */
export function batchStatus({ state, reason, reasons }: JobSnapshot): BatchStatus {
  if (state !== 'canceling') return STATUSES[state]
  return reasons[`failed/${reason}`] || reasons[`expired/${reason}`] ? 'failed' : 'cancelled'
}

/** The status that a job in this state has, for what is said of it later. */
export function statusOfState(state: JobState): BatchStatus {
  return state === 'canceling' ? 'cancelled' : STATUSES[state]
}

/** States in which jobs with this status may be. */
export function statesOf(status: BatchStatus): JobState[] {
  const states = (Object.keys(STATUSES) as (keyof typeof STATUSES)[]).filter((state) => STATUSES[state] === status)
  return status === 'failed' || status === 'cancelled' ? [...states, 'canceling'] : states
}

export const CONTACT_STATUSES = [
  'pending',
  'queued',
  'dialing',
  'completed',
  'no_answer',
  'busy',
  'timeout',
  'blocked',
  'invalid_number',
  'carrier_error',
  'failed',
  'cancelled',
] as const
export type ContactStatus = (typeof CONTACT_STATUSES)[number]

/** Statuses after which a contact is called again, while it has attempts left. */
export const RETRYABLE = ['no_answer', 'busy', 'timeout'] as const satisfies readonly ContactStatus[]
/** The engine's words for them: a call that timed out was not answered. */
export const RETRIED = ['no_answer', 'busy'] as const satisfies readonly RetryableOutcome[]

/** Somebody or something picked up. The service does not tell people from machines. */
export const PICKED_UP: readonly RetryableOutcome[] = ['answered', 'voicemail', 'fax']

/** SIP's word for a call that nobody ended in time. */
const REQUEST_TIMEOUT = 408

/** What came of the last call, as far as it is one of the three that are retried. */
function retryableStatus(task: CallTaskSnapshot): ContactStatus | undefined {
  const last = task.calls.at(-1)
  if (last?.outcome === 'busy') return 'busy'
  if (last?.outcome !== 'no_answer') return undefined
  return Number(last.raw?.sip) === REQUEST_TIMEOUT ? 'timeout' : 'no_answer'
}

/**
 * The status of a contact. Those that wait after a call have what came of it for a status until their time, and all others
 * that were given back are `queued`, so that the two together are the engine's deferred ones.
 */
export function contactStatus(task: CallTaskSnapshot, now: number): ContactStatus {
  switch (task.state) {
    case 'waiting':
      if (task.waitUntil === undefined) return 'pending'
      return (task.waitUntil > now && retryableStatus(task)) || 'queued'
    case 'claimed':
    case 'active':
    case 'unknown':
      return 'dialing'
    case 'succeeded':
      return 'completed'
    case 'failed':
      return failedStatus(task.outcome)
    // On a list of those who must not be called, say.
    case 'skipped':
      return 'blocked'
    case 'expired':
      return 'failed'
    case 'canceled':
      return 'cancelled'
  }
}

function failedStatus(outcome: Outcome | undefined): ContactStatus {
  if (outcome === undefined) return 'failed'
  if (INFRASTRUCTURE_OUTCOMES.has(outcome)) return 'carrier_error'
  if (outcome === 'invalid_number') return 'invalid_number'
  return outcome === 'blocked' || outcome === 'unwanted' ? 'blocked' : 'failed'
}
