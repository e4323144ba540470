import assert from 'node:assert/strict'
import type { LimitRule } from '@outdial/core'
import fc from 'fast-check'
import type { Session } from '../session.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { answered, fenceOf, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

interface Party {
  organization: string
  weight: number
  /** Weights of its jobs. */
  jobs: readonly number[]
}

const parties = (weights: readonly number[], jobs: readonly number[] = [1]): Party[] =>
  weights.map((weight, i) => ({ organization: `org${i}`, weight, jobs }))

/**
 * Runs until so many starts were made: whenever a call can begin one does, and the oldest ends first. Everything has names of
 * its own, by `run`, so that one store serves for many runs.
 */
async function share(
  store: Session,
  run: string,
  all: readonly Party[],
  limits: Record<string, LimitRule>,
  max: number,
  until: number,
) {
  const worker = store.worker(run)
  const route = `${run}-route`
  await store.storage.setLimits(
    Object.entries(limits).map(([key, rule]) => ({ key: `${key.replace('*', run)}`, revision: 1, ...rule })),
  )
  for (const { organization, weight: organizationWeight, jobs } of all) {
    for (const [j, weight] of jobs.entries()) {
      const names = { id: `${run}-${organization}-${j}`, organization: `${run}-${organization}`, route }
      await filledJob(store.storage, { ...names, organizationWeight, weight, phase: keptOpen }, until)
    }
  }
  const starts = new Map<string, number>()
  const add = (key: string) => starts.set(key, (starts.get(key) ?? 0) + 1)
  const live: string[] = []
  let claims: string[] = []
  for (let made = 0; made < until; ) {
    const reply = await worker.exchange({
      reports: live.splice(0, Math.min(live.length, max)).map(answered),
      fences: claims.map((claim) => fenceOf(claim)),
      claims: [{ route, max, leaseMs: 1e9 }],
    })
    const refused = claims.filter((_, i) => reply.fences[i]?.status === 'refused')
    for (const fenced of reply.fences) {
      if (fenced.status !== 'fenced') continue
      const [, organization, job] = (fenced.ref.split(':')[0] as string).split('-') as [string, string, string]
      add(organization)
      add(`${organization}-${job}`)
      live.push(fenced.ref)
      made++
    }
    claims = [...refused, ...reply.claims.flatMap(({ tasks }) => tasks.map(({ claim }) => claim))]
    if (store.manual) await store.pass(20)
  }
  return (key: string) => starts.get(key) ?? 0
}

/** Jain's index of fairness: 1 when all are equal. */
function even(shares: readonly number[], what: string): void {
  const sum = shares.reduce((all, each) => all + each, 0)
  const jain = (sum * sum) / (shares.length * shares.reduce((all, each) => all + each * each, 0))
  assert.ok(
    jain > 0.99,
    `${what}: Jain’s index is ${jain.toFixed(3)} (${shares.map((each) => each.toFixed(1)).join(', ')})`,
  )
}

/** Dials and ends so many rounds of calls. */
async function rounds(worker: Worker, times: number, max: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const refs = await worker.dial(max)
    await worker.report(...refs.map(answered))
  }
}

async function fenced(store: Session, id: string): Promise<number> {
  return (await store.job(id)).fenced
}

