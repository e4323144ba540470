import { Worker } from 'bullmq'
import type { Carrier } from 'outdial'
import { digits } from '../support/format.js'
import { instantCarrier } from '../support/instant-carrier.js'
import { allOf, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { beeQueue } from './subjects/bee-queue.js'
import { bullQueue } from './subjects/bullmq.js'
import { campaign, openEngine } from './subjects/engine.js'
import { corpus, type Person } from './support/corpus.js'
import { startRedis } from './support/redis-server.js'

/** Nothing is under way when a campaign is made. */
const IDLE = 10
const WARM_UP = 10

/** Someone who is asked to call a person, and tells when it has begun. */
interface Caller {
  create(person: Person): Promise<unknown>
  close(): Promise<void>
}

/** From the creation of a campaign of one, by a process's engine that dials nothing, to the request at another's carrier. */
export async function run({ short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus((short ? 10 : 300) + WARM_UP)
    const bell = new Bell()
    const callers: Record<'ours' | 'bull' | 'bee', Caller> = {
      ours: await ours(server.port, bell),
      bull: await bull(server.port, bell),
      bee: await bee(server.port, bell),
    }
    const took: Record<keyof typeof callers, number[]> = { ours: [], bull: [], bee: [] }
    const created: number[] = []
    for (const [i, person] of people.entries()) {
      for (const name of ['ours', 'bull', 'bee'] as const) {
        await new Promise((resolve) => setTimeout(resolve, IDLE))
        const rung = bell.next()
        const from = performance.now()
        await callers[name].create(person)
        if (i >= WARM_UP && name === 'ours') created.push(performance.now() - from)
        const at = await rung
        if (i >= WARM_UP) took[name].push(at - from)
      }
    }
    for (const caller of Object.values(callers)) await caller.close()
    const told = (name: keyof typeof took) => `${digits(at(took[name], 0.5))} / ${digits(at(took[name], 0.99))} ms`
    return {
      latency: allOf(
        'less',
        { p50: { value: at(took.ours, 0.5), goal: 3 }, p99: { value: at(took.ours, 0.99), goal: 10 } },
        {
          unit: 'ms from the creation of a campaign to its first dial, idle',
          details: {
            times: took.ours.length,
            p50: at(took.ours, 0.5),
            p99: at(took.ours, 0.99),
            max: at(took.ours, 1),
          },
          notes: [
            `until the campaign is created, in four steps of its own: p50 ${digits(at(created, 0.5))} ms`,
            `p50 / p99 of BullMQ ${told('bull')}, of bee-queue ${told('bee')}, from adding a job to its processor`,
          ],
        },
      ),
    }
  } finally {
    await server.stop()
  }
}

async function ours(port: number, bell: Bell): Promise<Caller> {
  const maker = await openEngine(port, { dials: false })
  const worker = await openEngine(port, { carrier: ringing(bell) })
  await maker.engine.start()
  await worker.engine.start()
  return {
    create: (person) => campaign(maker.engine, [person]),
    async close() {
      await maker.close()
      await worker.close()
    },
  }
}

async function bull(port: number, bell: Bell): Promise<Caller> {
  const { queue, connection, close } = bullQueue(port)
  const worker = new Worker(queue.name, async () => bell.ring(), { connection })
  await worker.waitUntilReady()
  return {
    create: (person) => queue.add('call', person),
    async close() {
      await worker.close()
      await close()
    },
  }
}

async function bee(port: number, bell: Bell): Promise<Caller> {
  const { queue, close } = await beeQueue(port)
  queue.process(async () => bell.ring())
  return { create: (person) => queue.createJob(person).save(), close }
}

/** A carrier that rings the bell when it is asked for a call. */
function ringing(bell: Bell): Carrier {
  const carrier = instantCarrier()
  return {
    ...carrier,
    place(attempt) {
      bell.ring()
      return carrier.place(attempt)
    },
  }
}

/** Rung once for everyone who waits. */
class Bell {
  #rung: ((at: number) => void) | undefined

  next(): Promise<number> {
    return new Promise((resolve) => {
      this.#rung = resolve
    })
  }

  ring(): void {
    this.#rung?.(performance.now())
  }
}

function at(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
}
