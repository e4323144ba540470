import type { Storage } from '@outdial/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { filledJob } from '../../conformance/src/support/jobs.js'
import { keptOpen, paused, queued, running, scheduled, stopped } from '../../conformance/src/support/phases.js'
import { Worker } from '../../conformance/src/support/worker.js'
import { EventColumns } from '../src/event-columns.js'
import { EventLog } from '../src/event-log.js'
import { KeyIndex } from '../src/key-index.js'
import { HeapSet } from '../src/ordered-set.js'
import { TaskTable } from '../src/task-table.js'
import { TimeHeap } from '../src/time-queue.js'
import { openStore } from './support/store.js'

const STRUCTURES = [TaskTable, KeyIndex, HeapSet, TimeHeap, EventLog, EventColumns]

/** What is done to a job, by name. None of it may touch its tasks one by one. */
const CONTROLS: Record<string, (storage: Storage, now: number) => Promise<unknown>> = {
  'pause it': (storage) => storage.control('a', { phase: paused }),
  'resume it': (storage) => storage.control('a', { phase: running }),
  'queue it': (storage) => storage.control('a', { phase: queued }),
  'keep it open': (storage) => storage.control('a', { phase: keptOpen }),
  'reschedule it': (storage, now) =>
    storage.control('a', {
      phase: scheduled,
      timers: { start: { at: now + 1000, phase: queued }, expiry: { at: now + 9000, ...stopped('expired') } },
    }),
  'close its lane': (storage) => storage.control('a', { lanes: [{ lane: 0, name: '', priority: 0, open: [] }] }),
  'open its lane': (storage) => storage.control('a', { lanes: [{ lane: 0, name: '', priority: 1, open: null }] }),
  'change its policy': (storage) => storage.control('a', { spec: 'another', weight: 5, note: 'policy' }),
  'lower its limits': (storage) => storage.control('a', { limits: [{ key: 'slots:a', revision: 1, slots: 1 }] }),
  'raise all limits': (storage) =>
    storage.setLimits(
      ['slots:a', 'slots:acme', 'slots:r1', 'slots:everything'].map((key) => ({ key, revision: 2, slots: 1000 })),
    ),
  'skip one task': (storage) =>
    storage.control('a', { task: { index: 17, next: { terminal: 'skipped', reason: 'user' } } }),
  'cancel it': (storage) => storage.control('a', stopped('canceled')),
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('control', () => {
  it('should cost the same whatever the size of the job', async () => {
    const small = await costs(40)
    const large = await costs(200_000)

    expect(large).toEqual(small)
    expect(Math.max(...Object.values(large))).toBeLessThan(60)
    expect(Math.min(...Object.values(large))).toBeGreaterThan(0)
  })

  it('should make one event each, not one per task', async () => {
    const { storage, clock } = await openStore()
    await filledJob(storage, { id: 'a' }, 100_000)
    for (const [name, change] of Object.entries(CONTROLS)) {
      const before = (await storage.getJob('a'))?.lastEvent ?? 0
      await change(storage, clock.now())
      const after = (await storage.getJob('a'))?.lastEvent ?? 0
      expect({ name, events: after - before }).toEqual({
        name,
        events: name === 'raise all limits' ? 0 : expect.toSatisfy((n: number) => n <= 3),
      })
    }
  })

  it('should let an expiry end a large job at no cost either, and leave every task ended', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(
      storage,
      { id: 'a', timers: { expiry: { at: clock.now() + 1000, ...stopped('expired', 'too late') } } },
      200_000,
    )
    const [ref] = await worker.dial(1)
    await clock.advance(1000)
    const calls = spied()
    await worker.exchange({})

    expect(calls()).toBeLessThan(20)
    expect((await storage.getJob('a'))?.counts).toMatchObject({ total: 200_000, expired: 199_999, active: 1 })
    await worker.end(ref as string)
    expect((await storage.getJob('a'))?.phase).toMatchObject({ state: 'expired', reason: 'too late' })
    expect(await storage.getTask('a', 199_999)).toMatchObject({ place: 'expired', reason: 'too late' })
  })
})

describe('exchange', () => {
  it('should not pay for blocked jobs', async () => {
    const cost = async (blocked: number): Promise<number> => {
      const { storage } = await openStore()
      const worker = new Worker(storage, 'w')
      await filledJob(storage, { id: 'free', organization: 'umbrella' }, 100)
      await storage.setLimits([{ key: 'slots:acme', revision: 1, slots: 0 }])
      for (let i = 0; i < blocked; i++) {
        await filledJob(storage, { id: `j${i}`, limits: [{ key: `slots:j${i}`, revision: 1, slots: i % 2 }] }, 10)
      }
      await worker.claim(5)
      const calls = spied()
      for (let i = 0; i < 5; i++) await worker.claim(5)
      const cost = calls()
      vi.restoreAllMocks()
      return cost
    }

    expect(await cost(200)).toBe(await cost(1))
  })

  it('should set aside few jobs at once, and go on with the others a moment later', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    for (let i = 0; i < 200; i++) {
      await filledJob(storage, { id: `j${i}`, limits: [{ key: `slots:j${i}`, revision: 1, slots: 0 }] }, 1)
    }
    await filledJob(storage, { id: 'last' }, 1)
    const claims: number[] = []
    for (let i = 0; i < 4; i++) {
      const { tasks, wakeAt } = await worker.claim(5)
      claims.push(tasks.length)
      if (tasks.length === 0) await clock.advance(wakeAt - clock.now())
    }

    expect(claims).toEqual([0, 0, 0, 1])
  })
})

// Helpers

/** How often the structures behind the store were asked or told something, by what was done. */
async function costs(tasks: number): Promise<Record<string, number>> {
  const { storage, clock } = await openStore()
  const worker = new Worker(storage, 'w')
  await filledJob(storage, { id: 'a', dedupe: true }, tasks)
  await worker.dial(8)
  const made: Record<string, number> = {}
  for (const [name, change] of Object.entries(CONTROLS)) {
    const calls = spied()
    await change(storage, clock.now())
    made[name] = calls()
    vi.restoreAllMocks()
  }
  return made
}

/** Counts the calls of all structures from here on. */
function spied(): () => number {
  const spies = STRUCTURES.flatMap(({ prototype }) => {
    const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    return methods.flatMap(([name, { value }]) =>
      typeof value === 'function' && name !== 'constructor'
        ? [vi.spyOn(prototype as unknown as Record<string, () => unknown>, name)]
        : [],
    )
  })
  return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
}
