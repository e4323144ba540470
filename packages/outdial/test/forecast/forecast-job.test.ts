import { type Estimate, forecast } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone, SECOND } from '../engine/support/bench.js'

const START = '2027-01-04T15:00:00Z'
/** Everybody answers after ten seconds, and talks for 48: with the two that it takes to ring, a minute. */
const PLAIN = { outcomes: { answered: 1 }, ring: [10_000, 10_000], talk: [48_000, 48_000], uncertainty: 0 } as const
const exactly = (number: number): Estimate => ({ low: number, expected: number, high: number })

describe('a forecast for a campaign that is stored', () => {
  it('comes to what can be reckoned, and changes nothing', async () => {
    const bench = new Bench({ start: START })
    const engine = bench.engine()
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts: people(100), concurrency: 10 }))
    const before = await job.snapshot()
    const told = await forecast(job, { assume: { ...PLAIN, costPerMinute: 3 } })
    expect(told).toMatchObject({
      jobId: job.id,
      at: bench.clock.start,
      from: bench.clock.start,
      assumed: { from: 'given' },
      sample: { contacts: 100, of: 100 },
      beginsAt: bench.clock.start,
      endsAt: exactly(bench.clock.start + 10 * MINUTE),
      calls: exactly(100),
      minutes: exactly(80),
      cost: exactly(300),
      contacts: { total: 100, succeeded: exactly(100), open: exactly(0) },
      hours: [{ at: bench.clock.start, calls: exactly(100), answered: exactly(100) }],
    })
    expect(await job.snapshot()).toEqual(before)
    expect(bench.entries()).toEqual([])
  })

  it('goes on from where the campaign is: its calls so far, what they came to, its lists and caps', async () => {
    const bench = new Bench({ start: START, carrier: { outcomes: { no_answer: 1 } } })
    const engine = await bench.started()
    const caps = [{ per: 'phone' as const, max: 1, within: '1d' }]
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(100), attempts: 2, retry: { no_answer: ['1h'] }, caps }),
    )
    await bench.clock.advance(2 * MINUTE)
    expect((await job.snapshot()).byOutcome).toEqual({ no_answer: 100 })
    await bench.storage.setList('suppressed:everything', { add: [phone(3), phone(4)] })
    const own = await forecast(job)
    expect(own).toMatchObject({
      assumed: { from: 'job', outcomes: { no_answer: 1 } },
      calls: exactly(98),
      contacts: { total: 100, succeeded: exactly(0), failed: exactly(98), skipped: exactly(2), open: exactly(0) },
    })
    // The cap allows the second call a day after the first.
    expect(own.beginsAt).toBe(bench.clock.start + 24 * HOUR)
    const given = await forecast(job, { assume: PLAIN, days: 0.5 })
    expect(given).toMatchObject({ calls: exactly(0), contacts: { open: { high: 100 } } })
    await bench.end(engine)
  })

  it('begins when the campaign does, in its hours', async () => {
    const bench = new Bench({ start: '2027-01-04T06:00:00Z' })
    const engine = bench.engine()
    const window = { timezone: 'UTC', hours: '09:00-10:00' }
    const zoneBy = 'job'
    const start = '2027-02-01T09:30:00Z'
    const job = await engine.calls.create(
      bench.campaign({ contacts: people(90), window, zoneBy, start, concurrency: 1 }),
    )
    const told = await forecast(job, { assume: PLAIN, runs: 1 })
    const first = Date.parse(start)
    expect(told).toMatchObject({ from: first, beginsAt: first, calls: exactly(90) })
    expect(told.hours.filter(({ calls }) => calls.expected > 0).map(({ at }) => (at - first) / HOUR)).toEqual([
      -0.5, 23.5,
    ])
  })

  it('lets some stand for all, and divides what they share', async () => {
    const bench = new Bench({ start: START })
    const engine = bench.engine()
    const contacts = Array.from({ length: 2000 }, (_, i) => ({ phone: `+1202555${String(i).padStart(4, '0')}` }))
    const job = await engine.calls.create(bench.campaign({ start: 'draft', contacts, concurrency: 100 }))
    const whole = await forecast(job, { assume: PLAIN, runs: 1 })
    const part = await forecast(job, { assume: PLAIN, runs: 1, sample: 200 })
    expect(part.sample).toEqual({ contacts: 200, of: 2000 })
    expect(part.calls).toEqual(whole.calls)
    expect(part.minutes).toEqual(whole.minutes)
    expect(Math.abs((part.endsAt?.expected ?? 0) - (whole.endsAt?.expected ?? 0))).toBeLessThan(60 * SECOND)
    // One at a time cannot be divided.
    await job.update({ concurrency: 1 })
    expect((await forecast(job, { assume: PLAIN, runs: 1, sample: 1000, days: 0.1 })).sample.contacts).toBe(2000)
  })

  it('has ranges where answers are left to chance, and is the same for the same seed', async () => {
    const bench = new Bench({ start: START })
    const job = await bench
      .engine()
      .calls.create(bench.campaign({ start: 'draft', contacts: people(300), attempts: 2, concurrency: 20 }))
    const told = await forecast(job, { runs: 5 })
    expect(told.assumed.from).toBe('default')
    for (const { low, expected, high } of [
      told.calls,
      told.minutes,
      told.contacts.succeeded,
      told.endsAt as Estimate,
    ]) {
      expect(low).toBeLessThan(high)
      expect(expected).toBeGreaterThanOrEqual(low)
      expect(expected).toBeLessThanOrEqual(high)
    }
    expect(await forecast(job, { runs: 5 })).toEqual(told)
  })

  it('has nothing left to say of a campaign that has ended, and takes no nonsense', async () => {
    const bench = new Bench({ start: START })
    const job = await bench.engine().calls.create(bench.campaign({ start: 'draft' }))
    await expect(forecast(job, { runs: 0 })).rejects.toMatchObject({ details: { field: 'runs' } })
    await expect(forecast(job, { sample: 0 })).rejects.toMatchObject({ details: { field: 'sample' } })
    await expect(forecast(job, { days: 0 })).rejects.toMatchObject({ details: { field: 'days' } })
    await expect(forecast(job, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
    await job.cancel()
    expect(await forecast(job)).toMatchObject({ calls: exactly(0), sample: { contacts: 0, of: 0 }, hours: [] })
  })
})
