import type { CallRecord } from '../calls/live-call.js'
import type { StoredEvent, StoredEventData } from '../ports/storage-read.js'
import type { JobSnapshot } from './snapshot.js'

/**
 * An entry of a job's event log: what the store wrote in the same step as the change. `seq` goes up by one; give the last
 * one you have seen to read on after it. `trimmed` stands for entries that the store no longer keeps: with a snapshot of
 * the job, from which to go on.
 */
export type JobLogEntry = { seq: number; at: number } & (
  | Exclude<StoredEventData, { type: 'closed' | 'fenced' | 'progress' }>
  | { type: 'fenced'; index: number; ref: string; startAt: number; decision?: unknown }
  | { type: 'progress'; index: number; ref: string; state: string }
  | {
      type: 'closed'
      index: number
      ref: string
      placed: boolean
      outcome: string
      result: CallRecord
      waitUntil?: number
    }
  | { type: 'trimmed'; oldest: number; job: JobSnapshot }
)

/** An entry for users: what the store keeps as text is read. */
export function logEntry({ seq, at, data }: StoredEvent): JobLogEntry {
  if (data.type === 'closed') {
    return { seq, at, ...data, result: JSON.parse(data.result === '' ? '{}' : data.result) as CallRecord }
  }
  if (data.type === 'fenced') {
    const { index, ref, startAt, memo } = data
    const { decision } = JSON.parse(memo === '' ? '{}' : memo) as { decision?: unknown }
    return { seq, at, type: 'fenced', index, ref, startAt, ...(decision !== undefined && { decision }) }
  }
  if (data.type === 'progress') {
    const { index, ref, state } = data
    return { seq, at, type: 'progress', index, ref, state }
  }
  return { seq, at, ...data }
}
