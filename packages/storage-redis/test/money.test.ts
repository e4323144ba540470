import { expect, it } from 'vitest'
import {
  createEngine,
  type Engine,
  type Limit,
  type SimulatedCarrier,
  simulatedCarrier,
  virtualClock,
} from '../../outdial/src/index.js'
import { redisServer } from './support/redis-server.js'
import { storeAt } from './support/store-on.js'

const people = Array.from({ length: 30 }, (_, i) => ({ phone: `+1202555${String(100 + i).padStart(4, '0')}` }))

it('several workers on Redis stay under a budget together, pause for it, and go on when it is raised', async () => {
  const server = await redisServer()
  // The time of the server cannot be moved: calls are short instead.
  const clock = virtualClock({ start: Date.now(), speed: 1 })
  const carrier = simulatedCarrier({
    seed: 1,
    clock,
    outcomes: { answered: 1 },
    setup: [1, 5],
    ring: [1, 5],
    talk: [20, 400],
  })
  const { storage } = storeAt(server)
  const engines: Engine<{ sim: SimulatedCarrier }>[] = []
  for (let i = 0; i < 2; i++) {
    const engine = createEngine({
      storage: storeAt(server).storage,
      carriers: { sim: carrier },
      clock,
      rates: { sim: { default: { perMinute: 60, perCall: 0.25 }, book: 'rate' } },
    })
    await engine.start()
    engines.push(engine)
  }
  const [engine] = engines as [Engine<{ sim: SimulatedCarrier }>]
  await storage.open({ clock, random: { next: () => Math.random() } })
  const reached = new Map<string, () => void>()
  const state = (name: string) => new Promise<void>((resolve) => reached.set(name, resolve))
  for (const each of engines) each.on('job.changed', ({ state: now }) => reached.get(now)?.())
  const paused = state('paused')
  const completed = state('completed')
  // A second of talk costs a cent, and a call a quarter: 2.25 cents at worst, 1.25 mostly.
  const job = await engine.calls.create({
    name: 'A',
    carrier: 'sim',
    from: '+13035550100',
    contacts: people,
    maxDuration: 2000,
    start: 'now',
    budget: { total: 10 },
  })
  const key = `money:job:${job.id}`
  let over = 0
  let looks = 0
  for (const each of engines) {
    each.on('call.fenced', async () => {
      const [used] = await storage.usage([{ key }])
      looks++
      if (
        used &&
        'money' in used.rule &&
        used.held + used.spent > (used.rule as Extract<Limit, { money: number }>).money
      )
        over++
    })
  }
  await paused
  expect(await job.snapshot()).toMatchObject({ reason: 'budget_exhausted', calls: { begun: 7, live: 0 } })
  expect((await storage.usage([{ key }]))[0]).toMatchObject({ held: 0, spent: 8_750_000 })
  await job.update({ budget: { total: 1000 } })
  await completed
  expect((await storage.usage([{ key }]))[0]).toMatchObject({ held: 0, spent: 30 * 1_250_000 })
  expect(looks).toBe(30)
  expect(over).toBe(0)
  await Promise.all(engines.map((each) => each.stop()))
}, 120_000)
