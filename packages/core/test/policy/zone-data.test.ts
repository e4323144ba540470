import { describe, expect, it } from 'vitest'
import { offsetAt } from '../../src/policy/zone.js'

describe('every zone there is', () => {
  // The offset of a day is taken from its two ends, so two changes within one day would be missed.
  it('changes its clocks at most once in three days, whichever it is', () => {
    const step = 86_400_000
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const changes: number[] = []
      for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2028, 0, 1); at += step) {
        if (offsetAt(zone, at) !== offsetAt(zone, at + step)) changes.push(at)
      }
      for (let i = 1; i < changes.length; i++) {
        expect((changes[i] ?? 0) - (changes[i - 1] ?? 0), zone).toBeGreaterThan(3 * step)
      }
    }
  })
})
