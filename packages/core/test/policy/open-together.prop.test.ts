import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Blackout, CallingWindow } from '../../src/policy/calling-window.js'
import { closesAt, isOpen, nextOpen, openIntervals } from '../../src/policy/window.js'
import { parseWindow } from '../../src/policy/window-options.js'
import { joinZones } from '../../src/policy/zones.js'
import { openByWallClock, type PlainWindow, plainWindow, wallClock, ZONES, zoneAndInstant } from './wall-clock.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A window with all that it may have, as near to the instant in question as to matter. */
interface Full extends PlainWindow {
  blackouts: Blackout[]
  from: string | undefined
  until: string | undefined
}

const date = (at: number) => new Date(at).toISOString().slice(0, 10)

const near = (at: number, days: number) => fc.integer({ min: -days * DAY, max: days * DAY }).map((by) => at + by)

const fullWindow = (at: number): fc.Arbitrary<Full> =>
  fc
    .record({
      plain: plainWindow,
      blackouts: fc.array(
        fc.record({
          from: near(at, 3),
          length: fc.integer({ min: 1, max: 2 * DAY }),
          local: fc.boolean(),
          whole: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      from: fc.option(near(at, 3).map(date), { nil: undefined }),
      until: fc.option(near(at, 5).map(date), { nil: undefined }),
    })
    .map(({ plain, blackouts, from, until }) => ({
      ...plain,
      from,
      until: until !== undefined && from !== undefined && until <= from ? undefined : until,
      blackouts: blackouts.map(({ from: start, length, local, whole }) => {
        const begins = whole ? Math.floor(start / DAY) * DAY : start
        return { from: begins, until: begins + length, ...(local && { local }) }
      }),
    }))

const compile = ({ hours, closedOn, blackouts, from, until }: Full): CallingWindow => ({
  ...parseWindow({ ...hours, closedOn }, 'window'),
  ...(blackouts.length > 0 && { blackouts }),
  ...(from !== undefined && { from }),
  ...(until !== undefined && { until }),
})

/** Told from the clock on the wall, one window and one zone after the other. */
function openByClocks(windows: readonly Full[], zones: readonly string[], at: number): boolean {
  return windows.every((window) =>
    zones.every((zone) => {
      const shown = wallClock(zone, at)
      if (window.from !== undefined && shown.date < window.from) return true
      if (window.until !== undefined && shown.date >= window.until) return true
      const dark = window.blackouts.some(({ from, until, local }) => {
        const now = local ? shown.reading : at
        return from <= now && now < until
      })
      return !dark && openByWallClock(window, zone, at)
    }),
  )
}

const situation = zoneAndInstant.chain(({ zone, at }) =>
  fc.record({
    at: fc.constant(at),
    windows: fc.array(fullWindow(at), { minLength: 1, maxLength: 3 }),
    zones: fc.array(fc.constantFrom(...ZONES), { maxLength: 2 }).map((others) => [...new Set([zone, ...others])]),
  }),
)

describe('several windows in several zones, judged by the clocks on the wall', () => {
  it('are open exactly when all of them are in all of them, at no other instant', () => {
    fc.assert(
      fc.property(
        situation,
        fc.array(fc.integer({ min: -4 * DAY, max: 4 * DAY }), { maxLength: 20 }),
        ({ at, windows, zones }, by) => {
          const list = windows.map(compile)
          const where = joinZones(zones)
          for (const then of [at, ...by.map((one) => at + one)])
            expect(isOpen(list, where, then)).toBe(openByClocks(windows, zones, then))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('are so at every minute of the hours around a change of clocks', () => {
    fc.assert(
      fc.property(situation, ({ at, windows, zones }) => {
        const list = windows.map(compile)
        const where = joinZones(zones)
        for (let then = Math.floor(at / MINUTE) * MINUTE - 3 * HOUR; then < at + 3 * HOUR; then += MINUTE) {
          for (const instant of [then - 1, then]) {
            expect(isOpen(list, where, instant)).toBe(openByClocks(windows, zones, instant))
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('close at the first closed instant, and open next at the first open one', () => {
    fc.assert(
      fc.property(situation, ({ at, windows, zones }) => {
        const list = windows.map(compile)
        const where = joinZones(zones)
        const opens = nextOpen(list, where, at)
        const end = Math.min(opens ?? Number.POSITIVE_INFINITY, at + 4 * DAY)
        for (let then = at; then < end; then += 7 * MINUTE) expect(openByClocks(windows, zones, then)).toBe(false)
        if (opens === undefined) return
        expect(openByClocks(windows, zones, opens)).toBe(true)
        if (opens > at) expect(openByClocks(windows, zones, opens - 1)).toBe(false)
        const closes = closesAt(list, where, opens)
        if (closes === undefined) throw new Error('closed where it opens')
        for (let then = opens; then < Math.min(closes, opens + 4 * DAY); then += 7 * MINUTE)
          expect(openByClocks(windows, zones, then)).toBe(true)
        if (closes === Number.POSITIVE_INFINITY) return
        expect(openByClocks(windows, zones, closes - 1)).toBe(true)
        expect(openByClocks(windows, zones, closes)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('have open intervals that agree, the same in whatever order windows and zones are named', () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 0, max: 9 * DAY }), ({ at, windows, zones }, length) => {
        const list = windows.map(compile)
        const open = openIntervals(list, joinZones(zones), at, at + length)
        expect(openIntervals(list.toReversed(), joinZones(zones.toReversed()), at, at + length)).toEqual(open)
        for (let i = 1; i < open.length; i++) expect(open[i]).toBeGreaterThan(open[i - 1] ?? 0)
        for (const [i, boundary] of open.entries()) {
          if (boundary === at || boundary === at + length) continue
          expect(openByClocks(windows, zones, boundary)).toBe(i % 2 === 0)
          expect(openByClocks(windows, zones, boundary - 1)).toBe(i % 2 === 1)
        }
      }),
      { numRuns: 400 },
    )
  })
})

describe('windows that are open in no two zones at once', () => {
  it('are never open, and say so at once', () => {
    const short = parseWindow('09:00-10:00', 'window')
    const where = joinZones(['Asia/Tokyo', 'America/New_York'])
    expect(nextOpen(short, where, 0)).toBeUndefined()
    expect(closesAt(short, where, 0)).toBeUndefined()
    expect(openIntervals(short, where, 0, 30 * DAY)).toEqual([])
  })

  it('may open in another season, when clocks are changed in one of them only', () => {
    // Phoenix has the time of Denver in winter, that of Los Angeles in summer.
    const short = parseWindow('09:00-09:30', 'window')
    const where = joinZones(['America/Phoenix', 'America/Denver'])
    const opens = nextOpen(short, where, Date.parse('2026-06-01T00:00:00Z'))
    expect(new Date(opens ?? 0).toISOString()).toBe('2026-11-01T16:00:00.000Z')
  })

  it('are found again after a blackout of years, and after their own end', () => {
    const short = parseWindow(
      { hours: '09:00-10:00', blackouts: [{ from: '2026-01-01', until: '2029-01-01' }] },
      'window',
    )
    const at = Date.parse('2026-06-01T00:00:00Z')
    expect(new Date(nextOpen(short, 'UTC', at) ?? 0).toISOString()).toBe('2029-01-01T09:00:00.000Z')
    const ending = { ...parseWindow('09:00-10:00', 'window'), until: '2026-07-01' }
    expect(closesAt(ending, 'UTC', Date.parse('2026-07-01T00:00:00Z'))).toBe(Number.POSITIVE_INFINITY)
    expect(closesAt({ ...ending, from: '2026-06-20' }, 'UTC', at)).toBe(Date.parse('2026-06-20T00:00:00Z'))
  })
})
