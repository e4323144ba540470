import { runConformance, SPECIFICATION } from '@outdial/conformance'
import { expect, it } from 'vitest'
import { redisHarness } from './support/harness.js'
import { redisCluster } from './support/redis-cluster.js'
import { redisServer } from './support/redis-server.js'

/** What a store in one piece promises, and one in shards nearly. */
const NEARLY = [
  // In the order in which they were made: those of one organization. Others come shard by shard.
  'S-145',
  // By weight among organizations, to within a turn: those of one shard. Shards share by what their organizations weigh,
  // and each process keeps count for itself.
  'S-170',
]

const rules = SPECIFICATION.flatMap((area) => area.rules).flatMap(({ id, level }) =>
  level === 'durable' || NEARLY.includes(id) ? [] : [id],
)
const runs = Number(process.env.MODEL_RUNS ?? 3)

it('should keep the rules in three shards on one server', { timeout: 600_000 }, async () => {
  const server = await redisServer()
  const { levels } = await runConformance(
    redisHarness(() => server, { clock: 'given', storage: { shards: 3 } }),
    { rules, runs },
  )
  expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
})

it('should keep the rules in three shards on a Cluster of three nodes', { timeout: 600_000 }, async () => {
  const cluster = await redisCluster()
  const { levels } = await runConformance(
    redisHarness(() => cluster, { clock: 'given', storage: { shards: 3 } }),
    { rules, runs },
  )
  expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
})

it('should keep the rules of stores that survive crashes in three shards', { timeout: 600_000 }, async () => {
  const durable = SPECIFICATION.flatMap((area) => area.rules).filter(({ level }) => level === 'durable')
  const server = await redisServer({ persistent: true })
  const { levels } = await runConformance(
    redisHarness(() => server, { clock: 'given', crashes: true, storage: { shards: 3 } }),
    { rules: durable.map(({ id }) => id), runs },
  )
  expect(levels.durable).toMatchObject({ passed: durable.length, failures: [] })
})
