import type { CallRecord, CallTaskSnapshot, OperationItem, Reported } from '@outdial/core'
import { time } from './job-view.js'

/** A call that has ended. `job` is what clients know the job by. */
export function callView(job: string, task: number, record: CallRecord): Record<string, unknown> {
  // By what its cost was reckoned is the operator's business.
  const { fencedAt, answeredAt, endedAt, terms: _, ...rest } = record
  return {
    ...rest,
    job,
    task,
    ...time('fencedAt', fencedAt),
    ...time('answeredAt', answeredAt),
    ...time('endedAt', endedAt),
  }
}

/** A call whose end is not known: its contact says whether it is in doubt. */
export function liveCallView(job: string, { index, phone }: CallTaskSnapshot, ref: string): Record<string, unknown> {
  return { ref, job, task: index, to: phone, state: 'live' }
}

/** Every call of a contact, oldest first. */
export function callsView(job: string, task: CallTaskSnapshot): Record<string, unknown>[] {
  const ended = task.calls.map((record) => callView(job, task.index, record))
  return task.liveCall === undefined ? ended : [...ended, liveCallView(job, task, task.liveCall)]
}

/** A contact of a job. */
export function taskView(job: string, snapshot: CallTaskSnapshot): Record<string, unknown> {
  const { jobId: _, organization: __, waitUntil, calls, ...rest } = snapshot
  return {
    ...rest,
    job,
    ...time('waitUntil', waitUntil),
    calls: calls.map((record) => callView(job, snapshot.index, record)),
  }
}

/** What came of an agent's report. */
export function reportedView({ callback, ...rest }: Reported): Record<string, unknown> {
  if (callback?.status !== 'scheduled') return { ...rest, ...(callback && { callback }) }
  return { ...rest, callback: { status: callback.status, ...time('at', callback.at) } }
}

/** An item of an operations job. */
export function itemView(job: string, item: OperationItem): Record<string, unknown> {
  const { jobId: _, organization: __, waitUntil, ...rest } = item
  return { ...rest, job, ...time('waitUntil', waitUntil) }
}
