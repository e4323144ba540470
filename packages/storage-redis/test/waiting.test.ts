import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { Worker } from '../../conformance/src/support/worker.js'
import { sealBroken } from './support/seal-broken.js'
import { code, host, storeOn } from './support/store-on.js'

const LATER = { ...LANE, lane: 3, name: 'later' }

/** A job with a batch of chunks, each of so many tasks; every second waits for an hour. */
async function loaded(sizes: readonly number[], waiting = true) {
  const opened = await storeOn([])
  const { storage } = opened
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a' }))
  await storage.openBatch('a', 'b', 'b')
  const at = Date.now() + 3_600_000
  for (const [seq, size] of sizes.entries()) {
    const tasks = Array.from({ length: size }, (_, i) => ({
      payload: `${seq} ${i}`,
      ...(waiting && i % 2 === 1 && { notBefore: at + i }),
    }))
    await storage.stage('a', 'b', { seq, lane: seq % 2 === 0 ? LANE : LATER, tasks })
  }
  return { ...opened, at }
}

async function scripts(client: Redis): Promise<number> {
  return Number(/cmdstat_fcall:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
}

it('should have those that are added later wait in one step, since others could claim them', async () => {
  const { client, storage, at } = await loaded([10])
  await storage.seal('a', 'b', 10, '')
  await storage.openBatch('a', 'c', 'c')
  for (let seq = 0; seq < 4; seq++) {
    await storage.stage('a', 'c', { seq, lane: LATER, tasks: [{ payload: 'x' }, { payload: 'y', notBefore: at }] })
  }
  await client.config('RESETSTAT')
  expect(await storage.seal('a', 'c', 8, '')).toMatchObject({ first: 10, count: 8 })
  expect(await scripts(client)).toBe(1)
  expect((await storage.recount('a')).counts).toMatchObject({ total: 18, fresh: 9, deferred: 9 })
  expect(await storage.getTask('a', 11)).toMatchObject({ place: 'deferred', waitUntil: at })
})

it('should have tasks wait in many short steps, and show them all at once', async () => {
  const { client, storage, at } = await loaded([1000, 1000, 1000, 7])
  await client.config('RESETSTAT')
  expect(await storage.seal('a', 'b', 3007, 'memo')).toMatchObject({ first: 0, count: 3007 })
  expect(await scripts(client)).toBe(4)
  expect((await storage.getJob('a'))?.counts).toMatchObject({ total: 3007, fresh: 1504, deferred: 1503 })
  expect((await storage.recount('a')).counts).toMatchObject({ fresh: 1504, deferred: 1503 })
  for (const [index, waitUntil] of [
    [1, at + 1],
    [2999, at + 999],
    [3006, undefined],
    [3005, at + 5],
  ] as const) {
    const task = await storage.getTask('a', index)
    expect([task?.place, task?.waitUntil]).toEqual(
      waitUntil === undefined ? ['fresh', undefined] : ['deferred', waitUntil],
    )
  }
  const worker = new Worker(storage, 'w')
  const claimed: number[] = []
  for (;;) {
    const { tasks } = await worker.claim(500)
    if (tasks.length === 0) break
    claimed.push(...tasks.map(({ index }) => index))
  }
  expect(claimed.sort((a, b) => a - b)).toEqual(
    Array.from({ length: 3007 }, (_, i) => i).filter((i) => (i % 1000) % 2 === 0),
  )
})

it('should forget that they waited when their batch was not sealed to the end', async () => {
  const { client, storage } = await loaded([500, 500, 500])
  await sealBroken(client, 2, 1500)
  expect(await client.exists('{outdial}:due:a:0', '{outdial}:due:a:3')).toBe(2)
  expect(await code(storage.getJob('a'))).toBe('done')
  expect(await storage.getJob('a')).toBeUndefined()

  await storage.openBatch('a', 'again', 'b')
  expect(await client.exists('{outdial}:due:a:0', '{outdial}:due:a:3')).toBe(0)
  const tasks = Array.from({ length: 1500 }, (_, i) => ({ payload: String(i) }))
  await storage.stage('a', 'again', { seq: 0, lane: LANE, tasks })
  await storage.seal('a', 'again', 1500, '')
  expect((await storage.getJob('a'))?.counts).toMatchObject({ total: 1500, fresh: 1500, deferred: 0 })
  expect((await storage.recount('a')).counts).toMatchObject({ fresh: 1500, deferred: 0 })
})

it('should leave nothing of them behind when their job goes before it was sealed', async () => {
  const { client, storage } = await loaded([500, 500, 500])
  await sealBroken(client, 2, 1500)
  await storage.discard('a', 'b')
  await storage.purge('a')
  expect((await client.keys('*')).filter((key) => key.includes(':a'))).toEqual([])
})

it('should go on where somebody else was interrupted', async () => {
  const { client, storage } = await loaded([500, 500, 500])
  await sealBroken(client, 2, 1500)
  expect(await storage.seal('a', 'b', 1500, '')).toMatchObject({ count: 1500 })
  expect((await storage.getJob('a'))?.counts).toMatchObject({ total: 1500, fresh: 750, deferred: 750 })
  expect((await storage.recount('a')).counts).toMatchObject({ fresh: 750, deferred: 750 })
})
