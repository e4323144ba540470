import { describe, expect, it } from 'vitest'
import { RESOURCE_SPECIFICATION, runResourceConformance } from '../../../src/resources/index.js'
import { depotHarness } from '../support/depot-harness.js'
import { SABOTAGES, type Sabotage } from './sabotages.js'

const IDS = RESOURCE_SPECIFICATION.flatMap(({ rules }) => rules.map(({ id }) => id))

describe('a sabotaged back end', () => {
  it('should be there for every rule', () => {
    const named = SABOTAGES.flatMap(({ fails }) => fails)
    expect(IDS.filter((id) => !named.includes(id))).toEqual([])
    expect(new Set(SABOTAGES.map(({ name }) => name)).size).toBe(SABOTAGES.length)
  })

  it.each(SABOTAGES)('that $name should break its rules and keep all others', async (sabotage) => {
    expect(await broken(sabotage)).toEqual(sabotage.fails)
  })
})

/** The rules that the back end breaks. */
async function broken({ name, change }: Sabotage): Promise<string[]> {
  const { levels } = await runResourceConformance(depotHarness(name, change))
  return Object.values(levels)
    .flatMap(({ failures }) => failures.map(({ rule }) => rule))
    .sort()
}
