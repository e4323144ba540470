import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Session } from '../session.js'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { AT_ONCE, closed, fenceOf, returned, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

/** Rounding of instants to milliseconds, in starts. */
const ROUNDING = 0.01

/** Fences what is claimed until nothing is left or `ms` have passed; when each start was granted. */
async function starts(
  store: Session,
  worker: Worker,
  ms: number,
  pauses: readonly number[],
  max = 20,
): Promise<number[]> {
  const granted: number[] = []
  let claims: string[] = []
  const began = await store.now()
  for (let i = 0, now = began; now < began + ms; i++) {
    const reply = await worker.exchange({
      fences: claims.map((claim) => fenceOf(claim)),
      claims: [{ route: 'r1', max, leaseMs: 1e9 }],
    })
    claims = claims.filter((_, at) => reply.fences[at]?.status === 'refused')
    claims.push(...reply.claims.flatMap(({ tasks }) => tasks.map(({ claim }) => claim)))
    for (const fenced of reply.fences) if (fenced.status === 'fenced') granted.push(fenced.startAt)
    const pause = pauses[i % pauses.length] as number
    await store.pass(pause)
    now = reply.now + pause
  }
  await worker.report(...claims.map((claim) => returned(claim)))
  return granted.sort((a, b) => a - b)
}

/** No window, whatever its length, has more starts than its pace allows. */
function within(granted: readonly number[], rate: number, burst: number): void {
  for (let i = 0; i < granted.length; i++) {
    for (let j = i; j < granted.length; j++) {
      const span = (granted[j] as number) - (granted[i] as number)
      const allowed = (span * rate) / 1000 + burst
      assert.ok(j - i + 1 <= allowed + ROUNDING, `${j - i + 1} starts within ${span} ms, where ${allowed} are allowed`)
    }
  }
}

export const paced: RuleTests = {
  'S-160': async (store, { seed = 1 }) => {
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 20_000)
    let run = 0
    const search = async (rate: number, burst: number, pauses: readonly number[], max: number) => {
      await store.storage.setLimits([{ key: 'rate:r1', revision: ++run, none: true }])
      await store.storage.setLimits([{ key: 'rate:r1', revision: ++run, rate, burst }])
      const worker = store.worker(`w${run}`)
      const granted = await starts(store, worker, store.manual ? 4000 : 1000, pauses, max)
      within(granted, rate, burst)
      assert.ok(granted.length > 0)
    }
    const pauses = fc.array(fc.constantFrom(1, 10, 35, 50, 100, 400, 1000), { minLength: 1, maxLength: 4 })
    const rates = fc.constantFrom(1, 2, 5, 10, 30)
    await fc.assert(
      fc.asyncProperty(rates, fc.integer({ min: 1, max: 5 }), pauses, fc.constantFrom(1, 4, 30), search),
      {
        numRuns: store.manual ? 20 : 4,
        seed,
        endOnFailure: true,
      },
    )
  },

  'S-161': async (store) => {
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 200)
    await store.storage.setLimits([{ key: 'rate:acme', revision: 1, rate: 20, burst: 3 }])
    const granted = await starts(store, store.worker(), 2000, [20])
    within(granted, 20, 3)
    if (store.manual) assert.ok(granted.length >= 2 * 20, `${granted.length} starts in 2 s at 20 a second`)
  },

  'S-162': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 60)
    let revision = 0
    for (const [from, to, wait] of [
      [10, 1, 1000],
      [1, 10, 100],
      [0.01, 100, 10],
    ] as const) {
      await store.storage.setLimits([{ key: 'rate:r1', revision: ++revision, none: true }])
      await store.storage.setLimits([{ key: 'rate:r1', revision: ++revision, rate: from, burst: 3 }])
      const claims = (await worker.claim(3, { leaseMs: 1e6 })).tasks.map(({ claim }) => fenceOf(claim))
      const { now } = await worker.exchange({ fences: claims })
      await store.storage.setLimits([{ key: 'rate:r1', revision: ++revision, rate: to, burst: 3 }])
      const claim = (await worker.claim(1, { leaseMs: 1e6 })).tasks[0]?.claim
      assert.ok(claim)
      const fenced = await worker.fence(claim)
      const at = fenced.status === 'fenced' ? fenced.startAt : fenced.status === 'refused' ? fenced.retryAt + 50 : 0
      const off = Math.abs(at - now - wait)
      assert.ok(
        off <= 1 + store.slack * 4,
        `from ${from} to ${to} a second the next start is after ${at - now} ms, not ${wait}`,
      )
      await worker.report(returned(claim))
    }
  },

  'S-163': async (store) => {
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 200)
    await store.storage.setLimits([
      { key: 'rate:everything', revision: 1, rate: 50, burst: 9 },
      { key: 'rate:acme', revision: 1, rate: 10, burst: 4 },
      { key: 'rate:a', revision: 1, rate: 100, burst: 2 },
    ])
    const granted = await starts(store, store.worker(), 1000, [30])
    within(granted, 50, 9)
    within(granted, 10, 4)
    within(granted, 100, 2)
    assert.ok(granted.length >= 4)
  },

  'S-164': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 9)
    await store.storage.setLimits([{ key: 'rate:a', revision: 1, rate: 0.5, burst: 1 }])
    const { tasks } = await worker.claim(1)
    const ref = await worker.fence(tasks[0]?.claim ?? '')
    assert.ok(ref.status === 'fenced')
    await worker.report(closed(ref.ref, { placed: false, next: AT_ONCE }))
    await store.storage.setLimits([{ key: 'rate:a', revision: 2, rate: 0.5, burst: 1 }])
    await store.pass(1000)
    const claim = (await worker.claim(1)).tasks[0]?.claim
    if (claim !== undefined) contains(await worker.fence(claim), { status: 'refused', reasons: ['rate:a'] })
  },

  'S-165': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 9)
    await store.storage.setLimits([{ key: 'rate:a', revision: 1, rate: 0.001, burst: 1 }])
    await worker.report(returned(await worker.take()))
    await worker.take({ leaseMs: 100 })
    await store.pass(100)
    contains(await worker.fence(await worker.take()), { status: 'fenced' })
    assert.deepEqual((await worker.claim(1)).tasks, [])
  },
}
