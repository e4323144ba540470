import type { Exchange, ExchangeReply, NewJob, Storage } from '@outdial/core'
import { isOutdialError } from '@outdial/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { kvStorage, memoryKv } from '../src/index.js'
import { type Fate, faultyKv } from './support/faulty-kv.js'

const TASKS = 30
const completed = { state: 'completed', dialable: false }
const job: NewJob = {
  id: 'a',
  organization: 'acme',
  route: 'r1',
  spec: 'spec',
  idempotencyKey: 'k',
  weight: 1,
  organizationWeight: 1,
  gates: [{ blocks: 'job', slots: 'slots:a', rate: 'rate:a' }],
  limits: [{ key: 'slots:a', revision: 1, slots: 7 }],
  dedupe: true,
  phase: { state: 'running', dialable: true, onDrained: completed },
  timers: {},
}

/** A fate for each transaction, and after how many steps the storage is dropped and opened anew over the same data. */
const runs = fc.record({
  async: fc.boolean(),
  fates: fc.infiniteStream(fc.constantFrom<Fate>('fine', 'fine', 'undone', 'reply lost')),
  reopens: fc.infiniteStream(fc.boolean()),
})

it('should neither lose nor repeat anything, whatever transactions fail and whenever it is opened anew', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ async, fates, reopens }) => {
      const kv = faultyKv(memoryKv({ async }), () => fates.next().value)
      let now = 1_000_000
      let draws = 0
      const open = async (): Promise<Storage> => {
        const storage = kvStorage(kv)
        // A clock that has been set back: the time that was reached counts.
        const clock = { now: () => now--, monotonic: () => 0, setTimeout: () => ({}), clearTimeout: () => {} }
        await again(() => storage.open({ clock, random: { next: () => ++draws / 1e6 } }))
        return storage
      }
      let storage = await open()
      const call = async <T>(what: (storage: Storage) => Promise<T>): Promise<T> => {
        if (reopens.next().value) storage = await open()
        return again(() => what(storage))
      }

      await call((store) => store.createJob(job))
      await call((store) => store.openBatch('a', 'b', 'first'))
      const tasks = Array.from({ length: TASKS }, (_, i) => ({
        payload: `payload ${i}`,
        key: String(2_025_550_100 + i),
      }))
      const lane = { lane: 0, name: '', priority: 0, open: null }
      await call((store) => store.stage('a', 'b', { seq: 0, lane, tasks }))
      await call((store) => store.seal('a', 'b', TASKS, 'memo'))

      const refs = new Set<string>()
      let last: ExchangeReply | undefined
      let time = 0
      for (let seq = 1; seq < 200; seq++) {
        const request: Exchange = {
          channel: 'w',
          seq,
          reports: fencedOf(last).map((ref) => ({
            kind: 'close',
            ref,
            placed: true,
            outcome: 'answered',
            result: 'result',
            next: { terminal: 'succeeded', reason: 'answered' },
          })),
          fences: claimsOf(last).map((claim) => ({
            claim,
            all: [],
            anyOf: [],
            absent: [],
            until: Number.POSITIVE_INFINITY,
            checkAfter: 1000,
            memo: '',
          })),
          claims: [{ route: 'r1', max: 5, leaseMs: 1e6 }],
        }
        last = await call((store) => store.exchange(request))
        expect(last.now).toBeGreaterThanOrEqual(time)
        time = last.now
        expect(last.reports.every((answer) => answer === 'applied')).toBe(true)
        for (const ref of fencedOf(last)) {
          expect(refs.has(ref)).toBe(false)
          refs.add(ref)
        }
        if (last.jobs.some(({ state }) => state === 'completed')) break
      }

      const end = await call((store) => store.getJob('a'))
      expect(end).toMatchObject({ phase: completed, fenced: TASKS, placed: TASKS, counts: { succeeded: TASKS } })
      expect(refs.size).toBe(TASKS)
      expect((await call((store) => store.recount('a'))).holds).toEqual({})
      const page = await call((store) => store.events('a', 0, 10_000))
      if (page.status !== 'ok') throw new Error('events are gone')
      expect(page.events.map(({ seq }) => seq)).toEqual(page.events.map((_, i) => i + 1))
      expect(page.events.filter(({ data }) => data.type === 'fenced')).toHaveLength(TASKS)
      expect(page.events).toHaveLength(end?.lastEvent ?? 0)
    }),
    { numRuns: 60 },
  )
})

it('should remove everything of a purged job, also when it is interrupted', async () => {
  const data = memoryKv()
  const clock = { now: () => 1, monotonic: () => 0, setTimeout: () => ({}), clearTimeout: () => {} }
  const open = async () => {
    const storage = kvStorage(data)
    await storage.open({ clock, random: { next: () => 0.5 } })
    return storage
  }
  let storage = await open()
  await storage.createJob(job)
  await storage.openBatch('a', 'b', 'first')
  const lane = { lane: 0, name: '', priority: 0, open: null }
  const tasks = Array.from({ length: 500 }, (_, i) => ({ payload: 'payload', key: String(i + 1) }))
  await storage.stage('a', 'b', { seq: 0, lane, tasks })
  await storage.seal('a', 'b', 500, '')
  await storage.control('a', { phase: completed, sweep: { terminal: 'canceled', reason: 'user' } })
  await storage.control('a', { phase: { ...completed, onDrained: completed } })

  let transactions = 0
  const failing = faultyKv(data, () => (++transactions > 2 ? 'undone' : 'fine'))
  const interrupted = kvStorage(failing)
  await interrupted.open({ clock, random: { next: () => 0.5 } })
  await expect(interrupted.purge('a')).rejects.toThrow('connection reset')
  storage = await open()
  expect(await storage.getJob('a')).toBeUndefined()
  await storage.purge('a')
  await storage.close()

  const left = await data.transaction((tx) => tx.range({ gte: 'b/', lt: 'b0', limit: 10 }))
  expect(left).toEqual([])
})

// Helpers

/** Repeats a call until it is answered, as the engine does. */
async function again<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (isOutdialError(error)) throw error
    }
  }
}

function fencedOf(reply: ExchangeReply | undefined): string[] {
  return (reply?.fences ?? []).flatMap((fenced) => (fenced.status === 'fenced' ? [fenced.ref] : []))
}

function claimsOf(reply: ExchangeReply | undefined): string[] {
  return (reply?.claims ?? []).flatMap(({ tasks }) => tasks.map(({ claim }) => claim))
}
