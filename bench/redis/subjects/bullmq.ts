import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Subject } from '../support/contest.js'
import type { Person } from '../support/corpus.js'

/** How many jobs one `addBulk` takes. */
const BULK = 1000
const NAME = 'bench'

/** A queue of BullMQ with its own connection. All options are the defaults: finished jobs are kept, a job is tried once. */
export interface BullQueue {
  readonly queue: Queue
  readonly connection: Redis
  load(people: readonly Person[]): Promise<void>
  close(): Promise<void>
}

export function bullQueue(port: number): BullQueue {
  const connection = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection })
  return {
    queue,
    connection,
    async load(people) {
      for (let i = 0; i < people.length; i += BULK) {
        await queue.addBulk(people.slice(i, i + BULK).map((person) => ({ name: 'call', data: person })))
      }
    },
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
}

/** Jobs that do nothing: from the start of the worker until the last has been acknowledged. */
export function bullEmptyJobs(people: readonly Person[], concurrency: number): Subject {
  return async (port) => {
    const bull = bullQueue(port)
    await bull.load(people)
    return {
      run: () => drainBull(bull, people.length, { concurrency, perform: async () => undefined }),
      close: () => bull.close(),
    }
  }
}

/** Works off so many jobs with one worker. */
export async function drainBull(
  { connection }: BullQueue,
  jobs: number,
  { concurrency, perform }: { concurrency: number; perform: (person: Person) => Promise<unknown> },
): Promise<number> {
  const worker = new Worker<Person>(NAME, ({ data }) => perform(data), { connection, concurrency, autorun: false })
  await worker.waitUntilReady()
  await new Promise<void>((resolve, reject) => {
    let done = 0
    worker.on('completed', () => {
      if (++done === jobs) resolve()
    })
    worker.on('failed', (_, error) => reject(error))
    worker.on('error', reject)
    worker.run().catch(reject)
  })
  await worker.close()
  return jobs
}
