import { defineConformance, runConformance } from '@outdial/conformance'
import { beforeAll, describe, expect, it } from 'vitest'
import { redisHarness, rulesOf } from './support/harness.js'
import { type RedisServer, redisServer } from './support/redis-server.js'

/** One for stores that come and go, and one that is killed and put back, with everything on disk. */
let shared: RedisServer
let durable: RedisServer

beforeAll(async () => {
  shared = await redisServer()
  durable = await redisServer({ persistent: true })
})

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  redisHarness(() => shared, { clock: 'given' }),
  { runs: Number(process.env.MODEL_RUNS ?? 5) },
)

it('should keep the rules of stores that survive crashes, too', { timeout: 900_000 }, async () => {
  const rules = rulesOf('durable')
  expect(rules).toContain('S-201')
  const harness = redisHarness(() => durable, { clock: 'given', crashes: true })
  const { levels } = await runConformance(harness, { rules, runs: 3 })
  expect(levels.durable).toMatchObject({ passed: rules.length, failures: [] })
})

it('should keep the rules on the time of the server, which is what it goes by', { timeout: 600_000 }, async () => {
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
  const harness = redisHarness(() => shared, { clock: 'own' })
  const { levels } = await runConformance(harness, { rules })
  expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
})
