import assert from 'node:assert/strict'
import { filledJob } from '../support/jobs.js'
import type { RuleTests } from './rule-test.js'

export const looking: RuleTests = {
  'S-135': async (store) => {
    const worker = store.worker()
    const made: string[] = []
    for (const [i, route] of ['r2', 'r1', 'r2', 'r1'].entries()) {
      await filledJob(store.storage, { id: `j${i}`, route }, 1)
      made.push(await worker.call(route, { until: (await store.now()) + 100, checkAfter: 2_000 }))
      await store.pass(20)
    }
    const look = async (routes: readonly string[], max = 3) =>
      (await store.storage.overdue({ routes, max, snooze: 60_000 })).map(({ ref }) => ref)
    assert.deepEqual(await look(['r1', 'r2']), [])
    await store.pass(2_200)
    assert.deepEqual(await look([]), [])
    assert.deepEqual(await look(['r3']), [])
    assert.deepEqual(await look(['r1', 'r2']), made.slice(0, 3))
    assert.deepEqual(await look(['r2']), [])
    assert.deepEqual(await look(['r1']), made.slice(3))
  },

  'S-136': async (store) => {
    await filledJob(store.storage, { id: 'a' }, 2)
    const worker = store.worker()
    await worker.call('r1', { until: (await store.now()) + 50, checkAfter: 0 })
    await store.pass(200)
    const look = async () => (await store.storage.overdue({ routes: ['r1'], max: 9, snooze: 500 })).length
    const clients = await Promise.all([look(), look()])
    assert.deepEqual(clients.sort(), [0, 1])
    assert.equal(await look(), 0)
    await store.pass(500)
    assert.equal(await look(), 1)
  },

  'S-137': async (store) => {
    await filledJob(store.storage, { id: 'a' }, 2)
    const worker = store.worker()
    const { now } = await worker.exchange()
    const [one, two] = (await worker.dial(2, 'r1', { checkAfter: 600_000 })) as [string, string]
    const look = async () => (await store.storage.overdue({ routes: ['r1'], max: 9, snooze: 50 })).map(({ ref }) => ref)
    assert.deepEqual(await look(), [])
    await worker.report(
      { kind: 'progress', ref: one, rank: 1, state: 'ringing', checkAt: now + 300 },
      { kind: 'doubt', ref: two, checkAt: now + 200 },
    )
    await store.passUntil(now + 300)
    assert.deepEqual(await look(), [two, one])
    await worker.report({ kind: 'progress', ref: one, rank: 2, state: 'answered', checkAt: now + 600_000 })
    await worker.end(two)
    await store.pass(100)
    assert.deepEqual(await look(), [])
  },
}
