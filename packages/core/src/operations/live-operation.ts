import type { Operation, OperationTask } from '../events/event-map.js'
import type { JobContext, OperationSpec } from '../jobs/spec.js'
import type { Resource } from '../ports/resources.js'
import type { LiveRecord } from '../ports/storage-exchange.js'
import type { JsonObject } from './json.js'
import { shown } from './secrets.js'

/** What is kept of a task: with a creation what to create, else which resource. */
export type OperationPayload = { data: JsonObject } | { entry: string; facts?: JsonObject }

/** What is kept with a task between its attempts, and with a live attempt, so that any worker can take it up. */
export interface OperationMemo {
  /** Requests of which nobody could say what came of them; with a live attempt, the one under way included. */
  tries: number
  /** Times in a row that the back end said to come again. */
  refused: number
  /** With a live attempt: the resource before its first request, without secrets. Stored before that request is written. */
  before?: Resource
}

/** The memo of a task that has not been tried. */
const NOT_TRIED: OperationMemo = { tries: 0, refused: 0 }

/** The memo of a task or attempt as the store keeps it. */
export function readMemo(memo: string | undefined): OperationMemo {
  return memo === undefined || memo === '' ? NOT_TRIED : (JSON.parse(memo) as OperationMemo)
}

/** An operation as this worker knows it between its fence and its end. */
export interface LiveOperation {
  readonly ref: string
  readonly job: JobContext<OperationSpec>
  readonly task: OperationTask
  /** What to set, secrets included: for the back end alone. */
  readonly data: JsonObject
  readonly attempt: number
  readonly startBy: number
  memo: OperationMemo
  /** Goes up with each request, so that of two workers who would repeat one the store lets only one. */
  rank: number
  unknown: boolean
  /** An earlier request of this attempt may have been applied: "not applied" of this one proves nothing. */
  repeated: boolean
  /** Its end has been reported and awaits the store's word. */
  closing: boolean
}

/** What is kept of an attempt that is over: the `Operation` of users, and those that came to nothing. */
export interface OperationRecord extends Omit<Operation, 'status'> {
  status: Operation['status'] | 'throttled' | 'unavailable' | 'not_sent' | 'not_applied'
  /** The back end's words, or the engine's, for people. */
  message?: string
}

/** What an item sets, secrets included. */
export function dataOf({ spec }: JobContext<OperationSpec>, payload: OperationPayload): JsonObject {
  return ('data' in payload ? payload.data : spec.data) ?? {}
}

/** The item of a payload, as everybody but the back end sees it. */
export function operationTask(
  job: JobContext<OperationSpec>,
  index: number,
  payload: OperationPayload | undefined,
): OperationTask {
  const { type, method, secrets } = job.spec
  const { data = job.spec.data, ...selection } = (payload ?? {}) as { data?: JsonObject }
  return {
    jobId: job.id,
    organization: job.organization,
    index,
    type,
    method,
    ...(data !== undefined && { data: shown(data, secrets) }),
    ...selection,
  }
}

/** An operation taken up from the store. */
export function reviveOperation(job: JobContext<OperationSpec>, record: LiveRecord): LiveOperation {
  const { ref, index, attempt, startBy, rank, unknown } = record
  const payload = JSON.parse(record.payload) as OperationPayload
  return {
    ref,
    job,
    task: operationTask(job, index, payload),
    data: dataOf(job, payload),
    attempt,
    startBy,
    memo: readMemo(record.memo),
    rank,
    unknown,
    repeated: true,
    closing: false,
  }
}
