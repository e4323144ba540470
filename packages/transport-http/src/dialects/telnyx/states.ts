import type { JobSnapshot, JobState } from '@outdial/core'
import { PHONE_NUMBER } from './wire.js'

export const JOB_TYPES = ['update_emergency_settings', 'delete_phone_numbers', 'update_phone_numbers'] as const
export type JobType = (typeof JOB_TYPES)[number]

export const STATUSES = ['pending', 'in_progress', 'completed', 'failed', 'expired'] as const
export type Status = (typeof STATUSES)[number]

const STATUS: Readonly<Record<JobState, Status>> = {
  draft: 'pending',
  pending_review: 'pending',
  scheduled: 'pending',
  queued: 'pending',
  running: 'in_progress',
  paused: 'in_progress',
  canceling: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  // The service cancels nothing, so it has no word for it.
  canceled: 'failed',
  expired: 'expired',
}

/** States that count as pending or in progress. */
export const OPEN_STATES = (Object.keys(STATUS) as JobState[]).filter((state) =>
  ['pending', 'in_progress'].includes(STATUS[state]),
)

/** A job's status. One that has done nothing of what was asked has failed; what was done in part is completed. */
export function statusOf({ state, tasks }: JobSnapshot): Status {
  return state === 'completed' && tasks.succeeded === 0 ? 'failed' : STATUS[state]
}

/** What kind of job it is here, whichever way it was made; `undefined` when it is none that could be made here. */
export function typeOf({ spec }: JobSnapshot): JobType | undefined {
  if (spec.kind !== 'operations' || spec.type !== PHONE_NUMBER || spec.method === 'create') return undefined
  if (spec.method === 'delete') return 'delete_phone_numbers'
  const emergency = Object.keys(spec.data ?? {}).every((name) => name.startsWith('emergency_'))
  return emergency ? 'update_emergency_settings' : 'update_phone_numbers'
}
