import { describe, expect, it } from 'vitest'
import { REGRESSIONS } from './support/regressions.js'
import { runSeed } from './support/run-seed.js'

/** `OUTDIAL_SEED=7` runs that one; `OUTDIAL_SEEDS=1000` runs so many; `OUTDIAL_FIRST` says from which on. */
const { OUTDIAL_SEED, OUTDIAL_SEEDS = '24', OUTDIAL_FIRST = '1000' } = process.env
const fresh = Array.from({ length: Number(OUTDIAL_SEEDS) }, (_, i) => Number(OUTDIAL_FIRST) + i)
const seeds = OUTDIAL_SEED === undefined ? [...REGRESSIONS.map(({ seed }) => seed), ...fresh] : [Number(OUTDIAL_SEED)]

describe('whole-engine runs from seeds', () => {
  it.each(seeds)('seed %i keeps every guarantee after every step', async (seed) => {
    const { violations } = await runSeed(seed)
    const again = `again: npm run simulate -- --seeds 1 --first ${seed}`
    expect(violations, again).toEqual([])
  })

  it('is the same run again for the same seed', async () => {
    for (const seed of [3, 6]) {
      const [first, second] = [await runSeed(seed), await runSeed(seed)]
      expect(second.hash).toBe(first.hash)
      expect(second.calls).toBeGreaterThan(0)
    }
  })
})
