import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closesAt, isOpen, nextOpen, openIntervals } from '../../src/policy/window.js'
import { parseWindow } from '../../src/policy/window-options.js'
import { openByWallClock, type PlainWindow, plainWindow, wallClock, zoneAndInstant } from './wall-clock.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const compile = (plain: PlainWindow) => parseWindow({ ...plain.hours, closedOn: plain.closedOn }, 'window')

/** All whole minutes of a span, and its first and last millisecond: where a window can begin or end. */
function* minutesOf(from: number, until: number): Generator<number> {
  if (from >= until) return
  yield from
  for (let at = Math.ceil(from / MINUTE) * MINUTE; at < until; at += MINUTE) yield at
  yield until - 1
}

describe('a calling window, judged by the clock on the wall', () => {
  it('is open exactly when the clock shows a time inside it, in any zone, also while clocks change', () => {
    fc.assert(
      fc.property(plainWindow, zoneAndInstant, (plain, { zone, at }) => {
        expect(isOpen(compile(plain), zone, at)).toBe(openByWallClock(plain, zone, at))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is open at every minute of the hours around a change of clocks exactly when the clock says so', () => {
    fc.assert(
      fc.property(plainWindow, zoneAndInstant, (plain, { zone, at }) => {
        const window = compile(plain)
        for (const minute of minutesOf(at - 3 * HOUR, at + 3 * HOUR)) {
          expect(isOpen(window, zone, minute)).toBe(openByWallClock(plain, zone, minute))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('opens next at the first open instant: nothing before it is open', () => {
    fc.assert(
      fc.property(plainWindow, zoneAndInstant, (plain, { zone, at }) => {
        const opens = nextOpen(compile(plain), zone, at)
        // The window has hours on some weekday, and there are not enough closed dates to take them all.
        if (opens === undefined) throw new Error('never opens')
        expect(opens).toBeGreaterThanOrEqual(at)
        expect(openByWallClock(plain, zone, opens)).toBe(true)
        for (const minute of minutesOf(at, opens)) expect(openByWallClock(plain, zone, minute)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('closes at the first closed instant: all before it is open', () => {
    fc.assert(
      fc.property(plainWindow, zoneAndInstant, (plain, { zone, at }) => {
        const closes = closesAt(compile(plain), zone, at)
        expect(closes !== undefined).toBe(openByWallClock(plain, zone, at))
        if (closes === undefined) return
        if (closes !== Number.POSITIVE_INFINITY) expect(openByWallClock(plain, zone, closes)).toBe(false)
        // Windows without end, or open until a holiday in years, are looked at for a while, and at their end.
        const end = Math.min(closes, at + 31 * DAY)
        for (const minute of minutesOf(at, Math.min(end, at + DAY))) {
          expect(openByWallClock(plain, zone, minute)).toBe(true)
        }
        for (let then = at; then < end; then += 4 * HOUR) expect(openByWallClock(plain, zone, then)).toBe(true)
        if (closes !== Number.POSITIVE_INFINITY) expect(openByWallClock(plain, zone, closes - 1)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('closes a window that is open day and night at the first moment of a holiday, however far', () => {
    fc.assert(
      fc.property(zoneAndInstant, fc.integer({ min: 2, max: 2_000 }), ({ zone, at }, days) => {
        const { date } = wallClock(zone, at + days * DAY)
        const window = parseWindow({ hours: '00:00-24:00', closedOn: [date] }, 'window')
        const closes = closesAt(window, zone, at)
        if (closes === undefined) throw new Error('closed on another day')
        expect(wallClock(zone, closes).date).toBe(date)
        expect(wallClock(zone, closes - 1).date < date).toBe(true)
        // Not always the next day: where clocks go back at 00:01, the day before comes back for an hour.
        expect(wallClock(zone, nextOpen(window, zone, closes) ?? closes).date).not.toBe(date)
      }),
      { numRuns: 1_000 },
    )
  })

  it('has open intervals that are ascending, apart from each other, inside the span, and agree with the clock', () => {
    const span = fc.integer({ min: 0, max: 30 * DAY })
    const fractions = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 30 })
    fc.assert(
      fc.property(plainWindow, zoneAndInstant, span, fractions, (plain, { zone, at: from }, length, chosen) => {
        const until = from + length
        const intervals = openIntervals(compile(plain), zone, from, until)
        expect(intervals.length % 2).toBe(0)
        for (let i = 1; i < intervals.length; i++) expect(intervals[i]).toBeGreaterThan(intervals[i - 1] ?? 0)
        if (intervals.length > 0) {
          expect(intervals[0]).toBeGreaterThanOrEqual(from)
          expect(intervals.at(-1)).toBeLessThanOrEqual(until)
        }
        const inside = (at: number) => intervals.filter((boundary) => boundary <= at).length % 2 === 1
        const boundaries = intervals.flatMap((boundary) => [boundary - 1, boundary])
        const instants = chosen.map((fraction) => from + Math.floor(fraction * length))
        for (const at of [...boundaries, ...instants]) {
          if (at < from || at >= until) continue
          expect(inside(at)).toBe(openByWallClock(plain, zone, at))
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives the same answers in any order of asking, and from its JSON', () => {
    fc.assert(
      fc.property(plainWindow, fc.array(zoneAndInstant, { minLength: 1, maxLength: 40 }), (plain, questions) => {
        const window = compile(plain)
        const there = questions.map(({ zone, at }) => [isOpen(window, zone, at), nextOpen(window, zone, at)])
        const copy = JSON.parse(JSON.stringify(window)) as typeof window
        const back = questions.toReversed().map(({ zone, at }) => [isOpen(copy, zone, at), nextOpen(copy, zone, at)])
        expect(back.toReversed()).toEqual(there)
      }),
      { numRuns: 200 },
    )
  })
})
