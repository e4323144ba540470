import { describe, expect, it } from 'vitest'
import { CARRIER_SPECIFICATION, runCarrierConformance } from '../../../src/carriers/index.js'
import { exchangeHarness } from '../support/exchange-harness.js'
import { ASKING } from './asking.js'
import { PLACING } from './placing.js'
import type { Sabotage } from './sabotage.js'
import { PUSHING, TELLING } from './telling.js'

const ALL = [...PLACING, ...TELLING, ...ASKING]
const IDS = CARRIER_SPECIFICATION.flatMap(({ rules }) => rules.map(({ id }) => id))

describe('a sabotaged carrier', () => {
  it('should be there for every rule', () => {
    const named = [...ALL, ...PUSHING].flatMap(({ fails }) => fails)
    expect(IDS.filter((id) => !named.includes(id))).toEqual([])
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length)
  })

  it.each(ALL)('that $name should break its rules and keep all others', async (sabotage) => {
    expect(await broken(sabotage, false)).toEqual(sabotage.fails)
  })

  it.each(PUSHING)('that pushes and $name should break its rules and keep all others', async (sabotage) => {
    expect(await broken(sabotage, true)).toEqual(sabotage.fails)
  })
})

/** The rules that the carrier breaks. */
async function broken({ name, change }: Sabotage, pushes: boolean): Promise<string[]> {
  const { levels } = await runCarrierConformance(exchangeHarness(name, { change, pushes }))
  return Object.values(levels)
    .flatMap(({ failures }) => failures.map(({ rule }) => rule))
    .sort()
}
