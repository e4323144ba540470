import type { Gate, NewJob, Storage } from '@outdial/core'
import { type MemoryStorageOptions, memoryStorage } from '../../src/index.js'
import { type ManualClock, manualClock } from './manual-clock.js'
import { queued } from './phases.js'

export interface Opened {
  storage: Storage
  clock: ManualClock
}

/** A store with a clock of its own and randomness that is always the same. */
export async function openStore(options: MemoryStorageOptions = {}): Promise<Opened> {
  const clock = manualClock()
  const storage = memoryStorage(options)
  let seed = 1
  const next = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  await storage.open({ clock, random: { next } })
  return { storage, clock }
}

/** The gates the engine gives a job: itself, its organization, its route, everything. */
function gatesOf(id: string, organization: string, route: string): Gate[] {
  return [
    { blocks: 'job', slots: `slots:${id}`, rate: `rate:${id}` },
    { blocks: 'organization', slots: `slots:${organization}`, rate: `rate:${organization}` },
    { blocks: 'route', slots: `slots:${route}`, rate: `rate:${route}` },
    { blocks: 'route', slots: 'slots:everything', rate: 'rate:everything' },
  ]
}

function newJob(part: Partial<NewJob> & { id: string }): NewJob {
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

/** Makes a job with so many tasks, sealed. */
export async function filledJob(
  storage: Storage,
  part: Partial<NewJob> & { id: string },
  tasks: number,
): Promise<void> {
  await storage.createJob(newJob(part))
  await addTasks(storage, part.id, tasks)
}

/** Adds a sealed batch of tasks, chunk by chunk. */
async function addTasks(storage: Storage, jobId: string, tasks: number, key = 'batch'): Promise<void> {
  await storage.openBatch(jobId, key, key)
  const lane = { lane: 0, name: '', priority: 0, open: null }
  for (let seq = 0, done = 0; done < tasks; seq++) {
    const size = Math.min(10_000, tasks - done)
    const chunk = Array.from({ length: size }, (_, i) => ({ payload: String(done + i) }))
    await storage.stage(jobId, key, { seq, lane, tasks: chunk })
    done += size
  }
  await storage.seal(jobId, key, tasks, '')
}
