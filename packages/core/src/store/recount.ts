import type { Counts } from '../ports/storage-jobs.js'
import type { Recount } from '../ports/storage-read.js'
import { PLACES } from './places.js'
import type { JobEntry } from './records.js'
import { placeOf } from './views.js'
import type { Workspace } from './workspace.js'

/** Counts a job from its tasks and live attempts, without looking at a counter. */
export function recount(ws: Workspace, job: JobEntry): Recount {
  const tasks = ws.tasks(job)
  const { total } = job.counts
  const counts = Object.fromEntries([['total', total], ...PLACES.map((place) => [place, 0])]) as unknown as Counts
  const reasons: Record<string, number> = {}
  const holds: Record<string, number> = {}
  const hold = (key: string, n: number) => {
    holds[key] = (holds[key] ?? 0) + n
  }
  for (let index = 0; index < total; index++) {
    const place = placeOf(job, tasks, index)
    counts[place]++
    if (place === 'claimed' || place === 'active' || place === 'unknown') {
      for (const gate of job.gates) hold(gate.slots, 1)
      const ref = tasks.ref(index)
      for (const { kind, key, n } of (ref && ws.live(ref)?.held) || []) {
        if (kind === 'slots' || kind === 'money') hold(key, n)
      }
    }
    if (PLACES.indexOf(place) >= 5) {
      const label = `${place}/${tasks.reason(index) ?? job.sweep?.reason}`
      reasons[label] = (reasons[label] ?? 0) + 1
    }
  }
  return { counts, reasons, holds, outcomes: { ...job.outcomes } }
}
