import assert from 'node:assert/strict'
import type { Usage } from '@outdial/core'
import type { Session } from '../session.js'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { AT_ONCE, closed, refOf } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const CAP = { key: 'cap:12025550101', limit: 'cap' }
const OTHER = { key: 'cap:12025550102', limit: 'cap' }

async function usage(store: Session, ...keys: (string | typeof CAP)[]): Promise<Usage[]> {
  return store.storage.usage(keys.map((key) => (typeof key === 'string' ? { key } : key)))
}

/** Usage without the time at which there is room again. */
async function counts(store: Session, ...keys: (string | typeof CAP)[]) {
  return (await usage(store, ...keys)).map(({ freeAt: _, ...rest }) => rest)
}

export const usages: RuleTests = {
  'S-231': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 20)
    const until = (await store.now()) + 1500
    await storage.setLimits([{ key: 'closed', revision: 1, closedUntil: until }])
    const ask = async (n: number) => {
      const claim = await worker.take()
      return worker.fence(claim, { all: [{ key: 'closed', n }] })
    }
    for (const n of [0, 1]) {
      contains(await ask(n), { status: 'refused', reasons: ['closed'], retryAt: until })
    }
    const either = {
      anyOf: [
        [
          { key: 'open', n: 1 },
          { key: 'closed', n: 0 },
        ],
        [{ key: 'open', n: 1 }],
      ],
    }
    contains(await worker.fence(await worker.take(), either), { status: 'fenced', choice: 1 })
    if (store.manual) {
      await store.passUntil(until - 1)
      contains(await ask(0), { status: 'refused', reasons: ['closed'] })
    }
    await store.passUntil(until)
    for (const n of [0, 1]) contains(await ask(n), { status: 'fenced' })
    contains(await worker.fence(await worker.take(), either), { status: 'fenced', choice: 0 })
    await storage.setLimits([{ key: 'closed', revision: 2, closedUntil: until + 60_000 }])
    contains(await ask(0), { status: 'refused', retryAt: until + 60_000 })
    await storage.setLimits([{ key: 'closed', revision: 3, none: true }])
    contains(await ask(0), { status: 'fenced' })
  },

  'S-232': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 30)
    await storage.setLimits([
      { key: 'lines', revision: 1, slots: 1 },
      { key: 'budget', revision: 1, money: 2 },
      { key: 'cap', revision: 1, cap: 1, windowMs: 1e9 },
      { key: 'pace', revision: 1, rate: 0.001, burst: 1 },
    ])
    const keys = [{ key: 'lines' }, { key: 'budget' }, CAP]
    const hold = (n: number) => keys.map((key) => ({ ...key, n }))
    const ask = async (all: readonly { key: string; limit?: string; n: number }[]) =>
      worker.fence(await worker.take(), { all })
    const before = await counts(store, 'lines', 'budget', CAP)
    const asked = await ask([...hold(0), { key: 'pace', n: 0 }])
    contains(asked, { status: 'fenced' })
    assert.deepEqual(await counts(store, 'lines', 'budget', CAP), before)
    const { holds } = await storage.recount('a')
    assert.deepEqual([holds.lines, holds.budget], [undefined, undefined])
    await worker.report(closed(refOf(asked), { spent: 0 }))
    // What is used up is not over the limit; a pace is: it would let nobody start.
    contains(await ask([...hold(1), { key: 'pace', n: 1 }]), { status: 'fenced' })
    contains(await ask(hold(0)), { status: 'fenced' })
    contains(await ask([{ key: 'pace', n: 0 }]), { status: 'refused', reasons: ['pace'] })
    await storage.setLimits([
      { key: 'lines', revision: 2, slots: 0 },
      { key: 'budget', revision: 2, money: 0 },
      { key: 'cap', revision: 2, cap: 0, windowMs: 1e9 },
    ])
    contains(await ask(hold(0)), { status: 'refused', reasons: ['lines', 'budget', 'cap'] })
  },

  'S-235': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 30)
    const none = { rule: { none: true }, revision: 0, held: 0, spent: 0 }
    assert.deepEqual(await counts(store, 'unknown', CAP, 'slots:a'), [none, none, none])
    const cap = { cap: 3, windowMs: 2000 }
    await storage.setLimits([
      { key: 'slots:a', revision: 4, slots: 9 },
      { key: 'budget', revision: 2, money: 20 },
      { key: 'cap', revision: 3, ...cap },
      { key: 'pace', revision: 5, rate: 2, burst: 7 },
    ])
    const all = [
      { key: 'budget', n: 4 },
      { ...CAP, n: 1 },
      { key: 'free', n: 1 },
    ]
    const first = refOf(await worker.fence(await worker.take(), { all }))
    const began = await store.now()
    const second = refOf(await worker.fence(await worker.take(), { all }))
    await worker.take()
    const told = (budget: object, counted: number, live: number) => [
      { rule: { slots: 9 }, revision: 4, held: live + 1, spent: 0 },
      { rule: { money: 20 }, revision: 2, ...budget },
      { rule: cap, revision: 3, held: 0, spent: 0, counted },
      { rule: cap, revision: 3, held: 0, spent: 0, counted: 0 },
      { ...none, held: live },
      { rule: { rate: 2, burst: 7 }, revision: 5, held: 0, spent: 0 },
    ]
    const asked = ['slots:a', 'budget', CAP, OTHER, 'free', 'pace'] as const
    assert.deepEqual(await counts(store, ...asked), told({ held: 8, spent: 0 }, 2, 2))
    await worker.report(closed(first, { spent: 3 }))
    assert.deepEqual(await counts(store, ...asked), told({ held: 4, spent: 3 }, 2, 1))
    await worker.report({ kind: 'note', ref: first, id: 'n', data: '', spent: [{ key: 'budget', n: -1 }] })
    await worker.report(closed(second, { placed: false, next: AT_ONCE }))
    assert.deepEqual(await counts(store, ...asked), told({ held: 0, spent: 2 }, 1, 0))
    await store.passUntil(began + 2100)
    contains(await counts(store, CAP), [{ counted: 0 }])
  },

  'S-236': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 30)
    const now = await store.now()
    const never = Number.POSITIVE_INFINITY
    const free = async (...keys: (string | typeof CAP)[]) => (await usage(store, ...keys)).map(({ freeAt }) => freeAt)
    const atOnce = async (...keys: (string | typeof CAP)[]) => {
      for (const at of await free(...keys)) assert.ok(at <= (await store.now()) + 1e-3, `free at ${at}, not at once`)
    }
    await storage.setLimits([
      { key: 'lines', revision: 1, slots: 2 },
      { key: 'budget', revision: 1, money: 8 },
      { key: 'cap', revision: 1, cap: 1, windowMs: 60_000 },
      { key: 'pace', revision: 1, rate: 0.1, burst: 1 },
      { key: 'closed', revision: 1, closedUntil: now + 5000 },
      { key: 'opened', revision: 1, closedUntil: now - 5000 },
      { key: 'nobody', revision: 1, cap: 0, windowMs: 60_000 },
    ])
    await atOnce('unknown', 'lines', 'budget', CAP, 'pace', 'opened')
    assert.deepEqual(await free('closed', { key: 'cap:x', limit: 'nobody' }), [now + 5000, never])
    const all = [
      { key: 'lines', n: 2 },
      { key: 'budget', n: 8 },
      { ...CAP, n: 1 },
      { key: 'pace', n: 1 },
    ]
    const fenced = await worker.fence(await worker.take(), { all })
    assert.ok(fenced.status === 'fenced')
    const [lines, budget, cap, pace] = await free('lines', 'budget', CAP, 'pace')
    assert.deepEqual([lines, budget, cap], [never, never, fenced.startAt + 60_000])
    assert.ok(Math.abs((pace ?? 0) - fenced.startAt - 10_000) <= 1e-3, `a pace that is free at ${pace}`)
    await atOnce(OTHER)
    await worker.report(closed(fenced.ref, { spent: 7 }))
    await atOnce('lines', 'budget')
    // To look changes nothing.
    assert.deepEqual(await usage(store, CAP, 'closed'), await usage(store, CAP, 'closed'))
  },
}
