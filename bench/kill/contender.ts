import { Queue } from 'bullmq'
import { createEngine, type Outcome, simulatedCarrier } from 'outdial'
import { rows } from '../redis/subjects/engine.js'
import { openStore } from '../redis/subjects/outdial-store.js'
import type { Person } from '../redis/support/corpus.js'
import { FROM, LIMITS, QUEUE } from './assignment.js'

/** Somebody who has people called, as the conductor sees it. */
export interface Contender {
  readonly name: string
  /** What its workers are started as. */
  readonly role: string
  readonly maxStalledCount?: number
  load(port: number, people: readonly Person[], concurrency: number): Promise<Loaded>
}

/** A list of people who are to be called once. */
export interface Loaded {
  /** Whether nothing is left to do, by its own account. */
  over(): Promise<boolean>
  /** How each call ended, by number; absent when it cannot say. */
  outcomes(): Promise<Map<string, Outcome>>
  close(): Promise<void>
}

const PAGE = 1000

export const OUTDIAL: Contender = {
  name: 'Outdial',
  role: 'outdial-worker',
  async load(port, people, concurrency) {
    const { storage, close } = await openStore(port)
    const engine = createEngine({ storage, carriers: { sim: simulatedCarrier() }, dial: [] })
    const job = await engine.calls.create({
      name: 'Calls',
      carrier: 'sim',
      from: FROM,
      contacts: rows(people),
      concurrency,
      ...LIMITS,
      start: 'now',
    })
    return {
      over: async () => (await storage.getJob(job.id))?.endedAt !== undefined,
      async outcomes() {
        const found = new Map<string, Outcome>()
        const { items } = await storage.scanTasks(job.id, { max: people.length })
        for (const { payload = '{}', results } of items) {
          const { outcome } = JSON.parse(results.at(-1) ?? '{}') as { outcome?: Outcome }
          if (outcome !== undefined && outcome !== 'outcome_unknown') {
            found.set((JSON.parse(payload) as Person).phone, outcome)
          }
        }
        return found
      },
      async close() {
        await engine.stop()
        await close()
      },
    }
  },
}

/** As its defaults are: a job whose worker is gone is run again, once. */
export const BULLMQ: Contender = { name: 'BullMQ', role: 'bull-worker', load: loadBull }
/** As careful as it can be: a job whose worker is gone has failed. */
export const CAREFUL_BULLMQ: Contender = { ...BULLMQ, name: 'BullMQ, maxStalledCount 0', maxStalledCount: 0 }

async function loadBull(port: number, people: readonly Person[]): Promise<Loaded> {
  const queue = new Queue<Person, Outcome>(QUEUE, { connection: { host: '127.0.0.1', port } })
  for (let i = 0; i < people.length; i += PAGE) {
    await queue.addBulk(people.slice(i, i + PAGE).map((data) => ({ name: 'call', data })))
  }
  return {
    async over() {
      const counts = await queue.getJobCounts('completed', 'failed')
      return (counts.completed ?? 0) + (counts.failed ?? 0) === people.length
    },
    async outcomes() {
      const found = new Map<string, Outcome>()
      for (const { data, returnvalue } of await queue.getJobs(['completed'])) found.set(data.phone, returnvalue)
      return found
    },
    close: () => queue.close(),
  }
}
