import type { OperationTask } from '../events/event-map.js'
import type { JobContext, OperationSpec } from '../jobs/spec.js'
import { type TaskState, taskState } from '../lifecycle/task.js'
import type { Resource, ResourceError } from '../ports/resources.js'
import type { TaskRecord } from '../ports/storage-read.js'
import { type OperationPayload, type OperationRecord, operationTask } from './live-operation.js'

/** An item of an operations job, where it is, and what has been tried. */
export interface OperationItem extends OperationTask {
  state: TaskState
  /** With a final state: why. */
  reason?: string
  /** With `waiting`, when it was put off or is to be tried again: not before. */
  waitUntil?: number
  /** The resource as it was before the operation, with updates and deletions; absent when there was none, or none is kept. */
  before?: Resource
  /** The resource as the back end showed it after the operation. */
  resource?: Resource
  /** Why it failed. */
  errors?: readonly ResourceError[]
  /** Ended attempts, oldest first, those that came to nothing included. */
  operations: readonly OperationRecord[]
  /** Ref of the operation under way. */
  liveOperation?: string
  /** Its data were removed on request. */
  redacted?: boolean
}

/** A task record for users. */
export function operationItem(job: JobContext<OperationSpec>, record: TaskRecord): OperationItem {
  const { index, payload, reason, waitUntil, ref } = record
  const operations = record.results.map((result) => JSON.parse(result) as OperationRecord)
  const { before, resource, errors } = operations.at(-1) ?? {}
  return {
    ...operationTask(job, index, payload === undefined ? undefined : (JSON.parse(payload) as OperationPayload)),
    state: taskState(record.place),
    ...(reason !== undefined && { reason }),
    ...(waitUntil !== undefined && { waitUntil }),
    ...(before && { before }),
    ...(resource && { resource }),
    ...(errors && { errors }),
    operations,
    ...(ref !== undefined && { liveOperation: ref }),
    ...(payload === undefined && { redacted: true }),
  }
}
