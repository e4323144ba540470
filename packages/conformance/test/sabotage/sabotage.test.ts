import { describe, expect, it } from 'vitest'
import { runConformance, SPECIFICATION } from '../../src/index.js'
import { CLIENTS } from './clients.js'
import { CRASHES } from './crashes.js'
import { PEOPLE } from './people.js'
import { RULES } from './rules.js'
import type { Sabotage } from './sabotage.js'

const ALL = [...CLIENTS, ...CRASHES, ...RULES, ...PEOPLE]
const IDS = SPECIFICATION.flatMap(({ rules }) => rules.map(({ id }) => id))
/** Rules that search for faults of any kind. */
const SEARCHES = ['S-210', 'S-211', 'S-212', 'S-213', 'S-214']
/** Rules that are about several workers, several clients, a crash or a lost reply, and no others. */
const ABOUT_FAULTS = /^S-(015|022|035|043|044|045|049|050|052|061|136|18\d|19\d|20\d|21[0-8])$/

describe('a sabotaged store', () => {
  it('should be one of at least twenty, eight of them wrong only under concurrency, crashes or lost replies', () => {
    expect(ALL.length).toBeGreaterThanOrEqual(20)
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length)
    const underFaults = ALL.filter(({ fails }) => fails.every((id) => ABOUT_FAULTS.test(id)))
    expect(underFaults).toEqual(ALL.filter((sabotage) => sabotage.underFaults))
    expect(underFaults.length).toBeGreaterThanOrEqual(8)
  })

  it.each(ALL)('that $name should break its rules and keep all others', async (sabotage) => {
    expect(sabotage.fails).not.toEqual([])
    expect(
      await broken(
        sabotage,
        IDS.filter((id) => !SEARCHES.includes(id)),
      ),
    ).toEqual(sabotage.fails)
  })

  it.each(ALL.filter(({ search }) => search !== undefined))(
    'that $name should be found by a search as well',
    async (sabotage) => {
      expect(await broken(sabotage, [sabotage.search ?? ''])).toEqual([sabotage.search])
    },
  )
})

/** The rules of these that the store breaks. */
async function broken(sabotage: Sabotage, rules: readonly string[]): Promise<string[]> {
  const harness = { name: sabotage.name, clock: 'given', create: async () => sabotage.make() } as const
  const { levels } = await runConformance(harness, { rules, runs: 150, shrink: false })
  return Object.values(levels)
    .flatMap(({ failures }) => failures.map(({ rule }) => rule))
    .sort()
}
