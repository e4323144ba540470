import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterStart, type Pace, repaced, startsUntil, startTime } from '../../src/limits/gcra.js'

/** Times since 1970 are exact to a quarter of a microsecond, which is so much of a start at most. */
const EPSILON = 1e-3

const paces: fc.Arbitrary<Pace> = fc.record({
  rate: fc.oneof(fc.constantFrom(0.1, 1, 3, 10, 1000), fc.double({ min: 0.01, max: 200, noNaN: true })),
  burst: fc.integer({ min: 1, max: 20 }),
})
const NOW = 1_800_000_000_000
const idle = fc.constantFrom(0, NOW - 5000, NOW, NOW + 40, NOW + 30_000)

describe('startTime and afterStart', () => {
  // How long after the last one a start is asked for, and how much later than granted it is made (other limits delay it).
  const asked = fc.array(
    fc.record({ after: fc.constantFrom(0, 0, 1, 7, 100, 950, 5000), late: fc.constantFrom(0, 0, 20, 50) }),
  )

  it('should keep every window at rate × T + burst', () => {
    fc.assert(
      fc.property(paces, asked, (pace, requests) => {
        let tat = 0
        let now = NOW
        const starts: number[] = []
        for (const { after, late } of requests) {
          now += after
          const at = startTime(pace, tat, now, 1) + late
          tat = afterStart(pace, tat, at)
          starts.push(at)
        }

        expect(excess(pace, starts)).toBeLessThanOrEqual(EPSILON)
      }),
    )
  })

  it('should name the nth start as n grants in a row would', () => {
    fc.assert(
      fc.property(paces, idle, fc.integer({ min: 1, max: 40 }), (pace, tat, n) => {
        let grown = tat
        let at = NOW
        for (let i = 0; i < n; i++) {
          at = startTime(pace, grown, NOW, 1)
          grown = afterStart(pace, grown, at)
        }

        expect(Math.abs(startTime(pace, tat, NOW, n) - at)).toBeLessThan(0.01)
      }),
    )
  })

  it('should never name a time before now, and let a burst of an idle key start at once', () => {
    fc.assert(
      fc.property(paces, idle, (pace, tat) => {
        expect(startTime(pace, tat, NOW, 1)).toBeGreaterThanOrEqual(NOW)
        if (tat <= NOW) expect(startTime(pace, tat, NOW, pace.burst)).toBe(NOW)
        expect(startTime(pace, NOW, NOW, pace.burst + 1)).toBeGreaterThan(NOW)
      }),
    )
  })

  it('should not waste: one start more in that window would be too many', () => {
    fc.assert(
      fc.property(paces, idle, fc.nat(5000), (pace, tat, wait) => {
        const at = startTime(pace, tat, NOW, 1)
        if (at <= NOW + 0.001) return
        // Refused now: then since the key was last idle it has given away all that `rate × T + burst` allows.
        const debt = ((tat - NOW) * pace.rate) / 1000
        expect(debt).toBeGreaterThan(pace.burst - 1)
        expect(startTime(pace, tat, NOW + wait, 1)).toBeCloseTo(Math.max(at, NOW + wait), 3)
      }),
    )
  })
})

describe('startsUntil', () => {
  it('should count the starts that startTime puts before that time', () => {
    fc.assert(
      fc.property(paces, idle, fc.nat(10_000), (pace, tat, span) => {
        const until = NOW + span
        const n = startsUntil(pace, tat, NOW, until)

        expect(n).toBeGreaterThanOrEqual(0)
        expect(Number.isInteger(n)).toBe(true)
        if (n > 0) expect(startTime(pace, tat, NOW, n)).toBeLessThanOrEqual(until + 0.01)
        expect(startTime(pace, tat, NOW, n + 1)).toBeGreaterThan(until - 0.01)
      }),
    )
  })
})

describe('repaced', () => {
  it('should be a time again after what was no pace, as older versions could store it', () => {
    for (const rate of [0, Number.NaN, Number.POSITIVE_INFINITY, 1e-320]) {
      for (const burst of [1, Number.NaN]) {
        const tat = afterStart({ rate, burst }, NOW, NOW)
        const healed = repaced({ rate, burst }, { rate: 2, burst: 1 }, tat, NOW + 10)
        expect(healed).toBeGreaterThanOrEqual(NOW + 10)
        expect(healed).toBeLessThan(NOW + 1000)
      }
    }
    const pace = { rate: 2, burst: 1 }
    expect(startTime(pace, Number.NaN, NOW, 2)).toBe(NOW + 500)
    expect(afterStart(pace, Number.NaN, NOW)).toBe(NOW + 500)
  })

  const steps = fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ after: fc.constantFrom(0, 0, 10, 300, 2000), asked: fc.constant(true) }) },
      { weight: 1, arbitrary: fc.record({ after: fc.constantFrom(0, 0, 100), to: paces }) },
    ),
  )

  it('should keep every window at what its paces allow, taken together', () => {
    fc.assert(
      fc.property(paces, steps, (first, drawn) => {
        let pace = first
        let now = NOW
        let tat = 0
        const history = [{ from: Number.NEGATIVE_INFINITY, pace }]
        const starts: number[] = []
        for (const step of drawn) {
          now += step.after
          if ('to' in step) {
            tat = repaced(pace, step.to, tat, now)
            pace = step.to
            history.push({ from: now, pace })
            continue
          }
          // Whoever may not start now does not start.
          if (startTime(pace, tat, now, 1) > now) continue
          tat = afterStart(pace, tat, now)
          starts.push(now)
        }

        for (const [i, from] of starts.entries()) {
          for (let j = i; j < starts.length; j++) {
            const until = starts[j] as number
            const inForce = history.filter(
              (_, n) => (history[n + 1]?.from ?? Number.POSITIVE_INFINITY) >= from && (history[n]?.from ?? 0) <= until,
            )
            const paid = inForce.reduce((sum, { from: since, pace: { rate } }) => {
              const end = history.find((next) => next.from > since)?.from ?? Number.POSITIVE_INFINITY
              return sum + (Math.max(0, Math.min(until, end) - Math.max(from, since)) * rate) / 1000
            }, 0)
            const burst = Math.max(...inForce.map((each) => each.pace.burst))
            expect(j - i + 1).toBeLessThanOrEqual(paid + burst + EPSILON)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it('should forgive nothing and add nothing', () => {
    fc.assert(
      fc.property(paces, paces, fc.nat(100_000), (from, to, debt) => {
        const owed = (pace: Pace, tat: number): number => ((tat - NOW) * pace.rate) / 1000

        expect(owed(to, repaced(from, to, NOW + debt, NOW))).toBeCloseTo(owed(from, NOW + debt), 2)
        expect(repaced(from, to, NOW - debt, NOW)).toBeLessThanOrEqual(NOW)
        expect(repaced(undefined, to, NOW + debt, NOW)).toBeLessThanOrEqual(NOW)
      }),
    )
  })
})

// Helpers

/** By how many starts the worst window is over `rate × T + burst`; negative when none is. */
function excess({ rate, burst }: Pace, starts: readonly number[]): number {
  const sorted = [...starts].sort((a, b) => a - b)
  let worst = Number.NEGATIVE_INFINITY
  for (const [i, from] of sorted.entries()) {
    for (let j = i; j < sorted.length; j++) {
      const allowed = (((sorted[j] as number) - from) * rate) / 1000 + burst
      worst = Math.max(worst, j - i + 1 - allowed)
    }
  }
  return worst
}
