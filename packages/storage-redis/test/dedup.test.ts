import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { redisStorage } from '../src/index.js'
import { redisServer } from './support/redis-server.js'
import { host, storeOn } from './support/store-on.js'

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

it('should not take for a duplicate what a step that broke off has left behind', async () => {
  const { client, storage } = await storeOn([])
  await storage.open(host)
  await storage.createJob(newJob({ id: 'a', dedupe: true }))
  await storage.openBatch('a', 'b', 'b')
  const stage = (seq: number, keys: number[]) =>
    storage.stage('a', 'b', { seq, lane: LANE, tasks: keys.map((key) => ({ key: String(key), payload: String(key) })) })
  await stage(0, [12025550100])
  // Keys of this batch, and of tasks that it does not have.
  await client.hset('{outdial}:k:a:0', { 12025550101: '1', 12025550102: '2' })
  const keys = [12025550100, 12025550102, 12025550101, 12025550102]
  const duplicates = [
    { position: 0, of: 0 },
    { position: 3, of: 1 },
  ]
  expect(await stage(1, keys)).toEqual({ first: 1, accepted: 2, duplicates })
  await storage.seal('a', 'b', 3, '')
  expect(await storage.findTask('a', '12025550102')).toBe(1)
  expect(await storage.findTask('a', '12025550101')).toBe(2)
})
