import assert from 'node:assert/strict'
import type { Session } from '../session.js'
import { refuses } from '../support/expect.js'
import { filledJob, gatesOf } from '../support/jobs.js'
import { queued, scheduled } from '../support/phases.js'
import { closed, returned, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const PACES = ['rate:b', 'rate:acme', 'rate:r2', 'rate:everything']

/** A worker that finds nothing on route r2 sleeps until `change` is done, and finds something then. */
async function wakes(store: Session, two: Worker, change: () => Promise<unknown>, what: string): Promise<void> {
  const { tasks, wakeAt } = await two.claim(1, { route: 'r2' })
  assert.deepEqual(tasks, [], what)
  const sleeps = store.sleeper(two.channel, ['r2'], wakeAt, two.storage)
  await change()
  await store.eventually(() => sleeps.awake, `a lost wake-up: ${what}`)
  await two.report(returned(await two.take({ route: 'r2' })))
}

export const waiting: RuleTests = {
  'S-120': async (store) => {
    const two = store.worker('two')
    await wakes(store, two, () => filledJob(store.storage, { id: 'b', route: 'r2' }, 2), 'a new job')
    const both = store.sleeper('both', ['r1', 'r3'])
    await filledJob(store.storage, { id: 'c', route: 'r3' }, 1)
    await store.eventually(() => both.awake, 'a new job on one of two routes')
  },

  'S-121': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await store.storage.setLimits([{ key: 'slots:everything', revision: 1, slots: 1 }])
    await filledJob(store.storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 1)
    const ref = await one.call()
    await wakes(store, two, () => one.end(ref), 'a slot of everything')
  },

  'S-122': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    const callerId = { blocks: 'job', slots: 'slots:from', rate: 'rate:from' } as const
    await store.storage.setLimits([{ key: 'slots:from', revision: 1, slots: 1 }])
    await filledJob(store.storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(store.storage, { id: 'b', route: 'r2', gates: [callerId, ...gatesOf('b', 'acme', 'r2')] }, 1)
    const ref = await one.call('r1', { anyOf: [[{ key: 'slots:from', n: 1 }]] })
    await wakes(store, two, () => one.end(ref), 'a caller id')
  },

  'S-123': async (store) => {
    const two = store.worker('two')
    await filledJob(store.storage, { id: 'a', route: 'r1' }, 1)
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 20)
    for (const key of ['slots:b', 'slots:acme', 'slots:r2', 'slots:everything']) {
      const limit = (revision: number, slots: number) => ({ key, revision, slots })
      await store.storage.setLimits([limit(1, 0)])
      await wakes(store, two, () => store.storage.setLimits([limit(2, 99)]), `${key} is raised`)
      await store.storage.setLimits([limit(3, 0)])
      await wakes(
        store,
        two,
        () => store.storage.control('a', { limits: [limit(4, 99)] }),
        `${key} is raised by a change`,
      )
    }
  },

  'S-124': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 40)
    for (const key of PACES) {
      await store.storage.setLimits([{ key, revision: 1, rate: 0.01, burst: 1 }])
      const claim = await one.take({ route: 'r2', leaseMs: 60_000 })
      const back = () => one.report(returned(claim, { terminal: 'skipped', reason: 'suppressed' }))
      await wakes(store, two, back, `a claim of ${key} comes back`)
      await store.storage.setLimits([{ key, revision: 2, none: true }])
      await store.storage.setLimits([{ key, revision: 3, rate: 0.01, burst: 1 }])
      const ref = await one.call('r2')
      const raise = () => store.storage.setLimits([{ key, revision: 4, rate: 100, burst: 100 }])
      await wakes(store, two, raise, `${key} is raised`)
      await store.storage.setLimits([{ key, revision: 5, none: true }])
      await one.report(closed(ref))
    }
  },

  'S-125': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 1)
    const { tasks, now } = await one.claim(1, { route: 'r2', leaseMs: 60_000 })
    const putOff = async () => {
      await one.report(returned(tasks[0]?.claim ?? '', { waitUntil: now + 800 }))
      await store.passUntil(now + 800)
    }
    await wakes(store, two, putOff, 'what was put off')
  },

  'S-126': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 1)
    await one.claim(1, { route: 'r2', leaseMs: 800 })
    await wakes(store, two, () => store.pass(800), 'the lease of a dead worker')
  },

  'S-127': async (store) => {
    const two = store.worker('two')
    const start = { at: (await store.now()) + 800, phase: queued }
    const schedule = async () => {
      await filledJob(store.storage, { id: 'b', route: 'r2', phase: scheduled, timers: { start } }, 1)
      await store.passUntil(start.at)
    }
    await wakes(store, two, schedule, 'a start')
  },

  'S-128': async (store) => {
    const two = store.worker('two')
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 3)
    const open = (intervals: readonly number[] | null) =>
      store.storage.control('b', { lanes: [{ lane: 0, name: '', priority: 0, open: intervals }] })
    await open([])
    await wakes(store, two, () => open(null), 'a lane that is opened')
    const now = await store.now()
    await open([now + 500, now + 60_000])
    await wakes(store, two, () => store.passUntil(now + 500), 'a lane that opens')
  },

  'S-129': async (store) => {
    const two = store.worker('two')
    await two.claim(1, { route: 'r2' })
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 1)
    const sleeps = store.sleeper('two', ['r2'])
    await store.eventually(() => sleeps.awake, 'something was missed, and nobody says so')
    const never = store.sleeper('never exchanged', ['r2'])
    await store.eventually(() => never.awake, 'a channel that never exchanged sleeps over what is there')
  },

  'S-130': async (store) => {
    const two = store.worker('two')
    const { now } = await two.claim(1, { route: 'r2' })
    const aborted = store.sleeper('two', ['r2'])
    aborted.abort()
    await store.eventually(() => aborted.awake, 'sleeps on after its signal')
    const timed = store.sleeper('two', ['r2'], now + 300)
    await store.passUntil(now + 300)
    await store.eventually(() => timed.awake, 'sleeps on after its time')
    const past = store.sleeper('two', ['r2'], now)
    await store.eventually(() => past.awake, 'sleeps until a time that has passed')
    const signal = AbortSignal.abort()
    await store.storage.waitForWork({ channel: 'two', routes: ['r2'], until: Number.POSITIVE_INFINITY, signal })
    if (store.manual) assert.equal(store.manual.pending, 0, 'a timer was left behind')
  },

  'S-131': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await filledJob(store.storage, { id: 'b', route: 'r2' }, 1)
    const { tasks, now } = await one.claim(1, { route: 'r2', leaseMs: 60_000 })
    await two.claim(1, { route: 'r2' })
    await one.report(returned(tasks[0]?.claim ?? '', { waitUntil: now + 300 }))
    await store.passUntil(now + 300)
    await refuses('revision_conflict', () => store.storage.control('b', { note: '' }, 99))
    const sleeps = store.sleeper('two', ['r2'])
    await store.eventually(() => sleeps.awake, 'a lost wake-up: what a refused change has noticed')
  },
}
