import type { Storage } from '@outdial/core'
import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { redisStorage } from '../src/index.js'
import { redisServer } from './support/redis-server.js'
import { sealBroken } from './support/seal-broken.js'
import { code, host, storeAt, storeOn } from './support/store-on.js'

it('should name every duplicate in a job that grows, whatever the sizes of chunks', { timeout: 60_000 }, async () => {
  const server = await redisServer()
  const client = server.client()
  const storage = redisStorage({ client })
  await storage.open({ clock: realClock, random: { next: () => Math.random() } })
  await storage.createJob(newJob({ id: 'a', dedupe: true }))
  const known = new Map<string, number>()
  let total = 0
  for (const [batch, sizes] of [[100, 9000, 300], [1], [5000, 5000, 700]].entries()) {
    await storage.openBatch('a', `b${batch}`, `b${batch}`)
    const before = total
    for (const [seq, size] of sizes.entries()) {
      // Every third is one that was there before.
      const keys = Array.from({ length: size }, (_, i) =>
        i % 3 === 2 ? String(12025550000 + Math.floor(total / 2)) : String(12025550000 + total + i),
      )
      const duplicates: { position: number; of: number }[] = []
      let index = total
      for (const [position, key] of keys.entries()) {
        const of = known.get(key)
        if (of === undefined) known.set(key, index++)
        else duplicates.push({ position, of })
      }
      const tasks = keys.map((key) => ({ key, payload: key }))
      const staged = await storage.stage('a', `b${batch}`, { seq, lane: LANE, tasks })
      expect(staged).toEqual({ first: total, accepted: index - total, duplicates })
      total = index
    }
    await storage.seal('a', `b${batch}`, total - before, '')
  }

  for (const [key, index] of [...known].filter((_, i) => i % 97 === 0)) {
    expect(await storage.findTask('a', key)).toBe(index)
    expect(await storage.getTask('a', index)).toMatchObject({ index, payload: key })
  }
  expect(await storage.findTask('a', '19995550100')).toBeUndefined()
  const encodings = await Promise.all(
    [0, 1, 40, 80].map((bucket) => client.object('ENCODING', `{outdial}:k:a:${bucket}`)),
  )
  expect(encodings).toEqual(['listpack', 'listpack', 'listpack', 'listpack'])
  await storage.close()
  client.disconnect()
})

/** A store with a job, and how chunks of a batch are added through it or through another. */
async function loading(sealed = false) {
  const opened = await storeOn([])
  const { server, client, storage } = opened
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a', dedupe: true }))
  if (sealed) {
    await storage.openBatch('a', 'first', 'first')
    const tasks = [{ key: '12025550199', payload: '' }]
    await storage.stage('a', 'first', { seq: 0, lane: LANE, tasks })
    await storage.seal('a', 'first', 1, '')
  }
  await storage.openBatch('a', 'b', 'b')
  const another = async () => {
    const { storage } = storeAt(server)
    await storage.open(host)
    return storage
  }
  const stage = (seq: number, keys: readonly number[], through: Storage = storage) =>
    through.stage('a', 'b', { seq, lane: LANE, tasks: keys.map((key) => ({ key: String(key), payload: String(key) })) })
  return { client, storage, another, stage }
}

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => 12025550000 + from + i)

it('should not take for a duplicate what a step that broke off has left behind', async () => {
  const { client, storage, stage } = await loading(true)
  await stage(0, [12025550100])
  // Keys of this batch, and of tasks that it does not have.
  await client.hset('{outdial}:k:a:0', { 12025550101: '4294967298', 12025550102: '4294967299' })
  const keys = [12025550100, 12025550102, 12025550101, 12025550102, 12025550199]
  const duplicates = [
    { position: 0, of: 1 },
    { position: 3, of: 2 },
    { position: 4, of: 0 },
  ]
  expect(await stage(1, keys)).toEqual({ first: 2, accepted: 2, duplicates })
  await storage.seal('a', 'b', 3, '')
  expect(await storage.findTask('a', '12025550102')).toBe(2)
  expect(await storage.findTask('a', '12025550101')).toBe(3)
})

