import { type Estimate, type ForecastOptions, forecast } from 'outdial'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Monday, five in the morning on the East Coast. */
const AT = Date.UTC(2027, 0, 4, 10)
const people = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, i) => ({ phone: `+1202555${String(i).padStart(4, '0')}`, ...more }))
const campaign = (more: Partial<ForecastOptions> = {}): ForecastOptions => ({
  from: '+13035550100',
  at: AT,
  contacts: people(100),
  concurrency: 10,
  ...more,
})
/** Everybody answers after ten seconds, and talks for 48: with the two that it takes to ring, a minute. */
const PLAIN = { outcomes: { answered: 1 }, ring: [10_000, 10_000], talk: [48_000, 48_000], uncertainty: 0 } as const
const exactly = (number: number): Estimate => ({ low: number, expected: number, high: number })

describe('a forecast', () => {
  it('comes to what can be reckoned where nothing is left to chance', async () => {
    const told = await forecast(campaign({ assume: { ...PLAIN, costPerMinute: 3 } }))
    expect(told).toMatchObject({
      intake: { read: 100, accepted: 100 },
      beginsAt: AT,
      endsAt: exactly(AT + 10 * MINUTE),
      calls: exactly(100),
      minutes: exactly(80),
      cost: exactly(300),
      contacts: { total: 100, succeeded: exactly(100), failed: exactly(0), open: exactly(0) },
      byOutcome: { answered: 100 },
      hours: [{ at: AT, calls: exactly(100), answered: exactly(100) }],
    })
  })

  it('says what limits make of it', async () => {
    const slow = await forecast(campaign({ assume: PLAIN, limits: { everything: { cps: 0.1 } } }))
    expect(slow.endsAt?.expected).toBeGreaterThanOrEqual(AT + 990_000 + MINUTE)
    expect(slow.endsAt?.expected).toBeLessThan(AT + 1_020_000 + MINUTE)
    const narrow = await forecast(campaign({ assume: PLAIN, limits: { routes: { forecast: { concurrency: 1 } } } }))
    expect(narrow.endsAt).toEqual(exactly(AT + 100 * MINUTE))
  })

  it('calls in calling hours alone, and tells of the hours between', async () => {
    const window = 'mon-fri 09:00-10:00'
    const timezone = 'America/New_York'
    const told = await forecast(campaign({ contacts: people(1000), window, timezone, assume: PLAIN }))
    const opens = AT + 4 * HOUR
    expect(told.beginsAt).toBe(opens)
    const busy = told.hours.filter(({ calls }) => calls.high > 0).map(({ at }) => (at - opens) / HOUR)
    expect(busy).toEqual([0, 24])
    expect(told.hours).toHaveLength(25)
    expect(told.endsAt?.expected).toBeLessThan(opens + 25 * HOUR)
  })

  it('is a range where answers are left to chance, and the same for the same seed', async () => {
    const options = campaign({ contacts: people(1000), attempts: 3, assume: { costPerMinute: 2, seed: 7 } })
    const told = await forecast(options)
    const { calls, minutes, cost, contacts, endsAt } = told
    for (const estimate of [calls, minutes, cost, contacts.succeeded, contacts.failed, endsAt]) {
      const { low, expected, high } = estimate as Estimate
      expect(low).toBeLessThan(high)
      expect(expected).toBeGreaterThanOrEqual(low)
      expect(expected).toBeLessThanOrEqual(high)
    }
    expect(Object.values(told.byOutcome).reduce((sum, count) => sum + count, 0)).toBe(calls.expected)
    expect(told.hours.reduce((sum, hour) => sum + hour.calls.expected, 0)).toBe(calls.expected)
    expect(contacts.succeeded.expected + contacts.failed.expected).toBe(contacts.total)
    expect(await forecast(options)).toEqual(told)
    expect(await forecast({ ...options, assume: { costPerMinute: 2, seed: 8 } })).not.toEqual(told)
  })

  it('says what will not have ended in the time it looks ahead', async () => {
    const told = await forecast(campaign({ contacts: people(1000), concurrency: 1, days: 0.5, assume: PLAIN }))
    expect(told.endsAt).toBeUndefined()
    expect(told.contacts.open.expected).toBeGreaterThan(270)
    expect(told.contacts.open.expected + told.contacts.succeeded.expected).toBe(1000)
  })

  it('looks as far from a start that is far away', async () => {
    const start = new Date(AT + 400 * 24 * HOUR).toISOString()
    const told = await forecast(campaign({ start, days: 1, assume: PLAIN }))
    expect(told.beginsAt).toBe(AT + 400 * 24 * HOUR)
    expect(told.endsAt).toBeDefined()
  })

  it('reads its contacts once, checks them as a campaign does, and says nothing of a price nobody gave', async () => {
    function* once() {
      yield* [{ phone: '+12025550100', debt: '12' }, { phone: 'nonsense' }, { phone: '+12025550101', debt: 'much' }]
    }
    const variables = z.object({ debt: z.coerce.number() })
    const told = await forecast({ from: '+13035550100', at: AT, contacts: once(), variables, assume: PLAIN })
    expect(told.intake).toMatchObject({ read: 3, accepted: 1, rejectedRows: 2 })
    expect(told.calls).toEqual(exactly(1))
    expect(told).not.toHaveProperty('cost')
  })

  it.each<[string, Partial<ForecastOptions>]>([
    ['days', { days: 0 }],
    ['assume.uncertainty', { assume: { uncertainty: 1 } }],
    ['assume.talk', { assume: { talk: [2, 1] } }],
    ['assume.costPerMinute', { assume: { costPerMinute: -1 } }],
    ['attempts', { attempts: 0 }],
  ])('does not take a wrong %s', async (field, more) => {
    await expect(forecast(campaign(more))).rejects.toMatchObject({ code: 'invalid_options', details: { field } })
  })

  it('has nothing to say of nobody', async () => {
    await expect(forecast(campaign({ contacts: [] }))).rejects.toMatchObject({ code: 'no_contacts' })
  })
})
