import { expect, it } from 'vitest'
import { filledJob, newJob } from '../../conformance/src/support/jobs.js'
import { createEngine, simulatedCarrier } from '../../outdial/src/index.js'
import { redisServer } from './support/redis-server.js'
import { host, storeAt, storeOn } from './support/store-on.js'

/** Each begins like another. */
const PREFIXES = ['outdial', 'outdial2', 'out', 'outdial:jobs']

it('should keep stores of different prefixes apart', async () => {
  const { server, storage } = await storeOn([])
  const { storage: other } = storeAt(server, { prefix: 'other' })
  await storage.open(host)
  await other.open(host)
  await storage.createJob(newJob({ id: 'a', idempotencyKey: 'k' }))
  expect(await other.createJob(newJob({ id: 'b', idempotencyKey: 'k' }))).toMatchObject({ replayed: false })
})

it('should give everybody their own work, though names of jobs, routes and limits are the same', async () => {
  const server = await redisServer()
  const stores = PREFIXES.map((prefix) => ({ prefix, ...storeAt(server, { prefix }) }))
  for (const [i, { storage }] of stores.entries()) {
    await storage.open(host)
    await filledJob(storage, { id: 'a', limits: [{ key: 'slots:r1', revision: 1, slots: i + 1 }] }, 10)
  }
  const claims = [{ route: 'r1', max: 10, leaseMs: 60_000 }]
  for (const [i, { storage }] of stores.entries()) {
    const reply = await storage.exchange({ channel: 'c', seq: 1, reports: [], fences: [], claims })
    expect(reply.claims.flatMap(({ tasks }) => tasks)).toHaveLength(i + 1)
  }
  await stores[0]?.storage.setList('stopped', { add: ['+12025550101'] })
  const keys = await stores[0]?.client.keys('*')
  for (const { prefix, storage } of stores) {
    expect((await storage.listJobs({ max: 10 })).items).toHaveLength(1)
    expect(keys?.some((key) => key.startsWith(`{${prefix}}:`))).toBe(true)
  }
  expect(keys?.filter((key) => !PREFIXES.some((prefix) => key.startsWith(`{${prefix}}:`)))).toEqual([])
})

it('should let engines work side by side on one Redis, each its own campaigns to their end', async () => {
  const server = await redisServer()
  const quick = { setup: [0, 5], ring: [0, 10], talk: [1, 20], replyDelay: [0, 5] } as const
  const sides = PREFIXES.map((prefix, i) => {
    const carrier = simulatedCarrier({ ...quick, seed: i, outcomes: { answered: 1 } })
    return {
      carrier,
      engine: createEngine({ storage: storeAt(server, { prefix }).storage, carriers: { sim: carrier } }),
    }
  })
  const contacts = Array.from({ length: 20 }, (_, i) => ({ phone: `+13035550${100 + i}` }))
  for (const { engine } of sides) await engine.start()
  const jobs = await Promise.all(
    sides.map(({ engine }) =>
      engine.calls.create({
        name: 'a',
        idempotencyKey: 'a',
        carrier: 'sim',
        from: '+12025550100',
        contacts,
        start: 'now',
      }),
    ),
  )
  for (const [i, job] of jobs.entries()) {
    expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: 20 } })
    expect(sides[i]?.carrier.ledger.placements().size).toBe(20)
    await sides[i]?.engine.stop()
  }
})
