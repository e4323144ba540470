import type { JobSnapshot, JobState, OperationSpec, TaskState } from '@outdial/core'

export const METHODS = ['POST', 'PATCH', 'DELETE'] as const
/** What a task does; not how it is asked for. */
export type Method = (typeof METHODS)[number]

const METHOD: Readonly<Record<OperationSpec['method'], Method>> = { create: 'POST', update: 'PATCH', delete: 'DELETE' }

export const STATUSES = [
  'created',
  'pending_review',
  'approved',
  'queued',
  'running',
  'completed',
  'cancelled',
] as const
export type Status = (typeof STATUSES)[number]

const STATUS: Readonly<Record<JobState, Status>> = {
  draft: 'created',
  pending_review: 'pending_review',
  scheduled: 'approved',
  queued: 'queued',
  running: 'running',
  paused: 'running',
  canceling: 'running',
  completed: 'completed',
  // The service has no word for a task that could not be done: it is completed, and what was not done has failed.
  failed: 'completed',
  expired: 'completed',
  canceled: 'cancelled',
}

/** What the dialect itself cancels with, and the engine's default. */
export const CANCELED = 'canceled'

/** A job's status. Canceled it is at once, while operations that were under way still end. */
export function statusOf({ state, reason }: Pick<JobSnapshot, 'state' | 'reason'>): Status {
  return state === 'canceling' && reason === CANCELED ? 'cancelled' : STATUS[state]
}

/** States of items that count as failures of a task with this status; they are those that its `errors` list. */
export function failedStates(status: Status): readonly TaskState[] {
  // Items that were called off one by one have not been done either, once nothing else is to come.
  return status === 'completed' ? ['failed', 'skipped', 'expired', 'canceled'] : ['failed', 'skipped', 'expired']
}

/** What a job does, in the service's word. */
export function methodOf({ spec }: JobSnapshot): Method {
  return METHOD[(spec as OperationSpec).method]
}

/** How far a task is. Nobody has counted while it is created only. */
export type Counters = Record<'failure' | 'processed' | 'success' | 'total', number | null>

export const NOT_COUNTED: Counters = { failure: null, processed: null, success: null, total: null }

export function countersOf(snapshot: JobSnapshot): Counters {
  const status = statusOf(snapshot)
  if (status === 'created') return NOT_COUNTED
  const { tasks } = snapshot
  const failure = failedStates(status).reduce((sum, state) => sum + tasks[state as keyof typeof tasks], 0)
  return { failure, processed: tasks.succeeded + failure, success: tasks.succeeded, total: tasks.total }
}
