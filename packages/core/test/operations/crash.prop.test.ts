import { test as property } from '@fast-check/vitest'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import type { InventoryFaults } from '../../../simulation/src/index.js'
import { memoryStorage } from '../../../storage-memory/src/index.js'
import { type Engine, isOutdialError, type OperationItem, type OperationJob, type Storage } from '../../src/index.js'
import { all, phones, type World, world } from './support/bench.js'

const chance = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.6, noNaN: true }))
const span = fc.tuple(fc.nat(2000), fc.nat(2000)).map(([min, more]) => [min, min + more] as const)

const faults: fc.Arbitrary<InventoryFaults> = fc.record({
  timeoutApplied: chance,
  timeoutNotApplied: chance,
  silent: chance,
  throws: chance,
  throttled: chance,
  unavailable: chance,
  findFails: chance,
  transit: fc.oneof(
    fc.constant([0, 0] as const),
    fc.tuple(fc.nat(5000), fc.nat(20_000)).map(([min, more]) => [min, min + more] as const),
  ),
  fails: chance.map((when) => [{ when, code: 'no_luck', title: 'No luck.' }]),
})

/** After so long a worker dies or is stopped, its place stays empty for a while, and somebody may do something to a job. */
const crash = fc.record({
  after: fc.oneof(fc.nat(500), fc.nat(90_000)),
  down: fc.nat(30_000),
  gently: fc.boolean(),
  job: fc.nat(2),
  control: fc.constantFrom('none', 'none', 'pause', 'resume', 'cancel'),
})

const scenario = fc.record({
  seed: fc.nat(),
  faults,
  latency: span,
  lag: span,
  concurrency: fc.integer({ min: 1, max: 8 }),
  attempts: fc.integer({ min: 1, max: 4 }),
  items: fc.integer({ min: 1, max: 12 }),
  crashes: fc.array(crash, { maxLength: 5 }),
  workers: fc.integer({ min: 1, max: 3 }),
  /** Of exchanges, how many are applied without a reply. */
  repliesLost: chance,
})

/** Every job has ended by then, whatever happens to it: a day for asking what became of creations, and backing off. */
const LONGEST = 3 * 86_400_000

/** A store whose replies get lost on the way. */
function unreliable(storage: Storage, lost: () => boolean): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        const reply = await (member.apply(target, args) as Promise<unknown>)
        if ((name === 'exchange' || name === 'overdue') && lost())
          throw new Error('simulated fault: the reply was lost')
        return reply
      }
    },
  })
}

/** The job's counters are what a count of everything gives, and every item is somewhere. */
async function conserved(storage: Storage, jobId: string): Promise<void> {
  let job = await storage.getJob(jobId)
  let counted = await storage.recount(jobId)
  // Two reads are two moments: when a worker did something between them, they are read again.
  for (;;) {
    const after = await storage.getJob(jobId)
    if (after?.lastEvent === job?.lastEvent) break
    job = after
    counted = await storage.recount(jobId)
  }
  expect(counted.counts).toEqual(job?.counts)
  expect(counted.reasons).toEqual(job?.reasons)
  const { total, ...places } = counted.counts
  expect(Object.values(places).reduce((sum, n) => sum + n, 0)).toBe(total)
}

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

