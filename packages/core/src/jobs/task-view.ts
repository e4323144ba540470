import type { CallRecord } from '../calls/live-call.js'
import { callTask } from '../calls/live-call.js'
import type { CallTask } from '../events/event-map.js'
import type { Outcome } from '../lifecycle/outcome.js'
import { type TaskState, taskState } from '../lifecycle/task.js'
import type { Contact } from '../ports/contacts.js'
import type { TaskRecord } from '../ports/storage-read.js'
import type { JobContext } from './spec.js'

/** A contact of a job, where it is, and what has been tried. */
export interface CallTaskSnapshot<Variables = Record<string, unknown>> extends CallTask<Variables> {
  state: TaskState
  /** With a final state: why. */
  reason?: string
  /** With `waiting`, when it was given back or is to be retried: not before. */
  waitUntil?: number
  /** Outcome of the last call. */
  outcome?: Outcome
  /** Ended calls, oldest first. */
  calls: readonly CallRecord[]
  /** Ref of the live call. */
  liveCall?: string
  /** Its data were removed on request. */
  redacted?: boolean
}

/** Stores are asked for nothing else: what is between two contacts is none. */
export function isPosition(index: unknown): index is number {
  return Number.isInteger(index) && (index as number) >= 0
}

/** A task record for users. */
export function callTaskSnapshot<Variables>(job: JobContext, record: TaskRecord): CallTaskSnapshot<Variables> {
  const { index, payload, reason, waitUntil, ref } = record
  const contact: Contact = payload === undefined ? { phone: '', variables: {} } : (JSON.parse(payload) as Contact)
  const calls = record.results.map((result) => JSON.parse(result) as CallRecord)
  const outcome = calls.findLast((call) => call.outcome !== undefined)?.outcome
  return {
    ...(callTask(job, index, contact) as CallTask<Variables>),
    state: taskState(record.place),
    ...(reason !== undefined && { reason }),
    ...(waitUntil !== undefined && { waitUntil }),
    ...(outcome !== undefined && { outcome }),
    calls,
    ...(ref !== undefined && { liveCall: ref }),
    ...(payload === undefined && { redacted: true }),
  }
}
