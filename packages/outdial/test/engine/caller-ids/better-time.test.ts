import { describe, expect, it } from 'vitest'
import { Bench, HOUR, MINUTE, people, phone } from '../support/bench.js'

const quick = { setup: [100, 100], ring: [1000, 1000], talk: [10_000, 10_000] } as const
const ZONE = 'America/Denver'

describe('a retry at a better time', () => {
  it('calls in the morning, the afternoon and the evening where the person is, and only when people may be called', async () => {
    const bench = new Bench({ start: '2027-01-04T17:00:00Z', carrier: { ...quick, outcomes: { no_answer: 1 } } })
    const engine = await bench.started()
    await engine.calls.create(
      bench.campaign({
        contacts: [{ phone: phone(0), timezone: ZONE }],
        attempts: 7,
        retry: { no_answer: { anotherTimeOfDay: ['morning', 'afternoon', 'evening'] } },
        window: 'mon-fri 09:00-19:00',
      }),
    )
    await bench.clock.advance(9 * 24 * HOUR)
    const local = new Intl.DateTimeFormat('en-US', {
      timeZone: ZONE,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    })
    const parts = bench.entries('placed').map(({ at }) => {
      const [weekday, hour] = local.format(at).split(', ')
      expect(['Sat', 'Sun']).not.toContain(weekday)
      return Number(hour) < 12 ? 'morning' : Number(hour) < 17 ? 'afternoon' : 'evening'
    })
    expect(parts).toHaveLength(7)
    for (let i = 0; i + 2 < parts.length; i += 3) expect(new Set(parts.slice(i, i + 3)).size).toBe(3)
    for (let i = 1; i < parts.length; i++) expect(parts[i]).not.toBe(parts[i - 1])
    await bench.end(engine)
  })

  it('leaves contacts that were never called their share, and takes it back when told to', async () => {
    const bench = new Bench({ carrier: { ...quick, outcomes: { busy: 1 } } })
    const engine = await bench.started()
    const job = await engine.calls.create(
      bench.campaign({
        contacts: people(400),
        cps: 1,
        attempts: 50,
        retry: { busy: { delays: ['1s'] } },
        freshShare: 0.75,
      }),
    )
    await bench.clock.advance(2 * MINUTE)
    const first = new Set(bench.entries('placed').map(({ to }) => to)).size
    const calls = bench.entries('placed').length
    expect(first / calls).toBeGreaterThan(0.7)
    expect(first / calls).toBeLessThan(0.85)
    await job.update({ freshShare: null })
    await bench.clock.advance(2 * MINUTE)
    const later = new Set(bench.entries('placed').map(({ to }) => to)).size
    // Those due again come first, and there are always some.
    expect(later - first).toBeLessThan((bench.entries('placed').length - calls) / 5)
    await bench.end(engine)
  })
})
