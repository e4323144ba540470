import type { LimitRule, NewJob } from '@outdial/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filledJob, openStore } from './support/store.js'
import { answered, fenceOf, Worker } from './support/worker.js'

interface Party {
  organization: string
  weight: number
  /** Weights of its jobs. */
  jobs: readonly number[]
}

const NINE: readonly Party[] = Array.from({ length: 9 }, (_, i) => ({ organization: `org${i}`, weight: 1, jobs: [1] }))
const WEIGHTS = [1, 2, 3, 1, 2, 5, 1, 8, 1]

describe('starts, while everybody has a backlog', () => {
  it.each<{ name: string; parties: readonly Party[]; limits: Record<string, LimitRule>; max: number }>([
    { name: 'equal organizations on a tight route', parties: NINE, limits: { 'slots:r1': { slots: 4 } }, max: 2 },
    {
      name: 'equal organizations under a tight limit of everything',
      parties: NINE,
      limits: { 'slots:everything': { slots: 7 } },
      max: 3,
    },
    { name: 'equal organizations, one claim at a time', parties: NINE, limits: { 'slots:r1': { slots: 20 } }, max: 1 },
    {
      name: 'equal organizations on a paced route',
      parties: NINE,
      limits: { 'rate:r1': { rate: 50, burst: 2 } },
      max: 5,
    },
    {
      name: 'unequal organizations on a tight route',
      parties: NINE.map((party, i) => ({ ...party, weight: WEIGHTS[i] as number })),
      limits: { 'slots:r1': { slots: 4 } },
      max: 2,
    },
    {
      name: 'organizations with unequal numbers of jobs',
      parties: NINE.map((party, i) => ({ ...party, jobs: Array.from({ length: 1 + (i % 4) }, () => 1) })),
      limits: { 'slots:r1': { slots: 5 } },
      max: 2,
    },
    {
      name: 'organizations that each have a limit of their own',
      parties: NINE,
      limits: {
        'slots:r1': { slots: 9 },
        ...Object.fromEntries(NINE.map(({ organization }) => [`slots:${organization}`, { slots: 2 }])),
      },
      max: 4,
    },
    {
      name: 'jobs that each have a limit of their own',
      parties: NINE.map((party) => ({ ...party, jobs: [1, 1] })),
      limits: {
        'slots:r1': { slots: 9 },
        ...Object.fromEntries(
          NINE.flatMap(({ organization }) => [0, 1].map((j) => [`slots:${organization}-${j}`, { slots: 1 }])),
        ),
      },
      max: 4,
    },
    {
      name: 'jobs of unequal weight',
      parties: NINE.map((party) => ({ ...party, jobs: [1, 3, 6] })),
      limits: { 'slots:r1': { slots: 3 } },
      max: 1,
    },
  ])('should be shared by weight among $name', async ({ parties, limits, max }) => {
    const { starts, jobStarts } = await run(parties, limits, max, 2700)

    expect(jain(parties.map(({ organization, weight }) => (starts.get(organization) ?? 0) / weight))).toBeGreaterThan(
      0.99,
    )
    for (const { organization, jobs } of parties) {
      expect(jain(jobs.map((weight, j) => (jobStarts.get(`${organization}-${j}`) ?? 0) / weight))).toBeGreaterThan(0.99)
    }
  })

  it('should be shared by weight whatever the weights, to within a turn each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (weights, slots, max) => {
          const parties = weights.map((weight, i) => ({ organization: `org${i}`, weight, jobs: [1] }))
          const total = 1000
          const { starts } = await run(parties, { 'slots:r1': { slots } }, max, total)

          const sum = weights.reduce((all, weight) => all + weight, 0)
          for (const { organization, weight } of parties) {
            const due = (total * weight) / sum
            expect(Math.abs((starts.get(organization) ?? 0) - due)).toBeLessThanOrEqual(max * parties.length + slots)
          }
        },
      ),
      { numRuns: 8 },
    )
  })

  it('should leave what one organization cannot use to the others', async () => {
    const limits = { 'slots:r1': { slots: 12 }, 'slots:org0': { slots: 1 } }
    const { starts } = await run(NINE, limits, 3, 2700)

    expect(jain(NINE.slice(1).map(({ organization }) => starts.get(organization) ?? 0))).toBeGreaterThan(0.99)
    expect(starts.get('org0')).toBeLessThanOrEqual(starts.get('org1') ?? 0)
    expect(starts.get('org0')).toBeGreaterThan(100)
  })
})

