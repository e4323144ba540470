import type { Call, CallTask } from '../events/event-map.js'
import type { JobContext, CallSpec } from '../jobs/spec.js'
import { type CallState, RANK } from '../lifecycle/call.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { CallHandle } from '../ports/carrier.js'
import type { Contact } from '../ports/contacts.js'
import type { LiveRecord } from '../ports/storage-exchange.js'
import type { AttemptMemo } from './memo.js'

/** A call as this worker knows it between its fence and its end. */
export interface LiveCall {
  readonly ref: string
  readonly job: JobContext<CallSpec>
  readonly task: CallTask
  readonly contact: Contact
  readonly attempt: number
  readonly from: string
  readonly fencedAt: number
  readonly startBy: number
  readonly memo: AttemptMemo
  state: CallState
  /** Rank of the strongest evidence; does not fall when the call becomes unknown. */
  rank: number
  callId?: string
  answeredAt?: number
  /** Its end has been reported and awaits the store's word. */
  closing: boolean
}

/** How a call ended, for its record. */
export interface CallEnd {
  placed: boolean
  outcome?: Outcome
  endedAt: number
  duration?: number
  cost?: number
  raw?: Readonly<Record<string, string | number>>
}

/** What is kept of an ended call: the task's result of one attempt, and the `Call` that users read. */
export type CallRecord = Call & { decision?: AttemptMemo['decision'] }

/** The contact of a payload, as events and carriers see it. */
export function callTask(job: JobContext, index: number, contact: Contact & { row?: number }): CallTask {
  const { phone, variables, externalId, row } = contact
  return {
    jobId: job.id,
    organization: job.organization,
    index,
    phone,
    variables,
    ...(externalId !== undefined && { externalId }),
    ...(row !== undefined && { row }),
  }
}

/** A call taken up from the store: after a crash, or because its webhook came here. */
export function reviveCall(job: JobContext<CallSpec>, record: LiveRecord): LiveCall {
  const contact = JSON.parse(record.payload) as Contact
  const memo = JSON.parse(record.memo) as AttemptMemo
  return {
    ref: record.ref,
    job,
    task: callTask(job, record.index, contact),
    contact,
    attempt: record.attempt,
    from: memo.from[Math.max(0, record.choice)] ?? '',
    fencedAt: record.fencedAt,
    startBy: record.startBy,
    memo,
    state: record.unknown ? 'unknown' : (record.state as CallState),
    rank: record.rank,
    ...(memo.callId !== undefined && { callId: memo.callId }),
    ...(memo.answeredAt !== undefined && { answeredAt: memo.answeredAt }),
    closing: false,
  }
}

/** The call as it is now. */
export function callView(live: LiveCall, state: CallState = live.state, end?: CallEnd): Call {
  const { ref, attempt, from, fencedAt } = live
  return {
    ref,
    attempt,
    from,
    to: live.task.phone,
    state,
    ...(live.callId !== undefined && { callId: live.callId }),
    fencedAt,
    ...(live.answeredAt !== undefined && { answeredAt: live.answeredAt }),
    ...end,
  }
}

/** The call as carriers are asked about it. */
export function callHandle(live: LiveCall): CallHandle {
  const { ref, from, fencedAt, callId } = live
  return { ref, to: live.task.phone, from, fencedAt, ...(callId !== undefined && { callId }) }
}

/** Whether there has been any sign that the carrier has the call. */
export function wasSeen(live: LiveCall): boolean {
  return live.rank >= RANK.queued
}