export const fair: RuleTests = {
  'S-170': async (store, { seed = 1 }) => {
    const nine = parties([1, 1, 1, 1, 1, 1, 1, 1, 1])
    const unequal = parties([1, 2, 3, 1, 2, 5])
    const cases: [Party[], Record<string, LimitRule>, number][] = [
      [nine, { 'slots:*-route': { slots: 4 } }, 2],
      [nine, { 'slots:*-route': { slots: 20 } }, 1],
      [unequal, { 'slots:*-route': { slots: 4 } }, 2],
      [parties([1, 1, 1, 1], [1, 1, 1]), { 'slots:*-route': { slots: 5 } }, 2],
      [
        nine,
        {
          'slots:*-route': { slots: 9 },
          ...Object.fromEntries(nine.map(({ organization }) => [`slots:*-${organization}`, { slots: 2 }])),
        },
        4,
      ],
      ...(store.manual
        ? [[nine, { 'rate:*-route': { rate: 50, burst: 2 } }, 5] as [Party[], Record<string, LimitRule>, number]]
        : []),
    ]
    for (const [i, [all, limits, max]] of cases.entries()) {
      const got = await share(store, `case${i}`, all, limits, max, 700)
      even(
        all.map(({ organization, weight }) => got(organization) / weight),
        `organizations, case ${i}`,
      )
    }
    let run = 0
    const search = async (weights: readonly number[], slots: number, max: number) => {
      const total = 400
      const all = parties(weights)
      const got = await share(store, `run${run++}`, all, { 'slots:*-route': { slots } }, max, total)
      const sum = weights.reduce((sum, weight) => sum + weight, 0)
      for (const { organization, weight } of all) {
        const off = Math.abs(got(organization) - (total * weight) / sum)
        assert.ok(off <= max * weights.length + slots, `${organization} of weights ${weights} is off by ${off}`)
      }
    }
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 })
    await fc.assert(fc.asyncProperty(weights, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), search), {
      numRuns: 6,
      seed,
      endOnFailure: true,
    })
  },

  'S-171': async (store) => {
    const jobs = [1, 3, 6]
    const all = parties([1, 2, 1], jobs)
    const got = await share(store, 'x', all, { 'slots:*-route': { slots: 3 } }, 1, 1500)
    for (const { organization } of all) {
      even(
        jobs.map((weight, j) => got(`${organization}-${j}`) / weight),
        `jobs of ${organization}`,
      )
    }
    const capped = Object.fromEntries(
      all.flatMap(({ organization }) => [0, 1].map((j) => [`slots:*-${organization}-${j}`, { slots: 1 }])),
    )
    const own = await share(
      store,
      'y',
      parties([1, 1, 1], [1, 1]),
      { 'slots:*-route': { slots: 6 }, ...capped },
      4,
      600,
    )
    for (const { organization } of all)
      even(
        [0, 1].map((j) => own(`${organization}-${j}`)),
        `limited jobs of ${organization}`,
      )
  },

  'S-172': async (store) => {
    const all = parties([1, 1, 1, 1, 1, 1])
    const got = await share(store, 'x', all, { 'slots:*-route': { slots: 12 }, 'slots:*-org0': { slots: 1 } }, 3, 1200)
    even(
      all.slice(1).map(({ organization }) => got(organization)),
      'the others',
    )
    assert.ok(got('org0') <= got('org1') && got('org0') > 50, `${got('org0')} of org0, ${got('org1')} of org1`)
  },

  'S-173': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'large', organization: 'big', phase: keptOpen }, 20_000)
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 5 }])
    await rounds(worker, 100, 5)
    for (const organization of ['big', 'small']) {
      const before = await fenced(store, 'large')
      const id = `of-${organization}`
      await filledJob(storage, { id, organization }, 10)
      for (let i = 0; i < 50 && (await store.job(id)).endedAt === undefined; i++) await rounds(worker, 1, 5)
      const meanwhile = (await fenced(store, 'large')) - before
      assert.ok((await store.job(id)).endedAt !== undefined, `${id} starves`)
      assert.ok(meanwhile <= 25, `${meanwhile} starts of the large job before the ten of ${id}`)
    }
  },

  'S-174': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 4 }])
    await filledJob(storage, { id: 'a', organization: 'one', phase: keptOpen }, 5000)
    await filledJob(storage, { id: 'b', organization: 'two' }, 10)
    await rounds(worker, 200, 2)
    for (const [id, organization] of [
      ['c', 'two'],
      ['d', 'one'],
      ['e', 'three'],
    ] as const) {
      const before = await fenced(store, 'a')
      await filledJob(storage, { id, organization, phase: keptOpen }, 100)
      await rounds(worker, 50, 2)
      const own = await fenced(store, id)
      const others = (await fenced(store, 'a')) - before
      assert.ok(own <= 60, `${id} came back and got ${own} of 100 starts`)
      assert.ok(others >= 15, `${id} came back and left ${others} of 100 starts to a job that never was away`)
      await storage.control(id, { sweep: { terminal: 'canceled', reason: 'test' } })
    }
  },

  'S-175': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 2 }])
    for (const id of ['a', 'b']) await filledJob(storage, { id, phase: keptOpen }, 1000)
    await rounds(worker, 100, 1)
    const [a, b] = [await fenced(store, 'a'), await fenced(store, 'b')]
    assert.ok(Math.abs(a - b) <= 4, `${a} and ${b} starts of equal weight`)
    await storage.control('b', { weight: 4 })
    await rounds(worker, 200, 1)
    const [more, most] = [(await fenced(store, 'a')) - a, (await fenced(store, 'b')) - b]
    assert.ok(Math.abs(most / more - 4) < 0.6, `${more} and ${most} starts of weights 1 and 4`)
  },
}
