import { afterEach, describe, expect, it } from 'vitest'
import { filledJob, LANE, newJob } from '../../conformance/src/support/jobs.js'
import { stopped } from '../../conformance/src/support/phases.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { Worker } from '../../conformance/src/support/worker.js'
import { redisStorage } from '../src/index.js'
import { redisServer } from './support/redis-server.js'

const host = { clock: realClock, random: { next: () => Math.random() } }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function store() {
  const server = await redisServer()
  const client = server.client()
  const storage = redisStorage({ client })
  await storage.open(host)
  cleanups.push(
    () => client.disconnect(),
    () => storage.close(),
  )
  const scripts = async () => Number(/cmdstat_fcall:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
  return { client, storage, scripts }
}

/** A job that has ended, with keys of every kind. */
async function endedJob(storage: Awaited<ReturnType<typeof store>>['storage'], id: string, tasks: number) {
  await storage.createJob(newJob({ id, dedupe: true }))
  await storage.openBatch(id, 'b', 'b')
  for (let seq = 0, done = 0; done < tasks; seq++, done += 256) {
    const chunk = Array.from({ length: Math.min(256, tasks - done) }, (_, i) => ({
      payload: `payload ${done + i}`,
      key: String(12025550000 + done + i),
      ...(i % 10 === 0 && { notBefore: Date.now() + 3_600_000 }),
    }))
    await storage.stage(id, 'b', { seq, lane: LANE, tasks: chunk })
  }
  await storage.seal(id, 'b', tasks, '')
  await storage.control(id, stopped('canceled'))
  expect(await storage.getJob(id)).toMatchObject({ phase: { state: 'canceled' } })
}

describe('claiming', () => {
  it('should set aside few jobs in one script, and go on with the others a moment later', async () => {
    const { storage } = await store()
    const worker = new Worker(storage, 'w')
    const { signal } = new AbortController()
    for (let i = 0; i < 150; i++) {
      await filledJob(storage, { id: `j${i}`, limits: [{ key: `slots:j${i}`, revision: 1, slots: 0 }] }, 1)
    }
    await filledJob(storage, { id: 'last' }, 1)
    const claims: number[] = []
    for (let i = 0; i < 3; i++) {
      const { tasks, wakeAt } = await worker.claim(5)
      claims.push(tasks.length)
      if (tasks.length === 0) await storage.waitForWork({ channel: 'w', routes: ['r1'], until: wakeAt, signal })
    }
    expect(claims).toEqual([0, 0, 1])
  })
})

describe('removing a job', () => {
  it('should leave nothing behind, step by step, and be over at once for whoever looks', async () => {
    const { client, storage, scripts } = await store()
    await filledJob(storage, { id: 'other' }, 10)
    const before = new Set(await client.keys('*'))
    await endedJob(storage, 'a', 60_000)
    // Now the server knows the script, and the first step is one command.
    await storage.purge('not there')
    const steps = await scripts()
    const removed = storage.purge('a')
    expect(await storage.getJob('a')).toBeUndefined()
    await removed
    expect((await scripts()) - steps).toBeGreaterThan(3)
    const left = (await client.keys('*')).filter((key) => !before.has(key) && key.includes(':a'))
    expect(left).toEqual([])
    expect(await client.hlen('{outdial}:gone')).toBe(0)
    expect(await storage.getJob('other')).toMatchObject({ counts: { total: 10 } })
  })

  it('should be taken up by whoever removes or makes a job, if it was broken off', async () => {
    const { client, storage } = await store()
    await endedJob(storage, 'a', 60_000)
    const call = client.callBuffer.bind(client)
    let sent = 0
    // The process dies after two steps.
    client.callBuffer = ((...command: Parameters<typeof call>) =>
      ++sent > 2 ? Promise.reject(new Error('dead')) : call(...command)) as typeof client.callBuffer
    await expect(storage.purge('a')).rejects.toThrow('dead')
    client.callBuffer = call as typeof client.callBuffer
    expect(await client.hlen('{outdial}:gone')).toBe(1)

    await filledJob(storage, { id: 'a' }, 5)
    expect(await storage.getTask('a', 4)).toMatchObject({ payload: '4', place: 'fresh', results: [] })
    expect(await client.hlen('{outdial}:gone')).toBe(0)
    await storage.purge('not there')
    expect(await storage.getTask('a', 4)).toMatchObject({ payload: '4' })
  })
})

describe('a long edit of a list', () => {
  const members = Array.from({ length: 3500 }, (_, i) => `+1202555${String(i).padStart(4, '0')}`)

  it('should be the same as one in one step', async () => {
    const { storage, client, scripts } = await store()
    expect(await storage.setList('l', { add: members })).toEqual({ size: 3500 })
    expect(await storage.setList('l', { remove: members.slice(100), add: ['x'], asOf: 7 })).toEqual({ size: 101 })
    const steps = await scripts()
    expect(
      await storage.setList('l', { clear: true, add: members.slice(0, 2500), remove: [members[0] ?? ''] }),
    ).toEqual({
      size: 2499,
    })
    expect((await scripts()) - steps).toBe(4)
    expect(await client.ttl('{outdial}:list:l')).toBe(-1)
    expect(await storage.setList('l', { clear: true })).toEqual({ size: 0 })
    expect((await client.keys('*aside*')).length).toBe(0)
  })

  it('should not empty a list before the new one is there', async () => {
    const { storage, client } = await store()
    await storage.setList('l', { add: members })
    const call = client.callBuffer.bind(client)
    let sent = 0
    client.callBuffer = ((...command: Parameters<typeof call>) =>
      ++sent > 2 ? Promise.reject(new Error('dead')) : call(...command)) as typeof client.callBuffer
    await expect(storage.setList('l', { clear: true, add: members })).rejects.toThrow('dead')
    client.callBuffer = call as typeof client.callBuffer
    expect(await client.scard('{outdial}:list:l')).toBe(3500)
  })
})
