import { setTimeout } from 'node:timers/promises'
import { digits } from '../support/format.js'
import { allOf, atMost, type Results } from '../support/result.js'
import type { Settings } from '../support/settings.js'
import { beeQueue, drainBees } from './subjects/bee-queue.js'
import { bullQueue, drainBull } from './subjects/bullmq.js'
import { dialAll } from './subjects/dialer.js'
import { campaign, openEngine } from './subjects/engine.js'
import { ALL_GUARDS } from './subjects/outdial.js'
import { loadCampaigns, type OpenStore, openStore, ROUTE, setGuards } from './subjects/outdial-store.js'
import { corpus, meanBytes, type Person } from './support/corpus.js'
import { keySizes } from './support/key-sizes.js'
import { type RedisServer, startRedis } from './support/redis-server.js'
import { usedMemory } from './support/server-stats.js'

/** With fewer, what a job costs as a whole would be counted as theirs. */
const AT_LEAST = 100_000
const ONE_JOB = { jobs: 1, organizations: 1 }
const DRAIN = { concurrency: 100, channels: 1 }
/** When claims and attempts are looked at again that may have been forgotten. Those that were not are forgotten then. */
const LOOKED_AT = { within: 180_000, every: 25 }
/** What BullMQ and bee-queue keep of a call that has ended. */
const RESULT = { outcome: 'answered', duration: 61_234, attempt: 1 }

/** An attempt is looked at again when its call must be over: not much later than the others. */
const SHORT_CALLS = { ringTimeout: '5s', maxDuration: '30s' } as const

/** Bytes a contact. */
interface Weight {
  waiting: number
  finished: number
  /** By kind of key. */
  keys: { waiting: string; finished: string }
}

/** What a contact takes of the server's memory while it waits, and when its call has ended and its result is kept. */
export async function run({ tasks, short }: Settings): Promise<Results> {
  const server = await startRedis()
  try {
    const people = corpus(short ? tasks : Math.max(tasks, AT_LEAST))
    // Seen to run only, it does not wait for what is forgotten in time.
    const waits = !short
    const bare = await driven(server, people, { waits })
    const withEvents = await driven(server, people, { waits, events: 10_000 })
    const capped = await driven(server, people, { waits, capped: true })
    const engine = await whole(server, people, { waits })
    const bull = await bullWeight(server, people)
    const bee = await beeWeight(server, people)
    const details = {
      tasks: people.length,
      contactBytes: meanBytes(people),
      bare,
      withEvents,
      capped,
      engine,
      bull,
      bee,
    }
    const others = (which: 'waiting' | 'finished') =>
      `BullMQ ${digits(bull[which])}, bee-queue ${digits(bee[which])}; a contact is ` +
      `${digits(meanBytes(people))} bytes of JSON`
    return {
      bytesWaiting: atMost(50, {
        value: bare.waiting,
        unit: 'bytes a contact that waits: itself, its state, and that nobody is called twice in a job',
        details,
        notes: [
          `Read and stored by the whole engine: ${digits(engine.waiting)}`,
          others('waiting'),
          `by kind of key: ${bare.keys.waiting}`,
        ],
      }),
      bytesFinished: allOf(
        'less',
        {
          'short results': { value: bare.finished, goal: 100 },
          "the engine's results": { value: engine.finished, goal: 100 },
        },
        {
          unit: 'bytes a contact whose call has ended, with its last result',
          details,
          notes: [
            `Beside it: an event log of 10,000 entries a job ${digits(withEvents.finished - bare.finished)}, caps of one ` +
              `call a person, suppression and money ${digits(capped.finished - bare.finished)}, spread over ` +
              `${digits(people.length)} contacts`,
            others('finished'),
            `by kind of key: ${bare.keys.finished}; of the engine's ${engine.keys.finished}`,
          ],
        },
      ),
    }
  } finally {
    await server.stop()
  }
}