it('should not in a first batch either', async () => {
  const { client, storage, stage, another } = await loading()
  await stage(0, [12025550100])
  const left = Buffer.alloc(16)
  for (const [i, part] of [112, 25550101, 112, 25550102].entries()) left.writeUInt32BE(part, i * 4)
  await client.setrange('{outdial}:r:a', 8, left)
  const other = await another()
  expect(await stage(1, [12025550101, 12025550102], other)).toMatchObject({ first: 1, accepted: 2, duplicates: [] })
  await storage.seal('a', 'b', 3, '')
  expect(await storage.findTask('a', '12025550102')).toBe(2)
})

it('should have several add to a first batch in turn, and yet another seal it', async () => {
  const { storage, stage, another } = await loading()
  const [second, third, fourth] = [await another(), await another(), await another()]
  expect(await stage(0, [...numbers(0, 300), 12025550007])).toMatchObject({
    accepted: 300,
    duplicates: [{ position: 300, of: 7 }],
  })
  expect(await stage(1, numbers(290, 20), second)).toMatchObject({ first: 300, accepted: 10 })
  // It knows nothing of what the second has added.
  expect(await stage(2, numbers(305, 10))).toMatchObject({ first: 310, accepted: 5 })
  // A chunk that is there already is answered as it was, whoever brings it again.
  expect(await stage(2, numbers(305, 10), third)).toMatchObject({ first: 310, accepted: 5 })
  expect(await code(stage(2, numbers(900, 1), second))).toBe('done')
  expect(await code(stage(4, numbers(900, 1), third))).toBe('sequence_broken')
  expect(await code(fourth.seal('a', 'b', 316, ''))).toBe('batch_incomplete')
  expect(await fourth.seal('a', 'b', 315, '')).toMatchObject({ first: 0, count: 315 })
  expect(await storage.seal('a', 'b', 315, '')).toMatchObject({ first: 0, count: 315 })
  for (const index of [0, 7, 299, 304, 314]) {
    expect(await storage.findTask('a', String(12025550000 + index))).toBe(index)
    expect(await storage.getTask('a', index)).toMatchObject({ payload: String(12025550000 + index) })
  }
  expect(await storage.findTask('a', '12025550900')).toBeUndefined()
  await storage.openBatch('a', 'c', 'c')
  const tasks = [314, 315, 0].map((n) => ({ key: String(12025550000 + n), payload: '' }))
  expect(await second.stage('a', 'c', { seq: 0, lane: LANE, tasks })).toEqual({
    first: 315,
    accepted: 1,
    duplicates: [
      { position: 0, of: 314 },
      { position: 2, of: 0 },
    ],
  })
})

it('should add a chunk once of which several are on their way at once', async () => {
  const { storage, stage } = await loading()
  const chunks = [
    stage(0, numbers(0, 50)),
    stage(0, numbers(0, 50)),
    stage(1, numbers(40, 20)),
    stage(1, numbers(40, 20)),
  ]
  expect((await Promise.all(chunks)).map(({ first, accepted }) => [first, accepted])).toEqual([
    [0, 50],
    [0, 50],
    [50, 10],
    [50, 10],
  ])
  expect(await storage.seal('a', 'b', 60, '')).toMatchObject({ count: 60 })
})

it('should go on with a first batch when an answer was lost, on the way there or back', async () => {
  const { server, storage } = await storeOn([])
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a', dedupe: true }))
  const lost = { before: 0, after: 0 }
  const client = server.client()
  const lossy = new Proxy(client, {
    get(target, name) {
      if (name !== 'callBuffer') return Reflect.get(target, name, target)
      return async (...command: Parameters<typeof target.callBuffer>) => {
        if (lost.before-- === 1) throw new Error('Connection is closed.')
        const reply = await target.callBuffer(...command)
        if (lost.after-- === 1) throw new Error('Connection is closed.')
        return reply
      }
    },
  })
  const through = redisStorage({ client: lossy })
  await through.open(host)
  await through.openBatch('a', 'b', 'b')
  let seq = 0
  for (const when of ['before', 'after'] as const) {
    const chunk = { seq, lane: LANE, tasks: numbers(seq * 100, 101).map((key) => ({ key: String(key), payload: '' })) }
    lost[when] = 1
    await expect(through.stage('a', 'b', chunk)).rejects.toThrow('Connection is closed.')
    expect(await through.stage('a', 'b', chunk)).toMatchObject({ first: seq === 0 ? 0 : 101, accepted: 101 - seq })
    seq++
  }
  lost.after = 1
  await expect(through.seal('a', 'b', 201, '')).rejects.toThrow('Connection is closed.')
  expect(await through.seal('a', 'b', 201, '')).toMatchObject({ count: 201 })
  expect(await storage.findTask('a', '12025550200')).toBe(200)
  await through.close()
  client.disconnect()
})

