import type { Chunk, Gate, LaneUpdate, NewJob, Storage } from '@outdial/core'
import { queued } from './phases.js'

/** A lane that is always open. */
export const LANE: LaneUpdate = { lane: 0, name: '', priority: 0, open: null }

/** The gates the engine gives a job: itself, its organization, its route, everything. */
export function gatesOf(id: string, organization: string, route: string): Gate[] {
  return [
    { blocks: 'job', slots: `slots:${id}`, rate: `rate:${id}` },
    { blocks: 'organization', slots: `slots:${organization}`, rate: `rate:${organization}` },
    { blocks: 'route', slots: `slots:${route}`, rate: `rate:${route}` },
    { blocks: 'route', slots: 'slots:everything', rate: 'rate:everything' },
  ]
}

export function newJob(part: Partial<NewJob> & { id: string }): NewJob {
  const { id, organization = 'acme', route = 'r1' } = part
  return {
    organization,
    route,
    spec: 'spec',
    weight: 1,
    organizationWeight: 1,
    gates: gatesOf(id, organization, route),
    limits: [],
    dedupe: false,
    phase: queued,
    timers: {},
    ...part,
  }
}

/** Makes a job with so many tasks, sealed. Their payloads are `0`, `1`, … */
export async function filledJob(
  storage: Storage,
  part: Partial<NewJob> & { id: string },
  tasks: number,
): Promise<void> {
  await storage.createJob(newJob(part))
  await addTasks(storage, part.id, tasks)
}

/** Adds a sealed batch of tasks, chunk by chunk. */
export async function addTasks(storage: Storage, jobId: string, tasks: number, key = 'batch'): Promise<void> {
  await storage.openBatch(jobId, key, key)
  for (let seq = 0, done = 0; done < tasks; seq++) {
    const size = Math.min(1000, tasks - done)
    const chunk = Array.from({ length: size }, (_, i) => ({ payload: String(done + i) }))
    await storage.stage(jobId, key, { seq, lane: LANE, tasks: chunk })
    done += size
  }
  await storage.seal(jobId, key, tasks, '')
}

/** A chunk of tasks with these dedup keys. */
export function chunk(seq: number, keys: readonly string[], lane = 0): Chunk {
  return {
    seq,
    lane: { lane, name: `lane ${lane}`, priority: lane, open: null },
    tasks: keys.map((key) => ({ key, payload: `payload of ${key}` })),
  }
}
