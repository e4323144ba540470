import { digits } from '../support/format.js'
import { allOf, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { bullQueue, drainBull } from './subjects/bullmq.js'
import { dialAll } from './subjects/dialer.js'
import { createJob, loadTasks, openStore } from './subjects/outdial-store.js'
import { corpus, type Person } from './support/corpus.js'
import { type RedisServer, startRedis } from './support/redis-server.js'

const ORGANIZATIONS = 9
const CONCURRENCY = 100

/** Nine organizations that all have more to do than is done: what each gets, by its weight. */
export async function run({ tasks, short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    // A turn is 32 starts: among few, whose turn it just was decides.
    const people = corpus(short ? tasks : Math.max(tasks, ORGANIZATIONS * 1000))
    const equal = await starts(server, people, () => 1)
    const unequal = await starts(server, people, (organization) => organization + 1)
    const bull = await bullStarts(server, people)
    return {
      fairness: allOf(
        'more',
        {
          'equal weights': { value: jain(equal, () => 1), goal: 0.99 },
          'weights 1 to 9': { value: jain(unequal, (organization) => organization + 1), goal: 0.99 },
        },
        {
          unit: "Jain's index of starts divided by weight, 9 organizations with a backlog",
          details: { contacts: people.length, equal, unequal, bull },
          notes: [
            `starts with equal weights: ${equal.map(digits).join(', ')}; with weights 1 to 9: ` +
              unequal.map(digits).join(', '),
            `BullMQ, one queue, jobs added one organization after the other: ${digits(jain(bull, () => 1))}`,
          ],
        },
      ),
    }
  } finally {
    await server.stop()
  }
}

/** Starts of each organization until the first of them has nobody left to call. */
async function starts(
  server: RedisServer,
  people: readonly Person[],
  weight: (organization: number) => number,
): Promise<number[]> {
  await server.empty()
  const { storage, close } = await openStore(server.port)
  const size = Math.floor(people.length / ORGANIZATIONS)
  const jobs = []
  for (let n = 0; n < ORGANIZATIONS; n++) {
    const job = { id: `job${n}`, organization: `org${n}` }
    await createJob(storage, job.id, job.organization, { weight: weight(n) })
    await loadTasks(storage, job.id, people.slice(n * size, (n + 1) * size))
    jobs.push(job)
  }
  const tally = new Tally(size)
  await dialAll(
    storage,
    { jobs, tasks: size * ORGANIZATIONS },
    {
      concurrency: CONCURRENCY,
      channels: 1,
      onStart: (organization) => tally.add(Number(organization.slice(3))),
    },
  )
  await close()
  return tally.starts
}

async function bullStarts(server: RedisServer, people: readonly Person[]): Promise<number[]> {
  await server.empty()
  const bull = bullQueue(server.port)
  const size = Math.floor(people.length / ORGANIZATIONS)
  const all = people.slice(0, size * ORGANIZATIONS)
  await bull.load(all)
  const tally = new Tally(size)
  const perform = async ({ row }: Person) => tally.add(Math.floor((row - 1) / size))
  await drainBull(bull, all.length, { concurrency: CONCURRENCY, perform })
  await bull.close()
  return tally.starts
}

/** Counts until one of them has had all it wants. */
class Tally {
  readonly starts: number[] = new Array<number>(ORGANIZATIONS).fill(0)
  readonly #each: number
  #over = false

  constructor(each: number) {
    this.#each = each
  }

  add(organization: number): void {
    if (this.#over) return
    const had = (this.starts[organization] as number) + 1
    this.starts[organization] = had
    this.#over = had === this.#each
  }
}

/** 1 when everybody has the same by weight, 1/n when one has everything. */
function jain(starts: readonly number[], weight: (organization: number) => number): number {
  const shares = starts.map((had, organization) => had / weight(organization))
  const sum = shares.reduce((a, b) => a + b, 0)
  return sum ** 2 / (shares.length * shares.reduce((a, b) => a + b * b, 0))
}
