import assert from 'node:assert/strict'
import type { NewJob } from '@outdial/core'
import type { Session } from '../session.js'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { returned, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

/** A job some of whose tasks are due again, and the others never were tried: which are which is told by the index. */
async function job(store: Session, worker: Worker, again: number, tasks: number, part: Partial<NewJob> = {}) {
  const { route = 'r1' } = part
  await filledJob(store.storage, { id: 'a', phase: keptOpen, ...part }, tasks)
  const claims = []
  while (claims.length < again) claims.push(...(await worker.claim(again - claims.length, { route })).tasks)
  await worker.report(...claims.map(({ claim }) => returned(claim)))
}

/** Claims so many, a few at a time; for each whether it was never tried before. */
async function claims(worker: Worker, n: number, again: number, route = 'r1', sizes = [1, 2, 5, 3]) {
  const fresh: boolean[] = []
  for (let i = 0; fresh.length < n; i++) {
    const { tasks } = await worker.claim(Math.min(n - fresh.length, sizes[i % sizes.length] ?? 1), { route })
    assert.ok(tasks.length > 0, 'nothing to claim')
    fresh.push(...tasks.map(({ index }) => index >= again))
  }
  return fresh
}

/** Of any n in a row, n × share are fresh, to within 1. */
function even(fresh: readonly boolean[], share: number): void {
  const sums = [0]
  for (const one of fresh) sums.push((sums.at(-1) ?? 0) + (one ? 1 : 0))
  for (let from = 0; from < sums.length; from++) {
    for (let to = from + 1; to < sums.length; to++) {
      const count = (sums[to] ?? 0) - (sums[from] ?? 0)
      const expected = (to - from) * share
      assert.ok(
        Math.abs(count - expected) <= 1 + 1e-6,
        `${count} fresh of ${to - from} claims after ${from}, where ${expected} are to be expected`,
      )
    }
  }
}

export const mixed: RuleTests = {
  'S-250': async (store) => {
    const worker = store.worker()
    for (const [i, freshShare] of [0, 0.1, 1 / 3, 0.5, 0.7, 1].entries()) {
      const route = `route${i}`
      await job(store, worker, 60, 120, { id: `job${i}`, route, freshShare })
      even(await claims(worker, 59, 60, route), freshShare)
    }
  },

  'S-251': async (store) => {
    const worker = store.worker()
    await job(store, worker, 10, 30, { freshShare: 0.5 })
    const fresh = await claims(worker, 30, 10, 'r1', [7])
    assert.equal(fresh.filter(Boolean).length, 20)
    even(fresh.slice(0, 20), 0.5)
    assert.ok(fresh.slice(20).every(Boolean))
    assert.deepEqual((await worker.claim(5)).tasks, [])
    contains(await store.job('a'), { counts: { claimed: 30, fresh: 0, deferred: 0 } })
  },

  'S-252': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store, worker, 40, 120)
    assert.equal((await store.job('a')).freshShare, undefined)
    assert.deepEqual(await claims(worker, 5, 40), new Array(5).fill(false))
    contains(await storage.control('a', { freshShare: 0.25 }), { freshShare: 0.25 })
    even(await claims(worker, 20, 40), 0.25)
    contains(await storage.control('a', { freshShare: 1 }), { freshShare: 1 })
    assert.deepEqual(await claims(worker, 9, 40), new Array(9).fill(true))
    await storage.control('a', { weight: 2 })
    contains(await store.job('a'), { freshShare: 1 })
    await storage.control('a', { freshShare: null })
    assert.equal((await store.job('a')).freshShare, undefined)
    assert.deepEqual(await claims(worker, 9, 40), new Array(9).fill(false))
    // What fresh tasks were owed when a share was taken away is not owed any more.
    await storage.control('a', { freshShare: 0.5 })
    assert.deepEqual(await claims(worker, 3, 40), [false, true, false])
    await storage.control('a', { freshShare: null })
    await storage.control('a', { freshShare: 0.5 })
    assert.deepEqual(await claims(worker, 3, 40), [false, true, false])
  },
}
