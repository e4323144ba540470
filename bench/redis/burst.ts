import { Worker } from 'bullmq'
import type { Carrier } from 'outdial'
import { digits } from '../support/format.js'
import { instantCarrier } from '../support/instant-carrier.js'
import { spread } from '../support/measure.js'
import { allOf, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { bullQueue } from './subjects/bullmq.js'
import { campaign, openEngine, rows } from './subjects/engine.js'
import { corpus, type Person } from './support/corpus.js'
import { startRedis } from './support/redis-server.js'

/** Starts a second that are asked for. */
const CPS = 10
const WORKERS = 2
/** Somebody is called, and shortly before the second is over there are many more: so many milliseconds later. */
const PAUSES = [880, 920, 950, 980]
const CONTACTS = 25

/** Ten starts a second are allowed: how many a carrier sees at once, when contacts come in at a bad moment. */
export async function run({ short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(CONTACTS)
    const tries: { ours: number[]; bull: number[] }[] = []
    for (const pause of short ? PAUSES.slice(-1) : PAUSES) {
      await server.empty()
      const both = [outdialStarts(server.port, people, pause), bullStarts(server.port, people, pause)] as const
      const [ours, bull] = await Promise.all(both)
      tries.push({ ours, bull })
    }
    const worst = (of: 'ours' | 'bull', window: number) => Math.max(...tries.map((times) => most(times[of], window)))
    const seconds = (of: 'ours' | 'bull') => spread(tries.map((times) => lasted(times[of]))).median
    return {
      burst: allOf(
        'less',
        {
          'in 100 ms': { value: worst('ours', 100), goal: 2 },
          'in a second': { value: worst('ours', 1000), goal: CPS + 1 },
        },
        {
          unit: `starts at the carrier, at most, ${CPS} a second allowed, ${WORKERS} workers`,
          details: { contacts: people.length, pauses: PAUSES, tries },
          notes: [
            `BullMQ with limiter { max: ${CPS}, duration: 1000 }: ${worst('bull', 100)} in 100 ms, ${worst('bull', 1000)} in a second`,
            `for ${digits(people.length)} calls Outdial took ${digits(seconds('ours'))} s, BullMQ ${digits(seconds('bull'))} s`,
            'bee-queue has no limit of this kind',
          ],
        },
      ),
    }
  } finally {
    await server.stop()
  }
}

/** When each call was placed, in milliseconds. */
async function outdialStarts(port: number, people: readonly Person[], pause: number): Promise<number[]> {
  const starts = new Starts(people.length)
  const workers = []
  for (let n = 0; n < WORKERS; n++) workers.push(await openEngine(port, { carrier: noting(starts) }))
  const [{ engine }] = workers as [(typeof workers)[0]]
  const job = await campaign(engine, people.slice(0, 1), { cps: CPS, keepOpen: true })
  for (const worker of workers) await worker.engine.start()
  await starts.first
  await new Promise((resolve) => setTimeout(resolve, pause))
  await job.append([...rows(people.slice(1))])
  await starts.all
  for (const worker of workers) await worker.close()
  return starts.times
}

async function bullStarts(port: number, people: readonly Person[], pause: number): Promise<number[]> {
  const starts = new Starts(people.length)
  const bull = bullQueue(port)
  const { connection } = bull
  const options = { connection, concurrency: 50, limiter: { max: CPS, duration: 1000 } }
  const workers = Array.from({ length: WORKERS }, () => {
    return new Worker(bull.queue.name, async () => starts.note(), options).on('error', (error) => starts.fail(error))
  })
  await bull.load(people.slice(0, 1))
  await starts.first
  await new Promise((resolve) => setTimeout(resolve, pause))
  await bull.load(people.slice(1))
  await starts.all
  for (const worker of workers) await worker.close()
  await bull.close()
  return starts.times
}

/** A carrier that notes when it is asked for a call. */
function noting(starts: Starts): Carrier {
  const carrier = instantCarrier()
  return {
    ...carrier,
    place(attempt) {
      starts.note()
      return carrier.place(attempt)
    },
  }
}

class Starts {
  readonly times: number[] = []
  readonly first: Promise<void>
  readonly all: Promise<void>
  readonly #expected: number
  #begun!: () => void
  #done!: () => void
  #fail!: (error: unknown) => void

  constructor(expected: number) {
    this.#expected = expected
    this.first = new Promise((resolve) => {
      this.#begun = resolve
    })
    this.all = new Promise((resolve, reject) => {
      this.#done = resolve
      this.#fail = reject
    })
  }

  note(): void {
    this.times.push(performance.now())
    this.#begun()
    if (this.times.length === this.#expected) this.#done()
  }

  fail(error: unknown): void {
    this.#fail(error)
  }
}

/** The most that lie in any window of this length. */
function most(times: readonly number[], window: number): number {
  let from = 0
  let found = 0
  for (const [i, at] of times.entries()) {
    while (at - (times[from] as number) >= window) from++
    found = Math.max(found, i - from + 1)
  }
  return found
}

function lasted(times: readonly number[]): number {
  return ((times.at(-1) as number) - (times[0] as number)) / 1000
}
