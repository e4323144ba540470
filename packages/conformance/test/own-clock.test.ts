import { memoryStorage } from '@outdial/storage-memory'
import { expect, it } from 'vitest'
import { runConformance, SPECIFICATION } from '../src/index.js'
import { realClock } from '../src/support/real-clock.js'
import { patched } from './sabotage/sabotage.js'

/** Rules of every kind that go by time. All of them take a minute and a half: `OWN_CLOCK=all`. */
const SOME = [
  'S-040',
  'S-042',
  'S-047',
  'S-051',
  'S-064',
  'S-076',
  'S-092',
  'S-125',
  'S-126',
  'S-130',
  'S-135',
  'S-165',
  'S-211',
]
const all = process.env.OWN_CLOCK === 'all'

it('a store with a time of its own passes as well, in real time', { timeout: 600_000 }, async () => {
  const create = async () => ({
    storage: patched(
      (inner) => ({ open: ({ random }) => inner.open({ clock: realClock, random }) }),
      memoryStorage({ events: 100_000 }),
    ),
    destroy: async () => {},
  })
  const rules = all ? SPECIFICATION.flatMap((area) => area.rules.map(({ id }) => id)) : SOME
  const { levels } = await runConformance({ name: 'real', clock: 'own', granularityMs: 20, create }, { rules, runs: 5 })
  expect(Object.values(levels).flatMap(({ failures }) => failures)).toEqual([])
  expect(levels.core.notTried).toContain('S-211')
})
