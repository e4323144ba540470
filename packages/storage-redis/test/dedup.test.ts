import { expect, it } from 'vitest'
import { LANE, newJob } from '../../conformance/src/support/jobs.js'
import { realClock } from '../../conformance/src/support/real-clock.js'
import { redisStorage } from '../src/index.js'
import { redisServer } from './support/redis-server.js'

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
