import { isOutdialError } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { microtasks } from './support/manual-clock.js'
import { queued, scheduled } from './support/phases.js'
import { filledJob, gatesOf, newJob, openStore } from './support/store.js'
import { sleeper, Worker } from './support/worker.js'

/** A worker of route `r2` that found nothing and sleeps, and one of `r1` that goes on. */
async function twoWorkers() {
  const { storage, clock } = await openStore()
  return { storage, clock, one: new Worker(storage, 'one'), two: new Worker(storage, 'two') }
}

describe('waitForWork', () => {
  it('should wake a route that a limit of everything blocked, when a call of another route ends', async () => {
    const { storage, one, two } = await twoWorkers()
    await storage.setLimits([{ key: 'slots:everything', revision: 1, slots: 1 }])
    await filledJob(storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    const [ref] = await one.dial(1, 'r1')
    expect((await two.claim(1, { route: 'r2' })).tasks).toEqual([])
    const sleeps = sleeper(storage, 'two', ['r2'])
    await microtasks()
    expect(sleeps.awake).toBe(false)

    await one.end(ref as string)
    await microtasks()

    expect(sleeps.awake).toBe(true)
    expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
  })

  it('should wake a job that waits for its caller id, when a call of another job that had chosen it ends', async () => {
    const { storage, one, two } = await twoWorkers()
    const callerId = { blocks: 'job', slots: 'slots:from', rate: 'rate:from' } as const
    await storage.setLimits([{ key: 'slots:from', revision: 1, slots: 1 }])
    await filledJob(storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(storage, { id: 'b', route: 'r2', gates: [callerId, ...gatesOf('b', 'acme', 'r2')] }, 1)
    const { tasks } = await one.claim(1, { route: 'r1' })
    const fenced = await one.fence(tasks[0]?.claim ?? '', { anyOf: [[{ key: 'slots:from', n: 1 }]] })
    expect((await two.claim(1, { route: 'r2' })).tasks).toEqual([])
    const sleeps = sleeper(storage, 'two', ['r2'])

    await one.end(fenced.status === 'fenced' ? fenced.ref : '')
    await microtasks()

    expect(sleeps.awake).toBe(true)
    expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
  })

  it('should wake a blocked route when its limit is raised together with a change of some job', async () => {
    const { storage, two } = await twoWorkers()
    await storage.setLimits([{ key: 'slots:r2', revision: 1, slots: 0 }])
    await filledJob(storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    await two.claim(1, { route: 'r2' })
    const sleeps = sleeper(storage, 'two', ['r2'])

    await storage.control('a', { limits: [{ key: 'slots:r2', revision: 2, slots: 1 }] })
    await microtasks()

    expect(sleeps.awake).toBe(true)
  })

  it.each(['rate:b', 'rate:acme', 'rate:r2', 'rate:everything'])(
    'should wake whoever %s keeps waiting, when a claim of the same pace comes back',
    async (key) => {
      const { storage, one, two } = await twoWorkers()
      await storage.setLimits([{ key, revision: 1, rate: 0.1, burst: 1 }])
      await filledJob(storage, { id: 'b', route: 'r2' }, 2)
      const { tasks } = await one.claim(2, { route: 'r2', leaseMs: 60_000 })
      expect(tasks).toHaveLength(1)
      expect((await two.claim(1, { route: 'r2' })).tasks).toEqual([])
      const sleeps = sleeper(storage, 'two', ['r2'])

      await one.report({
        kind: 'return',
        claim: tasks[0]?.claim ?? '',
        next: { terminal: 'skipped', reason: 'suppressed' },
      })
      await microtasks()

      expect(sleeps.awake).toBe(true)
      expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
    },
  )

  it.each(['rate:b', 'rate:acme', 'rate:r2', 'rate:everything'])(
    'should wake whoever %s keeps waiting, when it is raised',
    async (key) => {
      const { storage, one, two } = await twoWorkers()
      await storage.setLimits([{ key, revision: 1, rate: 0.01, burst: 1 }])
      await filledJob(storage, { id: 'b', route: 'r2' }, 3)
      await one.dial(1, 'r2')
      expect((await two.claim(1, { route: 'r2' })).tasks).toEqual([])
      const sleeps = sleeper(storage, 'two', ['r2'])

      await storage.setLimits([{ key, revision: 2, rate: 100, burst: 1 }])
      await microtasks()

      expect(sleeps.awake).toBe(true)
      expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
    },
  )

  it('should wake for what somebody else has put off, at that time', async () => {
    const { storage, clock, one, two } = await twoWorkers()
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    const { tasks, now } = await one.claim(1, { route: 'r2', leaseMs: 60_000 })
    await two.claim(1, { route: 'r2' })
    const sleeps = sleeper(storage, 'two', ['r2'])

    await one.report({ kind: 'return', claim: tasks[0]?.claim ?? '', next: { waitUntil: now + 5000 } })
    await clock.advance(4999)
    expect(sleeps.awake).toBe(false)
    await clock.advance(1)

    expect(sleeps.awake).toBe(true)
  })

  it('should wake for the lease of a worker that has died', async () => {
    const { storage, clock, one, two } = await twoWorkers()
    const later = sleeper(storage, 'two', ['r2'])
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    await one.claim(1, { route: 'r2', leaseMs: 10_000 })
    await microtasks()
    expect(later.awake).toBe(true)
    await two.claim(1, { route: 'r2' })
    const sleeps = sleeper(storage, 'two', ['r2'])

    await clock.advance(10_000)

    expect(sleeps.awake).toBe(true)
    expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
  })

  it('should wake for the start of a job that was scheduled meanwhile', async () => {
    const { storage, clock, two } = await twoWorkers()
    await two.claim(1, { route: 'r2' })
    const sleeps = sleeper(storage, 'two', ['r2'])

    await filledJob(
      storage,
      { id: 'b', route: 'r2', phase: scheduled, timers: { start: { at: clock.now() + 3000, phase: queued } } },
      1,
    )
    await clock.advance(2999)
    expect(sleeps.awake).toBe(false)
    await clock.advance(1)

    expect(sleeps.awake).toBe(true)
  })

  it('should wake for what a change that failed has noticed', async () => {
    const { storage, clock, one, two } = await twoWorkers()
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    const { tasks, now } = await one.claim(1, { route: 'r2', leaseMs: 60_000 })
    await two.claim(1, { route: 'r2' })
    await one.report({ kind: 'return', claim: tasks[0]?.claim ?? '', next: { waitUntil: now + 100 } })
    await clock.advance(100)

    const failed = await storage.control('b', { note: '' }, 99).catch((error: unknown) => error)
    const sleeps = sleeper(storage, 'two', ['r2'])
    await microtasks()

    expect(isOutdialError(failed, 'revision_conflict')).toBe(true)
    expect(sleeps.awake).toBe(true)
  })

  it('should wake for a lane that is opened, and for one that opens', async () => {
    const { storage, clock, two } = await twoWorkers()
    await filledJob(storage, { id: 'b', route: 'r2' }, 2)
    const lane = { lane: 0, name: '', priority: 0 }
    await storage.control('b', { lanes: [{ ...lane, open: [] }] })
    expect((await two.claim(1, { route: 'r2' })).tasks).toEqual([])
    const opened = sleeper(storage, 'two', ['r2'])

    await storage.control('b', { lanes: [{ ...lane, open: null }] })
    await microtasks()

    expect(opened.awake).toBe(true)
    expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
    await storage.control('b', { lanes: [{ ...lane, open: [clock.now() + 500, clock.now() + 900] }] })
    const { wakeAt } = await two.claim(1, { route: 'r2' })
    expect(wakeAt).toBe(clock.now() + 500)
    const opens = sleeper(storage, 'two', ['r2'], wakeAt)
    await clock.advance(500)
    expect(opens.awake).toBe(true)
    expect((await two.claim(1, { route: 'r2' })).tasks).toHaveLength(1)
  })

  it('should not wake for other routes, nor for what was just offered', async () => {
    const { storage, two } = await twoWorkers()
    await filledJob(storage, { id: 'b', route: 'r2' }, 1)
    await two.claim(5, { route: 'r2' })
    const sleeps = sleeper(storage, 'two', ['r2'])
    await filledJob(storage, { id: 'a', route: 'r1' }, 1)
    await microtasks()

    expect(sleeps.awake).toBe(false)
    await filledJob(storage, { id: 'c', route: 'r2' }, 1)
    await microtasks()
    expect(sleeps.awake).toBe(true)
  })

  it('should end with its signal, with its time, and at once when something was missed', async () => {
    const { storage, clock, two } = await twoWorkers()
    const abort = new AbortController()
    const aborted = storage.waitForWork({
      channel: 'two',
      routes: ['r2'],
      until: Number.POSITIVE_INFINITY,
      signal: abort.signal,
    })
    const timed = storage.waitForWork({
      channel: 'two',
      routes: ['r2'],
      until: clock.now() + 50,
      signal: new AbortController().signal,
    })
    abort.abort()
    await aborted
    await clock.advance(50)
    await timed
    await two.claim(1, { route: 'r2' })
    await filledJob(storage, newJob({ id: 'b', route: 'r2' }), 1)

    await storage.waitForWork({
      channel: 'two',
      routes: ['r2'],
      until: Number.POSITIVE_INFINITY,
      signal: new AbortController().signal,
    })
    await storage.waitForWork({
      channel: 'two',
      routes: ['r1'],
      until: clock.now(),
      signal: new AbortController().signal,
    })
    expect(clock.pending).toBe(0)
  })
})
