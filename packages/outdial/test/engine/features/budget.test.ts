import { type CallJob, isOutdialError, memoryDirectory, type RateSheet } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, type BenchOptions, DAY, HOUR, MINUTE, people, phone, SECOND, withMethod } from '../support/bench.js'

const failed = (error: unknown) => (isOutdialError(error) ? [error.code, error.details.field] : [String(error)])
/** 60 cents a minute by the second, calls of half a minute: 30 cents each, and 600 at worst. */
const RATES: RateSheet = { default: { perMinute: 60 }, book: 'rate', version: 'autumn' }
const bench = (sheet: RateSheet = RATES, more: BenchOptions = {}) =>
  new Bench({ ...more, engine: { rates: { sim: sheet }, ...more.engine } })
const campaign = { maxDuration: '10m', contacts: people(50) } as const

/** What a campaign has spent, as its calls were booked. */
async function booked(job: CallJob): Promise<number> {
  let sum = 0
  for await (const { calls } of job.tasks()) for (const call of calls) sum += call.booked ?? 0
  return sum
}

describe('a budget', () => {
  it('is reached call by call, and pauses the job once nothing can come back', async () => {
    const world = bench()
    const engine = await world.started()
    const job = await engine.calls.create(world.campaign({ ...campaign, budget: { total: 1300 } }))
    await world.clock.advance(MINUTE)
    // Two calls may cost 1200, so a third has to wait.
    expect(Math.max(...liveCalls(world))).toBe(2)
    expect((await job.snapshot()).state).toBe('running')
    await world.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'budget_exhausted', calls: { live: 0 } })
    const spent = await booked(job)
    expect(spent).toBeGreaterThan(1300 - 600)
    expect(spent).toBeLessThanOrEqual(1300)
    await world.clock.advance(3 * DAY)
    expect((await job.snapshot()).state).toBe('paused')
    await world.end(engine)
  })

  it('goes on when it is raised, and not when something else is changed or it is paused for something else', async () => {
    const world = bench()
    const engine = await world.started()
    const job = await engine.calls.create(world.campaign({ ...campaign, budget: { total: 650 } }))
    await world.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'budget_exhausted' })
    expect((await job.update({ attempts: 2, budget: { perDay: 9000 } })).state).toBe('paused')
    expect((await job.update({ budget: { total: 640 } })).state).toBe('paused')
    const before = await booked(job)
    expect((await job.update({ budget: { total: 5000 } })).state).toBe('running')
    await job.pause({ reason: 'mine' })
    expect(await job.update({ budget: { total: null } })).toMatchObject({ state: 'paused', reason: 'mine' })
    await job.resume()
    await world.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ state: 'completed', tasks: { succeeded: 50 } })
    expect(await booked(job)).toBe(50 * 30)
    expect(before).toBeLessThan(650)
    await world.end(engine)
  })

  it('of a day is over at midnight by the clocks of the job', async () => {
    const world = bench(RATES, { start: '2027-03-13T20:00:00Z' })
    const engine = await world.started()
    const job = await engine.calls.create(
      world.campaign({ ...campaign, budget: { perDay: 700 }, timezone: 'America/New_York' }),
    )
    await world.clock.advance(HOUR)
    const paused = await job.snapshot()
    expect(paused).toMatchObject({ state: 'paused', reason: 'daily_budget' })
    expect(new Date(paused.resumeAt as number).toISOString()).toBe('2027-03-14T05:00:00.000Z')
    const first = await booked(job)
    await world.clock.advanceTo(Date.parse('2027-03-14T06:00:00Z'))
    const second = await job.snapshot()
    expect(new Date(second.resumeAt as number).toISOString()).toBe('2027-03-15T04:00:00.000Z')
    expect(await booked(job)).toBe(2 * first)
    await world.end(engine)
  })

  it('of an organization is shared by its jobs, and raised while they wait', async () => {
    const world = bench()
    const engine = await world.started()
    await engine.setLimits({ organization: 'acme' }, { moneyPerDay: 700 })
    const options = world.campaign({ ...campaign, organization: 'acme' })
    const jobs = [await engine.calls.create(options), await engine.calls.create(options)]
    const other = await engine.calls.create({ ...options, organization: 'globex' })
    await world.clock.advance(HOUR)
    expect((await other.snapshot()).state).toBe('completed')
    for (const job of jobs)
      expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'organization_daily_budget' })
    const spent = (await booked(jobs[0] as CallJob)) + (await booked(jobs[1] as CallJob))
    expect(spent).toBeGreaterThan(100)
    expect(spent).toBeLessThanOrEqual(700)
    await engine.setLimits({ organization: 'acme' }, { moneyPerDay: null })
    await world.clock.advance(HOUR)
    for (const job of jobs) expect((await job.snapshot()).state).toBe('completed')
    expect(await engine.setLimits({ everything: true }, { moneyPerDay: 1 }).catch(failed)).toEqual([
      'invalid_options',
      'moneyPerDay',
    ])
    await world.end(engine)
  })

  it('of an organization is set although a job that waited for it is deleted meanwhile', async () => {
    const world = bench()
    const engine = await world.started()
    await engine.setLimits({ organization: 'default' }, { moneyPerDay: 0 })
    const job = await engine.calls.create(world.campaign(campaign))
    await world.clock.advance(MINUTE)
    expect((await job.snapshot()).reason).toBe('organization_daily_budget')
    const torn = withMethod(world.storage, 'listJobs', (original) => async (query) => {
      const page = await original(query)
      if (page.items.some(({ id }) => id === job.id)) await job.cancel().then(() => job.delete())
      return page
    })
    const other = world.engine(torn)
    await other.setLimits({ organization: 'default' }, { moneyPerDay: 5000 })
    expect(await engine.calls.get(job.id)).toBeUndefined()
    await world.end(engine)
  })

  it('of an organization may come from its directory', async () => {
    const directory = memoryDirectory({
      organizations: [{ id: 'acme', moneyPerDay: 700, timezone: 'America/New_York' }],
    })
    const world = bench(RATES, { engine: { directory }, start: '2027-01-04T20:00:00Z' })
    const engine = await world.started()
    const job = await engine.calls.create(world.campaign({ ...campaign, organization: 'acme' }))
    await world.clock.advance(HOUR)
    const { reason, resumeAt } = await job.snapshot()
    expect([reason, new Date(resumeAt as number).toISOString()]).toEqual([
      'organization_daily_budget',
      '2027-01-05T05:00:00.000Z',
    ])
    await world.end(engine)
  })

  it('needs rates, and whole numbers', async () => {
    const world = new Bench()
    const engine = await world.started()
    const create = (more: object) => engine.calls.create(world.campaign(more)).catch(failed)
    expect(await create({ budget: { total: 100 } })).toEqual(['invalid_options', 'budget'])
    expect(await create({ budget: { perDay: 1.5 } })).toEqual(['invalid_options', 'budget.perDay'])
    expect(await create({ reserve: 5 })).toEqual(['invalid_options', 'reserve'])
    const job = await engine.calls.create(world.campaign({ start: 'draft' }))
    expect(await job.update({ budget: { total: 5 } }).catch(failed)).toEqual(['invalid_options', 'budget'])
    await world.end(engine)
  })
})

