import { numberZones, type RuleSet, rules } from 'outdial'
import { describe, expect, it } from 'vitest'
import { Bench } from '../engine/support/bench.js'

const ALL: readonly [name: string, rule: RuleSet][] = [
  ['unitedStates', rules.unitedStates()],
  ['florida', rules.florida()],
  ['oklahoma', rules.oklahoma()],
  ['regulationF', rules.regulationF()],
  ['france', rules.france()],
]

describe('the rule sets that come along', () => {
  it.each(ALL)('%s has a source and the date from which it counts', (_, rule) => {
    expect(rule.source.length).toBeGreaterThan(40)
    expect(rule.effectiveFrom).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(rule.effectiveFrom).toBe(rule.version)
  })

  it('are taken by a job, all at once', async () => {
    const bench = new Bench({ start: '2027-01-04T00:00:00Z', engine: { zones: numberZones() } })
    const engine = bench.engine()
    const job = await engine.calls.create(bench.campaign({ rules: ALL.map(([, rule]) => rule), start: 'draft' }))
    const { spec } = await job.snapshot()
    expect(spec).toMatchObject({ rules: ALL.map(([, { id }]) => ({ id })) })
    await engine.stop()
  })

  it('name area codes that are in the zones of their states', () => {
    const { zonesOf } = numberZones()
    for (const code of rules.FLORIDA_AREA_CODES) {
      const zones = zonesOf(`+1${code}5550100`)
      expect(zones.length).toBeGreaterThan(0)
      for (const zone of zones) expect(['America/New_York', 'America/Chicago']).toContain(zone)
    }
    for (const code of rules.OKLAHOMA_AREA_CODES) expect(zonesOf(`+1${code}5550100`)).toEqual(['America/Chicago'])
  })

  it.each([
    [2024, ['2024-04-01', '2024-05-09', '2024-05-20']],
    [2026, ['2026-04-06', '2026-05-14', '2026-05-25']],
    [2027, ['2027-03-29', '2027-05-06', '2027-05-17']],
    [2038, ['2038-04-26', '2038-06-03', '2038-06-14']],
  ])('know when Easter Monday, Ascension and Whit Monday are in %i', (year, moving) => {
    const dates = rules.holidaysOfFrance(year)
    expect(dates).toEqual(expect.arrayContaining(moving))
    expect(new Set(dates).size).toBe(11)
    expect([...dates].sort()).toEqual(dates)
  })
})
