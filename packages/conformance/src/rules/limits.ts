import assert from 'node:assert/strict'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { AT_ONCE, closed, refOf, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const cap = (of = '12025550101') => ({ key: `cap:${of}`, limit: 'cap', n: 1 })
const money = (n: number) => ({ key: 'budget', n })

/** Fences a claim of route r1 with these holds; its status, and the ref if there is one. */
async function ask(worker: Worker, ...all: { key: string; limit?: string; n: number }[]) {
  const claim = await worker.take()
  const fenced = await worker.fence(claim, { all })
  return { claim, status: fenced.status, ref: fenced.status === 'fenced' ? fenced.ref : '', fenced }
}

export const limits: RuleTests = {
  'S-075': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 20)
    await store.storage.setLimits([{ key: 'slots:cid', revision: 1, slots: 2 }])
    const hold = { key: 'slots:cid', n: 1 }
    const [one, two] = [await ask(worker, hold), await ask(worker, hold)]
    assert.deepEqual([one.status, two.status, (await ask(worker, hold)).status], ['fenced', 'fenced', 'refused'])
    await worker.report({ kind: 'doubt', ref: one.ref, checkAt: 0 })
    assert.equal((await ask(worker, hold)).status, 'refused')
    await worker.report(closed(one.ref), closed(two.ref, { placed: false, next: AT_ONCE }))
    contains([(await ask(worker, hold)).status, (await ask(worker, hold)).status], ['fenced', 'fenced'])
    assert.equal((await ask(worker, hold)).status, 'refused')
    contains((await store.storage.recount('a')).holds, { 'slots:cid': 2 })
  },

  'S-076': async (store) => {
    const worker = store.worker()
    const windowMs = 2000
    await filledJob(store.storage, { id: 'a' }, 20)
    await store.storage.setLimits([{ key: 'cap', revision: 1, cap: 2, windowMs }])
    const first = await ask(worker, cap())
    await store.pass(800)
    const second = await ask(worker, cap())
    await worker.report(closed(first.ref), closed(second.ref))
    const refused = (await ask(worker, cap())).fenced
    assert.ok(first.fenced.status === 'fenced' && second.fenced.status === 'fenced' && refused.status === 'refused')
    assert.deepEqual(refused.reasons, ['cap'])
    assert.equal(refused.retryAt, first.fenced.startAt + windowMs)
    if (store.manual) {
      await store.pass(refused.retryAt - 1 - store.clock.now())
      assert.equal((await ask(worker, cap())).status, 'refused')
    }
    await store.passUntil(refused.retryAt)
    const third = await ask(worker, cap())
    assert.equal(third.status, 'fenced')
    const again = (await ask(worker, cap())).fenced
    assert.ok(again.status === 'refused')
    assert.equal(again.retryAt, second.fenced.startAt + windowMs)
  },

  'S-077': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 20)
    await store.storage.setLimits([{ key: 'cap', revision: 1, cap: 1, windowMs: 60_000 }])
    const first = await ask(worker, cap())
    await worker.report({ kind: 'doubt', ref: first.ref, checkAt: 0 })
    // A note, which is heard of later than the call, does not have it forget what it holds.
    await worker.report({ kind: 'note', ref: first.ref, id: 'n', data: 'd', memo: 'noted' })
    assert.equal((await ask(worker, cap())).status, 'refused')
    await worker.report(closed(first.ref, { placed: false, next: AT_ONCE, heard: 1 }))
    const second = await ask(worker, cap())
    assert.equal(second.status, 'fenced')
    await worker.report(closed(second.ref))
    assert.equal((await ask(worker, cap())).status, 'refused')
    contains(await store.job('a'), { fenced: 2, placed: 1 })
  },

  'S-078': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 30)
    await store.storage.setLimits([{ key: 'budget', revision: 1, money: 10 }])
    const [one, two] = [await ask(worker, money(6)), await ask(worker, money(4))]
    assert.deepEqual([one.status, two.status, (await ask(worker, money(1))).status], ['fenced', 'fenced', 'refused'])
    await worker.report(closed(one.ref, { placed: false, next: AT_ONCE }), closed(two.ref, { spent: 1 }))
    assert.equal((await ask(worker, money(10))).status, 'refused')
    const three = await ask(worker, money(9))
    assert.equal(three.status, 'fenced')
    await worker.report(closed(three.ref))
    assert.equal((await ask(worker, money(1))).status, 'refused')
  },

  'S-079': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 30)
    await store.storage.setLimits([{ key: 'budget', revision: 1, money: 10 }])
    const { ref } = await ask(worker, money(5))
    await worker.report(closed(ref, { spent: 5 }))
    const note = (id: string, n: number) => ({ kind: 'note', ref, id, data: '', spent: [money(n)] }) as const
    assert.deepEqual(await worker.report(note('up', 5), note('up', 5)), ['applied', 'stale'])
    assert.equal((await ask(worker, money(1))).status, 'refused')
    assert.deepEqual(await worker.report(note('down', -7), note('down', -7)), ['applied', 'stale'])
    assert.equal((await ask(worker, money(8))).status, 'refused')
    assert.equal((await ask(worker, money(7))).status, 'fenced')
  },

  'S-080': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 30)
    const set = (revision: number, slots: number) => store.storage.setLimits([{ key: 'slots:a', revision, slots }])
    await set(5, 2)
    await set(5, 9)
    await set(4, 9)
    assert.equal((await worker.claim(20)).tasks.length, 2)
    await set(6, 3)
    assert.equal((await worker.claim(20)).tasks.length, 1)
  },

  'S-081': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 30)
    await store.storage.setLimits([
      { key: 'slots:a', revision: 1, slots: 0 },
      { key: 'cap', revision: 1, cap: 0, windowMs: 1000 },
    ])
    assert.deepEqual((await worker.claim(3)).tasks, [])
    await store.storage.setLimits([
      { key: 'slots:a', revision: 2, none: true },
      { key: 'cap', revision: 2, none: true },
    ])
    assert.equal((await ask(worker, cap())).status, 'fenced')
  },

  'S-082': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 30)
    const key = 'changing'
    const hold = { key, n: 2 }
    await store.storage.setLimits([{ key, revision: 1, slots: 2 }])
    const asSlots = await ask(worker, hold)
    await store.storage.setLimits([{ key, revision: 2, money: 5 }])
    const asMoney = await ask(worker, hold)
    assert.deepEqual([asSlots.status, asMoney.status], ['fenced', 'fenced'])
    await store.storage.setLimits([{ key, revision: 3, slots: 4 }])
    assert.equal((await ask(worker, hold)).status, 'refused')
    await worker.report(closed(asSlots.ref), closed(asMoney.ref))
    const again = [await ask(worker, hold), await ask(worker, hold), await ask(worker, hold)]
    assert.deepEqual(
      again.map(({ status }) => status),
      ['fenced', 'fenced', 'refused'],
    )
    await worker.report(...again.slice(0, 2).map(({ ref }) => closed(ref)))
    await store.storage.setLimits([{ key, revision: 4, money: 5 }])
    assert.deepEqual(
      [(await ask(worker, { key, n: 3 })).status, (await ask(worker, { key, n: 1 })).status],
      ['fenced', 'refused'],
    )
  },

  'S-084': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 3)
    const claimed = await worker.take()
    const closedUntil = (await worker.exchange({})).now + 2000
    await store.storage.setLimits([{ key: 'slots:a', revision: 1, closedUntil }])
    contains(await worker.fence(claimed), { status: 'refused', reasons: ['slots:a'], retryAt: closedUntil })
    const { tasks, wakeAt } = await worker.claim(5)
    assert.equal(tasks.length, 0)
    assert.ok(wakeAt <= closedUntil)
    await store.passUntil(closedUntil)
    assert.equal((await worker.claim(5)).tasks.length, 2)
    await store.storage.setLimits([{ key: 'slots:a', revision: 2, closedUntil: closedUntil + 60_000 }])
    await filledJob(store.storage, { id: 'b' }, 1)
    assert.equal((await worker.claim(5)).tasks.length, 1)
  },

  'S-083': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 30)
    await store.storage.setLimits([{ key: 'cap', revision: 1, cap: 1, windowMs: 60_000 }])
    refOf((await ask(worker, cap('12025550101'))).fenced)
    refOf((await ask(worker, cap('12025550102'))).fenced)
    contains((await ask(worker, cap('12025550102'))).fenced, { status: 'refused', reasons: ['cap'] })
    refOf((await ask(worker, cap('12025550103'))).fenced)
    await store.storage.setLimits([{ key: 'day', revision: 1, money: 10 }])
    const day = (date: string, n: number) => ({ key: `day:${date}`, limit: 'day', n })
    const first = refOf((await ask(worker, day('1', 8))).fenced)
    refOf((await ask(worker, day('2', 10))).fenced)
    contains((await ask(worker, day('1', 3))).fenced, { status: 'refused', reasons: ['day'] })
    await worker.report(closed(first, { spent: 4 }))
    contains((await ask(worker, day('1', 7))).fenced, { status: 'refused', reasons: ['day'] })
    refOf((await ask(worker, day('1', 6))).fenced)
    contains(
      (await store.storage.usage([day('1', 0), day('2', 0), day('3', 0)])).map(({ held, spent }) => [held, spent]),
      [
        [6, 4],
        [10, 0],
        [0, 0],
      ],
    )
  },
}
