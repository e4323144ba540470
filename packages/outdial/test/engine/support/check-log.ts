import type { Storage, StoredEvent } from 'outdial'
import type { Complain } from './steps.js'

const ENDS = ['succeeded', 'failed', 'skipped', 'canceled', 'expired'] as const

/** G9: the log of a job has no gap, and replayed from its first entry it gives the counters of now. */
export async function checkLog(store: Storage, jobId: string, complain: Complain): Promise<StoredEvent[]> {
  const job = await store.getJob(jobId)
  if (!job) return []
  const events: StoredEvent[] = []
  for (;;) {
    const page = await store.events(jobId, events.at(-1)?.seq ?? 0, 500)
    if (page.status !== 'ok') return []
    events.push(...page.events)
    if ((events.at(-1)?.seq ?? 0) >= page.last) break
  }
  for (const [i, { seq, at }] of events.entries()) {
    if (seq !== i + 1) complain('G9', `${jobId}: event ${i + 1} has number ${seq}`)
    if (at < (events[i - 1]?.at ?? 0)) complain('G9', `${jobId}: event ${seq} is older than the one before`)
  }
  const { tasks, state } = replay(events)
  const counts = new Map<string, number>()
  for (const place of tasks) counts.set(place, (counts.get(place) ?? 0) + 1)
  const waiting = job.counts.fresh + job.counts.deferred
  const now = { ...job.counts, waiting }
  for (const place of ['waiting', 'claimed', 'active', 'unknown', ...ENDS] as const) {
    if (now[place] !== (counts.get(place) ?? 0)) {
      complain('G9', `${jobId}: replayed ${counts.get(place) ?? 0} ${place}, counted ${now[place]}`)
    }
  }
  if (state !== job.phase.state) complain('G9', `${jobId}: replayed state ${state}, is ${job.phase.state}`)
  return events
}

function replay(events: readonly StoredEvent[]): { tasks: string[]; state: string } {
  const tasks: string[] = []
  let state = ''
  for (const { data } of events) {
    switch (data.type) {
      case 'job':
        state = data.state
        break
      case 'added':
        for (let i = 0; i < data.count; i++) tasks[data.first + i] = 'waiting'
        break
      case 'claimed':
        for (const index of data.indexes) tasks[index] = 'claimed'
        break
      case 'returned':
        tasks[data.index] = 'waiting'
        break
      case 'fenced':
        tasks[data.index] = 'active'
        break
      case 'progress':
        tasks[data.index] = data.state === 'unknown' ? 'unknown' : 'active'
        break
      case 'closed':
        tasks[data.index] = 'waiting'
        break
      case 'ended':
        tasks[data.index] = data.terminal
        break
      case 'swept':
        for (const [i, place] of tasks.entries()) if (place === 'waiting') tasks[i] = data.terminal
        break
      default:
        break
    }
  }
  return { tasks, state }
}
