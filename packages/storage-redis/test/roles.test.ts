import { afterEach, expect, it } from 'vitest'
import { createEngine, type Engine } from '../../outdial/src/index.js'
import { httpSimulatedCarrier, serveSimulatedCarrier } from '../../simulation/src/process.js'
import { type RedisServer, redisServer } from './support/redis-server.js'
import { storeAt } from './support/store-on.js'
import { webhookServer } from './support/webhook-server.js'

const QUICK = { outcomes: { answered: 1 }, setup: [0, 20], ring: [0, 40], talk: [10, 60], replyDelay: [0, 20] } as const
const PEOPLE = 30
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A carrier that listens, and how an engine reaches it; its webhooks go to `callbackUrl`. */
async function carrierOf(callbackUrl: string, seed: number) {
  const served = await serveSimulatedCarrier({ ...QUICK, seed })
  const carrier = httpSimulatedCarrier({ url: served.url, callbackUrl })
  closing.push(
    () => served.close(),
    () => carrier.close(),
  )
  return { carrier, ledger: served.carrier.ledger }
}

/** An engine with a connection of its own to the server. */
function engineOn(server: RedisServer, options: Omit<Parameters<typeof createEngine>[0], 'storage'>): Engine {
  const engine = createEngine({ storage: storeAt(server).storage, ...options }) as Engine
  closing.push(() => engine.stop({ drain: '1s' }))
  return engine
}

const people = (area: number) =>
  Array.from({ length: PEOPLE }, (_, i) => ({ phone: `+1${area}555${String(100 + i).padStart(4, '0')}` }))

const campaign = (carrier: string, area: number) =>
  ({ name: carrier, carrier, from: '+12025550100', contacts: people(area), start: 'now' }) as const

async function log(engine: Engine, jobId: string, after = 0) {
  const entries = []
  for await (const entry of (await engine.calls.get(jobId))?.log({ after }) ?? []) entries.push(entry)
  return entries
}

it('should let one process create jobs and take webhooks, and others dial a route each', async () => {
  const server = await redisServer()
  const url = await webhookServer(() => api)
  const east = await carrierOf(`${url}/east`, 1)
  const west = await carrierOf(`${url}/west`, 2)
  // It is never started: what it dials and looks after is nothing.
  const api = engineOn(server, { carriers: { east: east.carrier, west: west.carrier }, dial: [] })
  const workers = {
    east: engineOn(server, { carriers: { east: east.carrier } }),
    west: engineOn(server, { carriers: { east: east.carrier, west: west.carrier }, dial: ['west'] }),
  }
  const fenced: Record<string, Set<string>> = { east: new Set(), west: new Set() }
  for (const [name, worker] of Object.entries(workers)) {
    worker.on('call.fenced', ({ task }) => fenced[name]?.add(task.jobId))
    // They wait for work before there is any.
    await worker.start()
  }

  const jobs = {
    east: await api.calls.create(campaign('east', 303)),
    west: await api.calls.create(campaign('west', 404)),
  }
  for (const job of Object.values(jobs)) expect(await job.finished()).toMatchObject({ state: 'completed' })

  expect(fenced).toEqual({ east: new Set([jobs.east.id]), west: new Set([jobs.west.id]) })
  for (const { ledger } of [east, west]) {
    expect(ledger.placements().size).toBe(PEOPLE)
    expect(ledger.calledTwice()).toEqual([])
  }
  // Whoever reads the log of whatever job, from wherever: it is the same.
  const whole = await log(api, jobs.east.id)
  expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, i) => i + 1))
  expect(await log(workers.west, jobs.east.id)).toEqual(whole)
  const middle = Math.floor(whole.length / 2)
  expect(await log(workers.east, jobs.east.id, middle)).toEqual(whole.slice(middle))
})

it('should take a webhook in any process, one event of a call here and the next there', async () => {
  const server = await redisServer()
  let turn = 0
  const url = await webhookServer(() => engines[turn++ % engines.length] as Engine)
  const { carrier, ledger } = await carrierOf(`${url}/sim`, 3)
  const worker = engineOn(server, { carriers: { sim: carrier } })
  const others = [1, 2].map(() => engineOn(server, { carriers: { sim: carrier }, dial: [] }))
  const engines = [worker, ...others]
  await worker.start()
  const ends = new Map<string, number>()
  for (const engine of engines) engine.on('call.ended', ({ call }) => ends.set(call.ref, (ends.get(call.ref) ?? 0) + 1))

  const job = await worker.calls.create(campaign('sim', 505))
  expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: PEOPLE } })
  // Each end is told once, by the process that had it stored.
  expect([...ends.values()]).toEqual(Array(PEOPLE).fill(1))
  expect(ledger.calledTwice()).toEqual([])
})

it('should not keep calls in a process that only hears of them', async () => {
  const server = await redisServer()
  const heard: string[] = []
  // An answer is heard of by one that is never started, and the end by another.
  const url = await webhookServer((event) => {
    if (event.type === 'ended') return worker
    heard.push(event.ref)
    return listener
  })
  const { carrier } = await carrierOf(`${url}/sim`, 4)
  const worker = engineOn(server, { carriers: { sim: carrier } })
  const { storage } = storeAt(server)
  const asked: number[] = []
  const load = storage.load.bind(storage)
  storage.load = (refs) => {
    asked.push(refs.length)
    return load(refs)
  }
  const listener = createEngine({ storage, carriers: { sim: carrier }, dial: [] }) as Engine
  await worker.start()
  const job = await worker.calls.create(campaign('sim', 606))
  await job.finished()

  expect(new Set(heard).size).toBe(PEOPLE)
  asked.length = 0
  await listener.start()
  // What an engine still knows it asks the store about once more before it stops.
  await listener.stop()
  expect(asked).toEqual([])
})
