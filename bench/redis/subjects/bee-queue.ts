import BeeQueue from 'bee-queue'
import type { Subject } from '../support/contest.js'
import type { Person } from '../support/corpus.js'

/** How many jobs one `saveAll` takes. */
const BULK = 1000

/** A queue of bee-queue without what costs and is not asked for: no events through Redis, no jobs kept in memory. */
export interface Bees {
  readonly queue: BeeQueue<Person>
  load(people: readonly Person[]): Promise<void>
  close(): Promise<void>
}

export async function beeQueue(port: number): Promise<Bees> {
  const redis = { host: '127.0.0.1', port }
  const queue = new BeeQueue<Person>('bench', { redis, getEvents: false, sendEvents: false, storeJobs: false })
  await queue.ready()
  return {
    queue,
    async load(people) {
      for (let i = 0; i < people.length; i += BULK) {
        const errors = await queue.saveAll(people.slice(i, i + BULK).map((person) => queue.createJob(person)))
        if (errors.size > 0) throw new Error(`bee-queue did not take ${errors.size} jobs`)
      }
    },
    close: () => queue.close(0),
  }
}

/** Jobs that do nothing: from the start of the worker until the last has been acknowledged. */
export function beeEmptyJobs(people: readonly Person[], concurrency: number): Subject {
  return async (port) => {
    const bees = await beeQueue(port)
    await bees.load(people)
    return {
      run: () => drainBees(bees, people.length, { concurrency, perform: async () => undefined }),
      close: () => bees.close(),
    }
  }
}

/** Works off so many jobs with one worker. A queue can do it once. */
export async function drainBees(
  { queue }: Bees,
  jobs: number,
  { concurrency, perform }: { concurrency: number; perform: (person: Person) => Promise<unknown> },
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    let done = 0
    queue.on('succeeded', () => {
      if (++done === jobs) resolve()
    })
    queue.on('error', reject)
    queue.process(concurrency, ({ data }) => perform(data))
  })
  return jobs
}
