import { defineConformance } from '@outdial/conformance'
import { beforeAll, describe, it } from 'vitest'
import { redisHarness } from './support/harness.js'
import { type RedisServer, redisServer } from './support/redis-server.js'

let server: RedisServer
beforeAll(async () => {
  server = await redisServer()
})

defineConformance(
  { describe, it: (name, test) => it(name, { timeout: 180_000 }, test) },
  redisHarness(() => server, { clock: 'given', storage: { shards: 3 } }),
  { runs: Number(process.env.MODEL_RUNS ?? 3) },
)
