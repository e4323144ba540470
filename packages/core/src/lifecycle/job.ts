import { OutdialError } from '../errors/outdial-error.js'
import { isIllegal, type TransitionTable, transition } from './table.js'

/** The states of a job. Where it is in its life; never what came of it. */
export const JOB_STATES = [
  'draft',
  'pending_review',
  'scheduled',
  'queued',
  'running',
  'paused',
  'canceling',
  'completed',
  'failed',
  'canceled',
  'expired',
] as const
/** See {@link JOB_STATES}. */
export type JobState = (typeof JOB_STATES)[number]

/** What can happen to a job. The first group is asked for by users, the second is noticed by the engine. */
export const JOB_EVENTS = [
  'start',
  'schedule',
  'review',
  'approve',
  'approve_later',
  'pause',
  'resume',
  'cancel',
  'fail',
  'due',
  'claim',
  'expire',
  'drained',
  'drained_expired',
  'drained_failed',
] as const
/** See {@link JOB_EVENTS}. */
export type JobEvent = (typeof JOB_EVENTS)[number]

const STOPPABLE = { cancel: 'canceling', expire: 'canceling', fail: 'canceling' } as const

/**
 * The life of a job.
 *
 * A job is born a `draft`: it has its tasks and does nothing. `start` queues it, `schedule` lets it wait for a time, and
 * `review` lets it wait for a person, who approves it (for now or for its time) or cancels it. A `scheduled` job may be
 * scheduled anew or started early; when it is `due` it is `queued`, and the first task that a worker claims makes it
 * `running`. A running job that cannot dial right now (window, capacity, pace, retries pending) is still `running`.
 *
 * `pause` stops new calls, live ones go on, and `resume` takes up where it was. When no task is open any more, a job is
 * `drained` and thereby `completed`, whatever came of its calls; also while it is paused.
 *
 * `cancel`, `expire` and `fail` end every waiting task at once and leave the job `canceling` until the last live call
 * has ended: then it is `canceled`, `expired` or `failed`. The four last states are final.
 */
export const JOB_TABLE: TransitionTable<JobState, JobEvent> = {
  draft: { start: 'queued', schedule: 'scheduled', review: 'pending_review', ...STOPPABLE },
  pending_review: { approve: 'queued', approve_later: 'scheduled', ...STOPPABLE },
  scheduled: { schedule: 'scheduled', start: 'queued', due: 'queued', ...STOPPABLE },
  queued: { schedule: 'scheduled', claim: 'running', pause: 'paused', drained: 'completed', ...STOPPABLE },
  running: { pause: 'paused', drained: 'completed', ...STOPPABLE },
  paused: { resume: 'running', drained: 'completed', ...STOPPABLE },
  canceling: { drained: 'canceled', drained_expired: 'expired', drained_failed: 'failed' },
  completed: {},
  failed: {},
  canceled: {},
  expired: {},
}

/** Whether a job in this state never changes any more. */
export function isJobOver(state: JobState): boolean {
  return Object.keys(JOB_TABLE[state]).length === 0
}

/** The state after a user's request, or `illegal_transition` naming what would be possible. */
export function requestJob(jobId: string, state: JobState, event: JobEvent): JobState {
  const next = transition(JOB_TABLE, state, event)
  if (!isIllegal(next)) return next
  const possible = next.legal.length === 0 ? 'it has ended' : `possible now: ${next.legal.join(', ')}`
  throw new OutdialError(
    'illegal_transition',
    `Job ${jobId} is ${state} and cannot ${event.replaceAll('_', ' ')}; ${possible}.`,
    {
      jobId,
      state,
      event,
      legal: next.legal,
    },
  )
}
