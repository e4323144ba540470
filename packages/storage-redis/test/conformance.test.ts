import { defineConformance, type Harness, runConformance, SPECIFICATION } from '@outdial/conformance'
import type { Redis } from 'ioredis'
import { beforeAll, describe, expect, it } from 'vitest'
import { RedisStorage } from '../src/redis-storage.js'
import { GIVEN_CLOCK } from './support/given-clock.lua.js'
import { type RedisServer, redisServer } from './support/redis-server.js'

const EVENTS = 100
/** One for stores that come and go, and one that is killed and put back, with everything on disk. */
let shared: RedisServer
let durable: RedisServer
let stores = 0

beforeAll(async () => {
  shared = await redisServer()
  durable = await redisServer({ persistent: true })
})

/** Stores under prefixes of their own. */
function harness(clock: Harness['clock'], server: () => RedisServer, crashes: boolean): Harness {
  return {
    name: 'redisStorage',
    clock,
    events: EVENTS,
    async create() {
      const prefix = `store-${stores++}`
      const clients: Redis[] = []
      const storages: RedisStorage[] = []
      const another = () => {
        const client = server().client()
        clients.push(client)
        const options = { client, prefix, events: EVENTS, durable: crashes }
        const storage = new RedisStorage(options, clock === 'given' ? { givenClock: GIVEN_CLOCK } : {})
        storages.push(storage)
        return storage
      }
      const cleared = async () => {
        for (const storage of storages.splice(0)) await storage.close()
        for (const client of clients.splice(0)) client.disconnect()
      }
      const again = async (bring: () => Promise<void>) => {
        await cleared()
        await bring()
        return another()
      }
      return {
        storage: another(),
        openSecond: async () => another(),
        ...(crashes && {
          restart: () => again(() => server().restart()),
          mark: async () => server().mark(),
          rollback: () => again(() => server().rollback()),
        }),
        async destroy() {
          if (crashes) await clients[0]?.flushall()
          await cleared()
        },
      }
    },
  }
}

const named = (of: (rule: { id: string; level: string }) => boolean) =>
  SPECIFICATION.flatMap((area) => area.rules).flatMap((rule) => (of(rule) ? [rule.id] : []))

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  harness('given', () => shared, false),
  { runs: Number(process.env.MODEL_RUNS ?? 5) },
)

it('should keep the rules of stores that survive crashes, too', { timeout: 300_000 }, async () => {
  const rules = named(({ level }) => level === 'durable')
  expect(rules).toContain('S-201')
  const { levels } = await runConformance(
    harness('given', () => durable, true),
    { rules, runs: 3 },
  )
  expect(levels.durable).toMatchObject({ passed: rules.length, failures: [] })
})

it('should keep the rules on the time of the server, which is what it goes by', { timeout: 300_000 }, async () => {
  const rules = [
    'S-040',
    'S-042',
    'S-047',
    'S-051',
    'S-064',
    'S-076',
    'S-125',
    'S-126',
    'S-130',
    'S-135',
    'S-165',
    'S-185',
  ]
  const { levels } = await runConformance(
    harness('own', () => shared, false),
    { rules },
  )
  expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
})