/** The storage port without an engine. */
async function driven(
  server: RedisServer,
  people: readonly Person[],
  { waits, events = 1, capped = false }: { waits: boolean; events?: number; capped?: boolean },
): Promise<Weight> {
  await server.empty()
  const store = await openStore(server.port, { events })
  return weigh(server, people, { close: store.close, ...(waits && { lapse: looks(store.storage) }) }, async (add) => {
    const campaigns = await add(() => loadCampaigns(store.storage, people, ONE_JOB))
    if (capped) await setGuards(store.storage, people, ONE_JOB.organizations)
    await dialAll(store.storage, campaigns, { ...DRAIN, ...(capped && { guards: ALL_GUARDS }) })
  })
}

async function whole(server: RedisServer, people: readonly Person[], { waits }: { waits: boolean }): Promise<Weight> {
  await server.empty()
  const opened = await openEngine(server.port, { events: 1 })
  const { storage, close } = await openStore(server.port)
  const both = { ...(waits && { lapse: looks(storage) }), close: () => close().then(opened.close) }
  return weigh(server, people, both, async (add) => {
    const job = await add(() => campaign(opened.engine, people, { concurrency: 100, ...SHORT_CALLS }))
    await opened.engine.start()
    await job.finished()
  })
}

async function bullWeight(server: RedisServer, people: readonly Person[]): Promise<Weight> {
  await server.empty()
  const bull = bullQueue(server.port)
  await bull.queue.waitUntilReady()
  return weigh(server, people, bull, async (add) => {
    await add(() => bull.load(people))
    await drainBull(bull, people.length, { concurrency: 100, perform: async () => RESULT })
  })
}

async function beeWeight(server: RedisServer, people: readonly Person[]): Promise<Weight> {
  await server.empty()
  const bees = await beeQueue(server.port)
  return weigh(server, people, bees, async (add) => {
    await add(() => bees.load(people))
    await drainBees(bees, people.length, { concurrency: 100, perform: async () => RESULT })
  })
}

/** Memory beyond that of an empty server with its connections, after loading and in the end. */
async function weigh(
  server: RedisServer,
  people: readonly Person[],
  subject: { close(): Promise<void>; lapse?: (turn: number) => Promise<unknown> },
  live: (add: <T>(load: () => Promise<T>) => Promise<T>) => Promise<void>,
): Promise<Weight> {
  const { admin } = server
  const before = await usedMemory(admin)
  let waiting = 0
  const keys = { waiting: '', finished: '' }
  await live(async (load) => {
    const loaded = await load()
    waiting = (await usedMemory(admin)) - before
    keys.waiting = await keySizes(admin, people.length)
    return loaded
  })
  if (subject.lapse) await lapsed(server, subject.lapse)
  const finished = (await usedMemory(admin)) - before
  keys.finished = await keySizes(admin, people.length)
  await subject.close()
  return { waiting: waiting / people.length, finished: finished / people.length, keys }
}

/** What workers do who have nothing to do. */
function looks(storage: OpenStore['storage']): (turn: number) => Promise<unknown> {
  return async (turn) => {
    await storage.exchange({ channel: 'idle', seq: turn, reports: [], fences: [], claims: [] })
    await storage.overdue({ routes: [ROUTE], max: 1000, snooze: 1000 })
  }
}

/** Waits until the server knows of no claim and no attempt any more that somebody might have to look at. */
async function lapsed({ admin }: RedisServer, look: (turn: number) => Promise<unknown>): Promise<void> {
  const until = Date.now() + LOOKED_AT.within
  for (let turn = 1; ; turn++) {
    await look(turn)
    const left = await Promise.all([`leases`, `checks:${ROUTE}`].map((name) => admin.zcard(`{outdial}:${name}`)))
    if (left.every((count) => count === 0)) return
    if (Date.now() > until) throw new Error(`Still there: ${left.join(' and ')}`)
    await setTimeout(LOOKED_AT.every)
  }
}