async function run({ seed, crashes, workers, repliesLost, items, attempts, ...behaviour }: Scenario) {
  let draws = seed
  let losing = true
  const lost = () => {
    if (!losing) return false
    draws = (Math.imul(draws, 1_103_515_245) + 12_345) >>> 0
    return draws / 2 ** 32 < repliesLost
  }
  // As a back end would say it: how long after it is made a number may be hidden, not how long a request may be under way.
  const inventory = { ...behaviour, seed, numbers: { acme: phones(items * 2) }, createVisibility: behaviour.lag[1] }
  const here = world(inventory, unreliable(memoryStorage(), lost))
  const engines: Engine[] = []
  for (let i = 0; i < workers; i++) engines.push(here.engine())
  const first = engines[0] as Engine
  const common = { organization: 'acme', type: 'phonenumber', start: 'now', attempts } as const
  const [bought, tagged, dropped] = [
    // Without a number of their own: a second creation would succeed, and be a second purchase.
    await first.operations.create({
      ...common,
      name: 'Buy',
      method: 'create',
      data: Array.from({ length: items }, (_, n) => ({ n })),
    }),
    await first.operations.create({
      ...common,
      name: 'Tag',
      method: 'update',
      entries: phones(items * 2).slice(items),
      data: { a: 1 },
    }),
    await first.operations.create({ ...common, name: 'Drop', method: 'delete', entries: phones(items) }),
  ]
  for (const engine of engines) await engine.start()
  const jobs = [bought, tagged, dropped]
  for (const [i, { after, down, gently, job, control }] of crashes.entries()) {
    await here.wait(after)
    if (control !== 'none') await jobs[job]?.[control]().catch(illegal)
    await (gently ? engines[i % workers]?.stop({ drain: down }) : engines[i % workers]?.abandon())
    for (const { id } of jobs) await conserved(here.storage, id)
    await here.wait(down)
    engines[i % workers] = here.engine()
    await engines[i % workers]?.start()
  }
  const finish = async ({ id }: OperationJob) => {
    const job = (await (engines[0] as Engine).operations.get(id)) as OperationJob
    await job.resume().catch(illegal)
    const patience = new AbortController()
    const timer = here.clock.setTimeout(() => patience.abort(), LONGEST)
    await job.finished({ signal: patience.signal }).catch(async (error: unknown) => {
      throw new Error(`${String(error)} ${JSON.stringify(await job.snapshot())}`)
    })
    here.clock.clearTimeout(timer)
    return all(job.items())
  }
  const results = { bought: await finish(bought), tagged: await finish(tagged), dropped: await finish(dropped) }
  // An engine that gets no reply in the time it has to drain says so; this one is to leave nothing.
  losing = false
  for (const engine of engines) expect(await engine.stop()).toEqual({ live: 0 })
  for (const { id } of jobs) {
    await conserved(here.storage, id)
    expect(Object.values((await here.storage.recount(id)).holds).every((held) => held === 0)).toBe(true)
  }
  return { here, results }
}

/** What may be asked of a job depends on how far it has got. */
function illegal(error: unknown): void {
  if (!isOutdialError(error, 'illegal_transition')) throw error
}

const idsOf = (here: World, kind: 'created' | 'updated' | 'deleted', { jobId, index }: OperationItem) =>
  here.inventory.ledger.applied(kind).get(`${jobId}:${index}`) ?? []

describe('whatever goes wrong, and whenever workers die', () => {
  property.prop([scenario], { numRuns: 80 })('nothing is lost, and nothing is created twice', async (given) => {
    const { here, results } = await run(given)
    const { bought, tagged, dropped } = results
    expect(here.inventory.ledger.createdTwice()).toEqual([])
    for (const list of [bought, tagged, dropped]) {
      expect(list).toHaveLength(given.items)
      for (const { state, reason } of list) {
        expect(`${state}/${reason}`).toMatch(
          /^(succeeded\/done|canceled\/canceled|failed\/(rejected|attempts_exhausted|outcome_unknown))$/,
        )
      }
    }
    for (const item of bought) {
      const ids = idsOf(here, 'created', item)
      if (item.state === 'succeeded') expect(ids).toEqual([item.resource?.id])
      else if (item.reason !== 'outcome_unknown') expect(ids).toEqual([])
      // The back end can be asked, and within a day it answers.
      expect(item.reason).not.toBe('outcome_unknown')
    }
    const there = new Set(here.inventory.numbers('acme').map(({ fields }) => fields.phonenumber))
    // What is canceled has not been done, nor will it be.
    for (const item of tagged) if (item.state === 'canceled') expect(idsOf(here, 'updated', item)).toEqual([])
    for (const item of dropped) if (item.state === 'canceled') expect(idsOf(here, 'deleted', item)).toEqual([])
    for (const item of tagged) if (item.state === 'succeeded') expect(idsOf(here, 'updated', item)).not.toEqual([])
    for (const item of dropped) if (item.state === 'succeeded') expect(there).not.toContain(item.entry)
    // Of whatever was changed or deleted it is known how it was, and never as it was in between.
    for (const item of tagged) {
      if (idsOf(here, 'updated', item).length > 0) expect(item.before?.fields.phonenumber).toBe(item.entry)
      expect(item.before?.fields ?? {}).not.toHaveProperty('a')
    }
    for (const item of dropped) {
      if (idsOf(here, 'deleted', item).length > 0) expect(item.before?.fields.phonenumber).toBe(item.entry)
    }
    for (const item of [...tagged, ...dropped]) {
      if (item.reason === 'rejected') expect(item.errors).toEqual([{ code: 'no_luck', title: 'No luck.' }])
      expect(item.reason).not.toBe('attempts_exhausted')
    }
    // What counts as a try is bounded, crashes included.
    for (const { operations } of bought) {
      expect(operations.filter(({ status }) => status === 'not_applied').length).toBeLessThanOrEqual(given.attempts)
    }
    await here.clock.runUntilIdle({ maxMs: 120_000 })
    expect(here.clock.timers()).toEqual([])
  })
})
