import { isOutdialError } from '@outdial/core'
import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { freePort } from '../../outdial/test/processes/free-port.js'
import { until } from '../../outdial/test/processes/workers.js'
import { calledTwice, placements } from '../../simulation/src/index.js'
import { redisStorage } from '../src/index.js'
import { carrierWithLedger } from './support/carrier.js'
import { type ClusterNode, moveSlot, type RedisCluster, redisCluster, slotOf } from './support/redis-cluster.js'
import { worker } from './support/worker.js'

const PEOPLE = 200
const PREFIX = 'outdial'
const host = { clock: realClock, random: { next: () => Math.random() } }

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (isOutdialError(error) ? error.code : String(error)),
  )

/** The node that serves the store, and another master. */
async function ownerAndOther(cluster: RedisCluster): Promise<[ClusterNode, ClusterNode]> {
  const owner = await cluster.ownerOf(PREFIX)
  return [owner, cluster.nodes.slice(0, 3).find((node) => node !== owner) as ClusterNode]
}

/** How often nodes have sent somebody away since they were started, because a slot was not theirs, or not whole. */
async function refusals(...nodes: ClusterNode[]): Promise<number> {
  const told = await Promise.all(nodes.map(({ client }) => client.info('errorstats')))
  const counts = told.join().matchAll(/errorstat_(?:ASK|MOVED|TRYAGAIN):count=(\d+)/g)
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
}

it('should refuse everything while its slot is moved, change nothing, and go on when it is there', {
  timeout: 60_000,
}, async () => {
  const cluster = await redisCluster()
  const client = cluster.client()
  const storage = redisStorage({ client })
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await storage.openBatch('a', 'b', 'b')
  const tasks = Array.from({ length: 300 }, (_, i) => ({ payload: `person ${i}` }))
  await storage.stage('a', 'b', { seq: 0, lane: LANE, tasks })
  await storage.seal('a', 'b', tasks.length, '')
  const claim = { channel: 'c', reports: [], fences: [], claims: [{ route: 'r1', max: 5, leaseMs: 60_000 }] }
  const first = await storage.exchange({ ...claim, seq: 1 })
  const before = await storage.recount('a')

  const [from, to] = await ownerAndOther(cluster)
  await moveSlot(cluster, slotOf(PREFIX), from, to, async () => {
    expect(await code(storage.exchange({ ...claim, seq: 2 }))).toBe('storage_unavailable')
    expect(await code(storage.createJob(newJob({ id: 'b' })))).toBe('storage_unavailable')
    expect(await to.client.cluster('COUNTKEYSINSLOT', slotOf(PREFIX))).toBe(3)
  })

  expect(await cluster.ownerOf(PREFIX)).toBe(to)
  expect(await storage.getJob('b')).toBeUndefined()
  expect(await storage.recount('a')).toEqual(before)
  expect(await storage.exchange({ ...claim, seq: 1 })).toEqual(first)
  const { claims } = await storage.exchange({ ...claim, seq: 2 })
  expect(claims[0]?.tasks.map(({ payload }) => payload)).toEqual([5, 6, 7, 8, 9].map((i) => `person ${i}`))
  await storage.close()
  client.disconnect()
})

it('should call nobody twice and lose nobody, though its slot is moved from node to node', {
  timeout: 180_000,
}, async () => {
  const cluster = await redisCluster({ persistent: true })
  const where = { cluster: cluster.nodes.map(({ server }) => server.port) }
  const { carrier, ledger, called } = await carrierWithLedger('moved.jsonl', 11)
  const first = worker(where, carrier.url, await freePort(), PEOPLE)
  const second = worker(where, carrier.url, await freePort(), PEOPLE)
  for (const after of [30, 80, 130]) {
    await until(() => called() >= after || first.child.exitCode !== null)
    const [from, to] = await ownerAndOther(cluster)
    const refused = await refusals(from, to)
    await moveSlot(cluster, slotOf(PREFIX), from, to, () =>
      until(async () => (await refusals(from, to)) > refused + 2 || first.child.exitCode !== null),
    )
  }
  const { code: ended, output } = await first.ended
  expect((await second.ended).code).toBe(0)

  expect(ended).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  await carrier.close()
})

it('should call nobody twice and lose nobody, though its node hands over to a replica', {
  timeout: 180_000,
}, async () => {
  const cluster = await redisCluster({ replicas: 1, persistent: true })
  const where = { cluster: cluster.nodes.map(({ server }) => server.port), storage: { replicas: 1 } }
  const { carrier, ledger, called } = await carrierWithLedger('handed-over.jsonl', 12)
  const first = worker(where, carrier.url, await freePort(), PEOPLE)
  const second = worker(where, carrier.url, await freePort(), PEOPLE)
  for (const after of [30, 80, 130]) {
    await until(() => called() >= after || first.child.exitCode !== null)
    await cluster.handOver(PREFIX)
  }
  const { code: ended, output } = await first.ended
  expect((await second.ended).code).toBe(0)

  expect(ended).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  await carrier.close()
})

it('should call nobody twice and lose nobody, though its node is killed and a replica takes over', {
  timeout: 180_000,
}, async () => {
  const cluster = await redisCluster({ replicas: 1, persistent: true })
  const where = { cluster: cluster.nodes.map(({ server }) => server.port), storage: { replicas: 1 } }
  const { carrier, ledger, called } = await carrierWithLedger('killed.jsonl', 13)
  const first = worker(where, carrier.url, await freePort(), PEOPLE)
  const second = worker(where, carrier.url, await freePort(), PEOPLE)
  for (const after of [30, 100]) {
    await until(() => called() >= after || first.child.exitCode !== null)
    const owner = await cluster.ownerOf(PREFIX)
    await owner.server.kill()
    await until(async () => (await cluster.ownerOf(PREFIX).catch(() => owner)) !== owner)
    // The new one has no replica, so nothing is dialed until the old one is back as that.
    await owner.server.start()
  }
  const { code: ended, output } = await first.ended
  expect((await second.ended).code).toBe(0)

  expect(ended).toBe(0)
  expect(JSON.parse(output)).toMatchObject({ tasks: { total: PEOPLE, open: 0 } })
  expect(calledTwice(ledger())).toEqual([])
  expect(placements(ledger()).size).toBe(PEOPLE)
  await carrier.close()
})