describe('a call', () => {
  it('without a rate is not made', async () => {
    const world = bench({ prefixes: { [phone(1)]: { perMinute: 1 } } })
    const engine = await world.started()
    const why: (readonly string[])[] = []
    engine.on('task.deferred', ({ reasons }) => why.push(reasons))
    const job = await engine.calls.create(world.campaign({ contacts: people(2) }))
    await world.clock.advance(10 * MINUTE)
    expect(await job.snapshot()).toMatchObject({ state: 'running', tasks: { succeeded: 1, waiting: 1 } })
    expect(why).toEqual([['rate_unknown']])
    await world.end(engine)
  })

  it('is booked at what the carrier says, in its unit, and corrected when it says otherwise later', async () => {
    const world = bench({ default: { perMinute: 60 }, costUnit: 100 }, { carrier: { costPerMinute: 0.25 } })
    const connect = world.carrier.connect.bind(world.carrier)
    let say: Parameters<typeof connect>[0]['emit'] = () => {}
    Object.assign(world.carrier, {
      connect: (host: Parameters<typeof connect>[0]) => {
        say = host.emit
        return connect(host)
      },
    })
    const engine = await world.started()
    const corrected: unknown[] = []
    engine.on('call.corrected', ({ cost, booked }) => corrected.push([cost, booked]))
    const job = await engine.calls.create(world.campaign({ budget: { total: 9000 }, maxDuration: '10m' }))
    await world.clock.advance(MINUTE)
    expect(await booked(job)).toBe(25)
    const [ref] = (await job.task(0)).calls.map((call) => call.ref)
    for (const cost of [0.4, 0.4, 0.25]) {
      say({ ref: ref as string, type: 'ended', cost })
      await world.clock.advance(SECOND)
    }
    expect(corrected).toEqual([
      [0.4, 40],
      [0.25, 25],
    ])
    const { held, spent } = (await world.storage.usage([{ key: `money:job:${job.id}` }]))[0] as never
    expect([held, spent]).toEqual([0, 25_000_000])
    await world.end(engine)
  })

  // With 18 just as much is left as the rate says that the next call costs.
  it.each([10, 18])(
    'is counted at what the carrier says where the rate says that it costs nothing: %i',
    async (total) => {
      const world = bench({ default: { perMinute: 0 } }, { carrier: { costPerMinute: 9 } })
      const engine = await world.started()
      const options = { ...campaign, concurrency: 1, budget: { total } }
      const job = await engine.calls.create(world.campaign(options))
      await world.clock.advance(HOUR)
      expect(await job.snapshot()).toMatchObject({ state: 'paused', reason: 'budget_exhausted', calls: { placed: 2 } })
      const [used] = await world.storage.usage([{ key: `money:job:${job.id}` }])
      expect(used).toMatchObject({ held: 0, spent: 18e6 })
      await job.update({ budget: { total: 20 } })
      await world.clock.advance(HOUR)
      expect((await job.snapshot()).calls.placed).toBe(3)
      await world.end(engine)
    },
  )

  it('needs no money where the rate counts, and says that it costs nothing', async () => {
    const world = bench({ default: { perMinute: 0 }, book: 'rate' }, { carrier: { costPerMinute: 9 } })
    const engine = await world.started()
    const job = await engine.calls.create(world.campaign({ ...campaign, budget: { total: 0 } }))
    await world.clock.advance(HOUR)
    expect((await job.snapshot()).tasks.succeeded).toBe(50)
    expect(await booked(job)).toBe(0)
    await world.end(engine)
  })

  it('of which nobody knows what became counts at its worst', async () => {
    const world = bench(RATES, {
      carrier: { faults: { timeoutPlaced: 1, eventsLost: 1 } },
      capabilities: { lookup: false },
    })
    const engine = await world.started()
    const job = await engine.calls.create(world.campaign({ maxDuration: '10m', budget: { total: 900 } }))
    const counted = async () => (await world.storage.usage([{ key: `money:job:${job.id}` }]))[0]
    await world.clock.advance(MINUTE)
    expect(await counted()).toMatchObject({ held: 600_000_000, spent: 0 })
    await world.clock.advance(HOUR)
    expect(await job.snapshot()).toMatchObject({ reasons: { 'failed/outcome_unknown': 1 } })
    expect(await counted()).toMatchObject({ held: 0, spent: 600_000_000 })
    await world.end(engine)
  })
})

/** How many calls were live at the carrier after each of its doings. */
function liveCalls(world: Bench): number[] {
  let live = 0
  return world.entries().map(({ kind }) => {
    if (kind === 'placed') live++
    if (kind === 'ended') live--
    return live
  })
}
