import { runConformance } from '@outdial/conformance'
import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { filledJob, newJob } from '../../conformance/src/support/jobs.js'
import { Worker } from '../../conformance/src/support/worker.js'
import { redisHarness } from './support/harness.js'
import { redisServer } from './support/redis-server.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

/** How often a command has done something. */
async function done(client: Redis, command: string): Promise<number> {
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await client.info('commandstats'))?.[1] ?? 0)
}

/** A user who may do everything else. */
const WITHOUT = '--user default on nopass ~* &* +@all -fcall -function'.split(' ')

describe('functions', () => {
  it('should do everything, and be there once for all clients', async () => {
    const { server, client, storage } = await storeOn([])
    const another = storeAt(server).storage
    await Promise.all([storage.open(host), another.open(host)])
    await filledJob(storage, { id: 'a' }, 2)
    expect((await new Worker(another, 'w').claim(2)).tasks).toHaveLength(2)
    expect(await client.call('FUNCTION', 'LIST')).toHaveLength(1)
    expect(await done(client, 'fcall')).toBeGreaterThan(5)
    expect((await done(client, 'evalsha')) + (await done(client, 'eval'))).toBe(0)
  })

  it('should be put back when the server has lost them, with nothing done twice', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await filledJob(storage, { id: 'a' }, 3)
    const worker = new Worker(storage, 'w')
    expect((await worker.claim(1)).tasks).toHaveLength(1)
    await client.call('FUNCTION', 'FLUSH')
    const replies = await Promise.all([worker.claim(1), storage.getJob('a'), storage.createJob(newJob({ id: 'b' }))])
    expect(replies[0].tasks).toHaveLength(1)
    expect(replies[2]).toMatchObject({ replayed: false })
    expect((await storage.getJob('a'))?.counts).toMatchObject({ fresh: 1, claimed: 2 })
    expect(await done(client, 'eval')).toBe(0)
  })

  it('should leave to scripts what a user may not have them do', async () => {
    const { client, storage } = await storeOn(WITHOUT)
    await storage.open(host)
    await filledJob(storage, { id: 'a' }, 2)
    expect((await new Worker(storage, 'w').claim(2)).tasks).toHaveLength(2)
    expect(await done(client, 'fcall')).toBe(0)
    expect(await done(client, 'evalsha')).toBeGreaterThan(0)
    await client.script('FLUSH')
    expect(await storage.createJob(newJob({ id: 'a' }))).toMatchObject({ replayed: true })
  })

  it('should keep the same rules as scripts', { timeout: 600_000 }, async () => {
    const server = await redisServer({ settings: WITHOUT })
    const rules = ['S-040', 'S-042', 'S-047', 'S-051', 'S-064', 'S-076', 'S-125', 'S-126', 'S-130', 'S-135', 'S-165']
    const { levels } = await runConformance(
      redisHarness(() => server, { clock: 'given' }),
      { rules },
    )
    expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
  })
})

describe('what an exchange has unpacked', () => {
  it('should be of no use after a step that broke off in the middle', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await filledJob(storage, { id: 'a' }, 5)
    const worker = new Worker(storage, 'w')
    expect((await worker.claim(1)).tasks.map(({ index }) => index)).toEqual([0])

    const field = 'r1\nacme'
    const kept = (await client.hgetBuffer('{outdial}:organizations', field)) as Buffer
    // No record is that: it breaks off whoever reads it, when tasks have been claimed and nothing is written.
    await client.hset('{outdial}:organizations', field, Buffer.from([0xc1]))
    expect(await code(worker.claim(2))).not.toBe('done')
    await client.hset('{outdial}:organizations', field, kept)

    const again = await worker.again()
    expect(again.claims.flatMap(({ tasks }) => tasks.map(({ index }) => index))).toEqual([1, 2])
    const job = await storage.getJob('a')
    expect(job?.counts).toMatchObject({ fresh: 2, claimed: 3 })
    expect((await storage.recount('a')).counts).toMatchObject({ fresh: 2, claimed: 3 })
  })

  it('should not outlive a change by anything else', async () => {
    const { client, storage } = await storeOn([])
    await storage.open(host)
    await filledJob(storage, { id: 'a', limits: [{ key: 'slots:a', revision: 1, slots: 3 }] }, 9)
    const worker = new Worker(storage, 'w')
    expect((await worker.claim(1)).tasks).toHaveLength(1)
    await storage.setLimits([{ key: 'slots:a', revision: 2, slots: 2 }])
    expect((await worker.claim(9)).tasks).toHaveLength(1)
    await storage.setLimits([{ key: 'slots:a', revision: 3, slots: 4 }])
    expect((await worker.claim(9)).tasks.map(({ index }) => index)).toEqual([2, 3])

    // Everything is gone, and another job has its name.
    await client.flushall()
    await filledJob(storage, { id: 'a' }, 3)
    const { tasks } = await new Worker(storage, 'v').claim(9)
    expect(tasks.map(({ index, payload }) => `${index} ${payload}`)).toEqual(['0 0', '1 1', '2 2'])
  })
})
