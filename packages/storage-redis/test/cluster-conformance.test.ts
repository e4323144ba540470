import { defineConformance, runConformance } from '@outdial/conformance'
import { beforeAll, describe, expect, it } from 'vitest'
import { redisHarness, rulesOf } from './support/harness.js'
import { type RedisCluster, redisCluster } from './support/redis-cluster.js'

/** One for stores that come and go, and one whose nodes are killed and put back, with everything on disk. */
let shared: RedisCluster
let durable: RedisCluster

beforeAll(async () => {
  shared = await redisCluster()
  durable = await redisCluster({ persistent: true })
}, 60_000)

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  redisHarness(() => shared, { clock: 'given' }),
  { runs: Number(process.env.MODEL_RUNS ?? 3) },
)

it('should keep the rules of stores that survive crashes, too', { timeout: 600_000 }, async () => {
  const rules = rulesOf('durable')
  const harness = redisHarness(() => durable, { clock: 'given', crashes: true })
  const { levels } = await runConformance(harness, { rules, runs: 1 })
  expect(levels.durable).toMatchObject({ passed: rules.length, failures: [] })
})
