import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOf } from '../src/fields/zone-time.js'

describe('instantOf', { timeout: 60_000 }, () => {
  it('should find the instant that a clock in the zone shows, or the one behind the gap', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const instant = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 60_000))
    fc.assert(
      fc.property(zone, instant, (name, at) => {
        const local = clock(at, name)
        const found = instantOf(local, name)
        // The time was read off a clock, so it exists; when it happens twice, the first is found.
        expect(clock(found, name)).toBe(local)
        expect(found).toBeLessThanOrEqual(at)
      }),
      { numRuns: 3_000 },
    )
  })

  it('should shift a time that is left out forward, by what was left out', () => {
    const gap = Date.UTC(2026, 2, 29, 1)
    for (let minute = 0; minute < 60; minute++) {
      const local = gap + minute * 60_000
      expect(clock(instantOf(local, 'Europe/London'), 'Europe/London')).toBe(local + 3_600_000)
    }
  })
})

// Helpers

/** What a clock shows, as if it were UTC; another way than that of the code under test. */
function clock(at: number, zone: string): number {
  const text = new Date(at).toLocaleString('sv-SE', { timeZone: zone })
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}