it('should leave no keys behind of a first batch that was not sealed to the end', { timeout: 60_000 }, async () => {
  const { client, storage, stage, another } = await loading()
  const keys = async () => (await client.keys('{outdial}:*:a*')).filter((key) => /:(k|r|p|l|c):/.test(key))
  for (let seq = 0; seq < 40; seq++) await stage(seq, numbers(seq * 1000, 1000))
  // Its pages come in two parts; of these the first. Before that it learns how far the batch is.
  await sealBroken(client, 2, 40_000)
  expect((await keys()).filter((key) => key.includes(':k:a:p')).length).toBe(128)

  const other = await another()
  await other.openBatch('a', 'again', 'b')
  await other.stage('a', 'again', { seq: 0, lane: LANE, tasks: [{ key: '12025550001', payload: 'one' }] })
  expect((await keys()).sort()).toHaveLength(3)
  expect(await code(stage(40, [1]))).toBe('batch_discarded')
  await other.seal('a', 'again', 1, '')
  expect(await storage.findTask('a', '12025550001')).toBe(0)
  expect(await storage.findTask('a', '12025550002')).toBeUndefined()
  expect((await keys()).filter((key) => key.includes(':r:'))).toEqual([])
})

it('should know of no chunk of its own that somebody else was faster with', async () => {
  const { stage, another } = await loading()
  const other = await another()
  await other.openBatch('a', 'b', 'b')
  await stage(0, [12025550100])
  expect(await stage(0, [12025550101], other)).toEqual({ first: 0, accepted: 1, duplicates: [] })
  expect(await stage(1, [12025550100, 12025550101], other)).toEqual({
    first: 1,
    accepted: 1,
    duplicates: [{ position: 0, of: 0 }],
  })
})

it('should not take a later batch for the first one that had its name', async () => {
  const { storage, stage, another } = await loading()
  const other = await another()
  // It knows of the first batch that nothing was in it, and hears nothing of what came after.
  await other.openBatch('a', 'b', 'b')
  await stage(0, [12025550100])
  await storage.seal('a', 'b', 1, '')
  await storage.openBatch('a', 'b', 'later')
  expect(await stage(0, [12025550100, 12025550101], other)).toMatchObject({ first: 1, accepted: 1 })
  expect(await stage(1, [12025550101])).toMatchObject({ accepted: 0, duplicates: [{ position: 0, of: 1 }] })
})

it('should find a key in a page only where there is one', async () => {
  const { storage } = await loading()
  const keys = ['12123456789', '12187654321', ...Array.from({ length: 250 }, (_, i) => String(12000000000 + i))]
  const tasks = keys.map((key) => ({ key, payload: '' }))
  await storage.stage('a', 'b', { seq: 0, lane: LANE, tasks })
  await storage.seal('a', 'b', tasks.length, '')
  // The end of one key and the beginning of the next.
  const between = ['23456789000000112', '87654321000000112']
  // The indexes of two tasks.
  const indexes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((i) => keys.map((_, j) => `${i}${String(j).padStart(9, '0')}`))
  const found = await Promise.all([...between, ...indexes].map((key) => storage.findTask('a', key)))
  expect(found.filter((index) => index !== undefined)).toEqual([])
  expect(await Promise.all(keys.map((key) => storage.findTask('a', key)))).toEqual(keys.map((_, i) => i))
})

it('should refuse a key that is not what keys are', async () => {
  const { storage, stage } = await loading()
  const tasks = [{ key: '+12025550100', payload: '' }]
  expect(await code(storage.stage('a', 'b', { seq: 0, lane: LANE, tasks }))).toBe('invalid_options')
  expect(await stage(0, [12025550100])).toMatchObject({ first: 0, accepted: 1 })
})
