import { type Exchange, isOutdialError, type Storage } from '@outdial/core'
import { afterEach, describe, expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { fenceOf } from '../../conformance/src/support/worker.js'
import { until } from '../../outdial/test/processes/workers.js'
import { type RedisClient, type RedisStorageOptions, redisStorage } from '../src/index.js'
import { PROGRAMS } from './support/programs.js'
import { type RedisServer, redisServer } from './support/redis-server.js'
import { redisStandIn } from './support/redis-stand-in.js'

const host = { clock: realClock, random: { next: () => Math.random() } }
const KEPT = ['--appendonly', 'yes', '--aof-load-truncated', 'no']
const EVERY_SECOND = [...KEPT, '--appendfsync', 'everysec']
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

function durableOn(
  server: { client(): RedisClient & { disconnect(): void } },
  options: Partial<RedisStorageOptions> = {},
) {
  const client = server.client()
  const storage = redisStorage({ client, durable: true, ...options })
  cleanups.push(
    () => client.disconnect(),
    () => storage.close(),
  )
  return storage
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (isOutdialError(error) ? error.code : String(error)),
  )

/** A store with a claimed task; answers the exchange that fences it. */
async function aboutToDial(storage: Storage): Promise<Exchange> {
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await storage.openBatch('a', 'b', 'b')
  await storage.stage('a', 'b', { seq: 0, lane: LANE, tasks: [{ payload: 'x' }] })
  await storage.seal('a', 'b', 1, '')
  const nothing = { channel: 'c', reports: [], fences: [], claims: [] }
  const { claims } = await storage.exchange({ ...nothing, seq: 1, claims: [{ route: 'r1', max: 1, leaseMs: 60_000 }] })
  const claim = claims[0]?.tasks[0]?.claim ?? ''
  return { ...nothing, seq: 2, fences: [fenceOf(claim)], durable: true }
}

/** Gives a server a replica with the same settings, and waits until it follows. */
async function replicaOf(primary: RedisServer, program: string, settings: readonly string[]): Promise<RedisServer> {
  const of = ['--replicaof', `127.0.0.1 ${primary.port}`]
  const replica = await redisServer({ program: [program], settings: [...settings, ...of] })
  const client = replica.client()
  await until(async () => String(await client.info('replication')).includes('master_link_status:up'))
  client.disconnect()
  return replica
}

describe.each(PROGRAMS)('$name', ({ command, tellsOfDisk }) => {
  const settings = tellsOfDisk ? EVERY_SECOND : [...KEPT, '--appendfsync', 'always']

  it('should refuse to be opened with replicas that nobody has declared', async () => {
    const primary = await redisServer({ program: [command], settings })
    await replicaOf(primary, command, settings)
    expect(await code(durableOn(primary).open(host))).toBe('not_durable')
    expect(await code(durableOn(primary, { replicas: 1 }).open(host))).toBe('done')
  })

  it('should have no fence count that a replica lacks, and answer the same when it has it', {
    timeout: 30_000,
  }, async () => {
    const primary = await redisServer({ program: [command], settings })
    const replica = await replicaOf(primary, command, settings)
    const storage = durableOn(primary, { replicas: 1 })
    const dial = await aboutToDial(storage)
    replica.freeze()
    expect(await code(storage.exchange(dial))).toBe('barrier_unmet')
    // What is not asked to be durable goes on.
    expect(await code(storage.exchange({ ...dial, channel: 'd', seq: 1, fences: [], durable: false }))).toBe('done')
    replica.thaw()
    const { fences } = await storage.exchange(dial)
    expect(fences).toMatchObject([{ status: 'fenced', attempt: 1 }])
    expect((await storage.exchange(dial)).fences).toEqual(fences)
    expect(await storage.recount('a')).toMatchObject({ counts: { active: 1 } })
  })

  it('should refuse to be opened when it may forget', async () => {
    const never = await redisServer({ program: [command], settings: [...KEPT, '--appendfsync', 'no'] })
    expect(await code(durableOn(never).open(host))).toBe('not_durable')
    const second = await redisServer({ program: [command], settings: EVERY_SECOND })
    expect(await code(durableOn(second).open(host))).toBe(tellsOfDisk ? 'done' : 'not_durable')
  })
})

describe('a server that tells when something is on disk', () => {
  it('should have no fence count before, and answer the same then', { timeout: 30_000 }, async () => {
    const standIn = await redisStandIn((await redisServer({ settings: EVERY_SECOND })).port)
    const storage = durableOn(standIn)
    const dial = await aboutToDial(storage)
    standIn.onDisk = [0, 0]
    expect(await code(storage.exchange(dial))).toBe('barrier_unmet')
    expect(await code(storage.setList('stop', { add: ['+12025550100'] }))).toBe('barrier_unmet')
    standIn.onDisk = [1, 0]
    const { fences } = await storage.exchange(dial)
    expect(fences).toMatchObject([{ status: 'fenced', attempt: 1 }])
    expect(await storage.recount('a')).toMatchObject({ counts: { active: 1 } })
  })

  it('should not be asked about a fence on another connection than the one it was sent on', {
    timeout: 30_000,
  }, async () => {
    const standIn = await redisStandIn((await redisServer({ settings: EVERY_SECOND })).port)
    const storage = durableOn(standIn)
    const dial = await aboutToDial(storage)
    for (const at of ['WAITAOF', 'SET', 'FCALL']) {
      standIn.breakAt = at
      standIn.seen.length = 0
      expect(await code(storage.exchange(dial))).not.toBe('done')
      expect(standIn.breakAt).toBeUndefined()
    }
    const { fences } = await storage.exchange(dial)
    expect(fences).toMatchObject([{ status: 'fenced', attempt: 1 }])
  })
})
