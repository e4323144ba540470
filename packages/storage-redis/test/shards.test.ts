import { isOutdialError } from '@outdial/core'
import { afterEach, expect, it } from 'vitest'
import { newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until } from '../../outdial/test/processes/workers.js'
import { calledTwice, maxLive, placements } from '../../simulation/src/index.js'
import { redisStorage } from '../src/index.js'
import { carrierWithLedger } from './support/carrier.js'
import { redisCluster } from './support/redis-cluster.js'
import { redisServer } from './support/redis-server.js'
import { worker } from './support/worker.js'

const PEOPLE = 240
const AT_ONCE = 12
const host = { clock: realClock, random: { next: () => Math.random() } }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

it('should call nobody twice, lose nobody and exceed no limit over shards on three nodes, whoever is killed', {
  timeout: 180_000,
}, async () => {
  const cluster = await redisCluster({ persistent: true })
  const where = {
    cluster: cluster.nodes.map(({ server }) => server.port),
    storage: { shards: 3 },
    campaigns: { organizations: 6, atOnce: AT_ONCE },
  }
  const { carrier, ledger, called } = await carrierWithLedger('sharded.jsonl', 15)
  const steady = worker(where, carrier.url, await freePort(), PEOPLE)
  const port = await freePort()
  for (const after of [30, 80, 130]) {
    const { child, ended } = worker(where, carrier.url, port, PEOPLE)
    await until(() => called() >= after || child.exitCode !== null)
    child.kill('SIGKILL')
    await ended
  }
  const back = worker(where, carrier.url, port, PEOPLE)
  const { code, output } = await steady.ended
  expect((await back.ended).code).toBe(0)

  expect(code).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  expect(Math.max(...maxLive(ledger()).values())).toBeLessThanOrEqual(AT_ONCE)
  // The nodes share the load: each has some of it.
  const kept = await Promise.all([0, 1, 2].map((shard) => cluster.ownerOf(`outdial:${shard}`)))
  expect(new Set(kept).size).toBeGreaterThan(1)
  await carrier.close()
})

it('should refuse to be opened with another number of shards than it was made with', async () => {
  const server = await redisServer()
  const client = server.client()
  cleanups.push(() => client.disconnect())
  const opened = async (shards: number, prefix: string) => {
    const storage = redisStorage({ client, shards, prefix })
    cleanups.push(() => storage.close())
    try {
      await storage.open(host)
      await storage.createJob(newJob({ id: 'a' }))
      return 'done'
    } catch (error) {
      return isOutdialError(error) ? error.code : String(error)
    }
  }
  expect([await opened(3, 'three'), await opened(1, 'one')]).toEqual(['done', 'done'])
  expect([await opened(3, 'three'), await opened(1, 'one')]).toEqual(['done', 'done'])
  expect([await opened(2, 'three'), await opened(1, 'three'), await opened(3, 'one')]).toEqual(
    Array(3).fill('storage_unavailable'),
  )
  expect(() => redisStorage({ client, shards: 0 })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
})
