import type { CallTaskSnapshot, JobSnapshot, JobState, Outcome, TaskState } from '@outdial/core'

export const BATCH_STATUSES = ['draft', 'scheduled', 'sent', 'completed', 'failed'] as const
export type BatchStatus = (typeof BATCH_STATUSES)[number]

const STATUSES: Readonly<Record<JobState, BatchStatus>> = {
  draft: 'draft',
  pending_review: 'draft',
  scheduled: 'scheduled',
  queued: 'sent',
  running: 'sent',
  paused: 'sent',
  // The last calls are still live.
  canceling: 'sent',
  completed: 'completed',
  failed: 'failed',
  canceled: 'failed',
  expired: 'failed',
}

export function batchStatus({ state }: JobSnapshot): BatchStatus {
  return STATUSES[state]
}

/** Nothing of it changes any more. */
export function isOver(status: BatchStatus): boolean {
  return status === 'completed' || status === 'failed'
}

/** Its tasks can still be replaced: nobody has been called. */
export function isOpen(status: BatchStatus): boolean {
  return status === 'draft' || status === 'scheduled'
}

type TaskStatus = 'PENDING' | 'CALLING' | 'COMPLETED' | 'FAILED'

const TASK_STATUSES: Readonly<Record<TaskState, TaskStatus>> = {
  waiting: 'PENDING',
  claimed: 'PENDING',
  active: 'CALLING',
  unknown: 'CALLING',
  succeeded: 'COMPLETED',
  failed: 'FAILED',
  skipped: 'FAILED',
  canceled: 'FAILED',
  expired: 'FAILED',
}

export function taskStatus({ state }: CallTaskSnapshot): TaskStatus {
  return TASK_STATUSES[state]
}

/** Somebody or something picked up. */
export const PICKED_UP: ReadonlySet<Outcome> = new Set(['answered', 'voicemail', 'fax', 'abandoned'])
