import type { Storage } from '@outdial/core'
import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { manualClock } from '../../conformance/src/support/manual-clock.js'
import { memoryStorage } from '../../outdial/src/index.js'
import { RedisStorage } from '../src/redis-storage.js'
import { GIVEN_CLOCK } from './support/given-clock.lua.js'
import { redisServer } from './support/redis-server.js'
import { host } from './support/store-on.js'

const CLIENTS = 3
/** Few enough to come again and again; some look alike. */
const KEYS = ['1', '12025550100', '12025550101', '99912025550101', '112025550101', '999999999', '1999999999']
const LOST = 'Connection is closed.'

const client = fc.nat({ max: CLIENTS - 1 })
const batch = fc.constantFrom('b1', 'b1', 'b1', 'b2')
/** A command that does not arrive, or of which the answer does not: the first, second or third. */
const fault = fc.option(
  fc.record({ when: fc.constantFrom('before' as const, 'after' as const), at: fc.constantFrom(1, 2, 3) }),
  { freq: 3 },
)
/** Who does it; and who does it once more when that failed. */
const by = { client, again: client, fault }
const tasks = fc.array(
  fc.record({ key: fc.option(fc.constantFrom(...KEYS), { freq: 6, nil: undefined }), wait: fc.boolean() }),
  { maxLength: 7 },
)
const command = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const), ...by }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('open' as const), batch, key: fc.constantFrom('k1', 'k2'), ...by }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('stage' as const),
      batch,
      tasks,
      skip: fc.constantFrom(0, 0, 0, 0, -1, 1),
      ...by,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('seal' as const), batch, wrong: fc.constantFrom(0, 0, 0, 1), ...by }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('discard' as const), batch, ...by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never
type Done = Exclude<Command, { do: 'wait' }>

/** A connection that loses what it is told to lose. */
function lossy(client: Redis) {
  const told: { fault: { when: 'before' | 'after'; at: number } | null } = { fault: null }
  const through = new Proxy(client, {
    get(target, name) {
      if (name !== 'callBuffer') return Reflect.get(target, name, target)
      return async (...command: Parameters<typeof target.callBuffer>) => {
        const { fault } = told
        const hit = fault !== null && --fault.at === 0
        if (hit && fault.when === 'before') throw new Error(LOST)
        const reply = await target.callBuffer(...command)
        if (hit) throw new Error(LOST)
        return reply
      }
    },
  })
  return { told, through }
}

/** What was said of chunks: one that is sent again is the same. */
class Told {
  readonly #chunks: Map<string, { key?: string; payload: string; notBefore?: number }[]> = new Map()
  #payloads = 0
  /** Of the batch that is open: its next chunk, and how many tasks it has. */
  next = 0
  accepted = 0

  opened(): void {
    this.next = 0
    this.accepted = 0
    this.#chunks.clear()
  }

  chunk(batch: string, seq: number, wanted: readonly { key?: string | undefined; wait: boolean }[], now: number) {
    const name = `${batch}:${seq}`
    let tasks = this.#chunks.get(name)
    if (!tasks) {
      tasks = wanted.map(({ key, wait }) => ({
        payload: `payload ${this.#payloads++}`,
        ...(key !== undefined && { key }),
        ...(wait && { notBefore: now + 5000 }),
      }))
      this.#chunks.set(name, tasks)
    }
    return { seq, lane: LANE, tasks }
  }
}

async function answer(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    if ((error as Error).message === LOST) throw error
    return { code: (error as { code?: string }).code ?? String(error) }
  }
}

function say(
  storage: Storage,
  one: Done,
  chunk: ReturnType<Told['chunk']> | undefined,
  expected: number,
): Promise<unknown> {
  switch (one.do) {
    case 'create':
      return storage.createJob(newJob({ id: 'a', dedupe: true })).then(({ replayed }) => replayed)
    case 'open':
      return storage.openBatch('a', one.batch, one.key)
    case 'stage':
      return storage.stage('a', one.batch, chunk as ReturnType<Told['chunk']>)
    case 'seal':
      return storage.seal('a', one.batch, expected, 'memo')
    case 'discard':
      return storage.discard('a', one.batch)
  }
}

/** All that is there of the job. */
async function seen(storage: Storage) {
  const job = await storage.getJob('a')
  if (!job) return undefined
  const { items } = await storage.scanTasks('a', { max: 1000 })
  return {
    counts: job.counts,
    tasks: items.map(({ index, payload, place, waitUntil }) => [index, payload, place, waitUntil]),
    keys: await Promise.all(KEYS.map((key) => storage.findTask('a', key))),
  }
}

it('takes in what the memory store takes in, whoever adds it and whatever is lost on the way', {
  timeout: 180_000,
}, async () => {
  const server = await redisServer()
  const connection = server.client()
  let stores = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        const clock = manualClock()
        const memory = memoryStorage()
        await memory.open({ ...host, clock })
        const prefix = `intake-${stores++}`
        const clients = Array.from({ length: CLIENTS }, () => {
          const { told, through } = lossy(connection)
          return { told, storage: new RedisStorage({ client: through, prefix }, { givenClock: GIVEN_CLOCK }) }
        })
        for (const { storage } of clients) await storage.open({ ...host, clock })
        const told = new Told()
        await memory.createJob(newJob({ id: 'a', dedupe: true }))
        await clients[0]?.storage.createJob(newJob({ id: 'a', dedupe: true }))
        for (const one of commands) {
          if (one.do === 'wait') {
            await clock.advance(61_000)
            continue
          }
          const chunk =
            one.do === 'stage'
              ? told.chunk(one.batch, Math.max(0, told.next + one.skip), one.tasks, clock.now())
              : undefined
          const expected = told.accepted + (one.do === 'seal' ? one.wrong : 0)
          const before =
            one.do === 'open'
              ? await answer(memory.stage('a', one.batch, { seq: -1, lane: LANE, tasks: [] }))
              : undefined
          const wanted = await answer(say(memory, one, chunk, expected))
          const first = clients[one.client] as (typeof clients)[number]
          first.told.fault = one.fault && { ...one.fault }
          let got: unknown
          try {
            got = await answer(say(first.storage, one, chunk, expected))
          } catch {
            got = await answer(say((clients[one.again] as typeof first).storage, one, chunk, expected))
          } finally {
            first.told.fault = null
          }
          // Created once more is created already.
          if (one.do !== 'create') expect(got).toEqual(wanted)
          if (one.do === 'open' && (before as { code?: string }).code !== 'sequence_broken') told.opened()
          if (one.do === 'stage' && chunk?.seq === told.next && wanted && 'accepted' in (wanted as object)) {
            told.next++
            told.accepted += (wanted as { accepted: number }).accepted
          }
          expect(await seen((clients[0] as typeof first).storage)).toEqual(await seen(memory))
        }
        for (const { storage } of clients) await storage.close()
      }),
      { numRuns: 250 },
    )
  } finally {
    connection.disconnect()
  }
})
