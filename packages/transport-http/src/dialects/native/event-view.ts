import { formatInstant, type JobLogEntry } from '@outdial/core'
import { jobView, time } from './job-view.js'

/** Instants in entries of the log, by their names there. */
const TIMES = ['at', 'waitUntil', 'startAt', 'retryAt'] as const

/** An entry of a job's event log. */
export function eventView(id: string, entry: JobLogEntry): Record<string, unknown> {
  const view: Record<string, unknown> = { ...entry }
  for (const name of TIMES) {
    const at = view[name]
    if (typeof at !== 'number') continue
    delete view[name]
    // A task that waits for nothing waits until 0.
    if (at > 0) view[name] = formatInstant(at)
  }
  if (entry.type === 'trimmed') view.job = jobView(id, entry.job)
  if (entry.type === 'closed') {
    const { fencedAt, answeredAt, endedAt, ...rest } = entry.result
    view.result = {
      ...rest,
      ...time('fencedAt', fencedAt),
      ...time('answeredAt', answeredAt),
      ...time('endedAt', endedAt),
    }
  }
  if (entry.type === 'note') view.data = JSON.parse(entry.data) as unknown
  return view
}