describe('a small job', () => {
  it.each([
    { name: 'of the same organization', organization: 'big' },
    { name: 'of another organization', organization: 'small' },
  ])('should not starve beside one of 100,000 tasks $name', async ({ organization }) => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'large', organization: 'big' }, 100_000)
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 5 }])
    for (let i = 0; i < 200; i++) for (const ref of await worker.dial(5)) await worker.end(ref)
    const before = (await storage.getJob('large'))?.fenced ?? 0
    await filledJob(storage, { id: 'small', organization }, 10)

    while ((await storage.getJob('small'))?.endedAt === undefined)
      for (const ref of await worker.dial(5)) await worker.end(ref)

    expect((await storage.getJob('large'))?.fenced).toBeLessThanOrEqual(before + 20)
  })

  it('should not get ahead of the other jobs of its organization either', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 5000)
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 4 }])
    for (let i = 0; i < 500; i++) for (const ref of await worker.dial(2)) await worker.end(ref)
    const before = (await storage.getJob('a'))?.fenced ?? 0
    await filledJob(storage, { id: 'b' }, 1000)
    for (let i = 0; i < 200; i++) for (const ref of await worker.dial(2)) await worker.end(ref)

    expect(((await storage.getJob('a'))?.fenced ?? 0) - before).toBeGreaterThan(190)
  })

  it('should not get ahead for having been away', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a', organization: 'one' }, 5000)
    await filledJob(storage, { id: 'b', organization: 'two' }, 10)
    await storage.setLimits([{ key: 'slots:r1', revision: 1, slots: 4 }])
    for (let i = 0; i < 500; i++) for (const ref of await worker.dial(2)) await worker.end(ref)
    const before = (await storage.getJob('a'))?.fenced ?? 0
    await filledJob(storage, { id: 'c', organization: 'two' }, 1000)
    for (let i = 0; i < 200; i++) for (const ref of await worker.dial(2)) await worker.end(ref)

    expect(((await storage.getJob('a'))?.fenced ?? 0) - before).toBeGreaterThan(190)
  })
})

// Helpers

/** Runs until so many starts were made: whenever a call can begin one does, and the oldest ends first. */
async function run(parties: readonly Party[], limits: Record<string, LimitRule>, max: number, until: number) {
  const { storage, clock } = await openStore()
  const worker = new Worker(storage, 'w')
  await storage.setLimits(Object.entries(limits).map(([key, rule]) => ({ key, revision: 1, ...rule })))
  for (const { organization, weight: organizationWeight, jobs } of parties) {
    for (const [j, weight] of jobs.entries()) {
      const job: Partial<NewJob> & { id: string } = {
        id: `${organization}-${j}`,
        organization,
        organizationWeight,
        weight,
      }
      await filledJob(storage, job, until)
    }
  }
  const starts = new Map<string, number>()
  const jobStarts = new Map<string, number>()
  const live: string[] = []
  let claims: string[] = []
  for (let made = 0; made < until; ) {
    const reports = live.splice(0, Math.max(0, Math.min(live.length, max))).map(answered)
    const reply = await worker.exchange({
      reports,
      fences: claims.map((claim) => fenceOf(claim)),
      claims: [{ route: 'r1', max, leaseMs: 1e9 }],
    })
    const refused = claims.filter((_, i) => reply.fences[i]?.status === 'refused')
    for (const fenced of reply.fences) {
      if (fenced.status !== 'fenced') continue
      const jobId = fenced.ref.split(':')[0] as string
      const organization = jobId.split('-')[0] as string
      starts.set(organization, (starts.get(organization) ?? 0) + 1)
      jobStarts.set(jobId, (jobStarts.get(jobId) ?? 0) + 1)
      live.push(fenced.ref)
      made++
    }
    claims = [...refused, ...reply.claims.flatMap(({ tasks }) => tasks.map(({ claim }) => claim))]
    await clock.advance(20)
  }
  return { starts, jobStarts }
}

/** Jain's index of fairness: 1 when all are equal. */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((all, share) => all + share, 0)
  const squares = shares.reduce((all, share) => all + share * share, 0)
  return (sum * sum) / (shares.length * squares)
}
