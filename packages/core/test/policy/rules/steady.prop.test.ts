import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseOptions } from '../../../src/policy/options.js'
import { rulesSchema } from '../../../src/policy/rules/rule-set.js'
import { rulesFor, rulesSteadyUntil } from '../../../src/policy/rules/rules-for.js'

const HOUR = 3_600_000
const caps = [{ per: 'phone', max: 1, within: '1d' }] as const
const phone = '+13055550100'
// The clocks of New York change on the 8th.
const day = fc.integer({ min: 6, max: 10 }).map((of) => `2026-03-${String(of).padStart(2, '0')}`)
const zones = fc.subarray(['America/New_York', 'America/Los_Angeles', 'Asia/Tokyo', 'Pacific/Kiritimati', 'UTC'], {
  minLength: 1,
})

it('the rules for a person stay the same until the instant that is said, at most a day', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ effectiveFrom: day, days: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 3 }),
      zones,
      fc.integer({ min: 0, max: 9 * 24 * 60 }),
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 5, maxLength: 5 }),
      async (sets, names, minutes, shares) => {
        const rules = sets.map(({ effectiveFrom, days }, i) => {
          const until = new Date(Date.parse(effectiveFrom) + days * 24 * HOUR).toISOString().slice(0, 10)
          return { id: `r${i}`, version: '1', source: 'a test', effectiveFrom, effectiveUntil: until, caps }
        })
        const job = { window: null, timezone: 'UTC', caps: [], rules: parseOptions(rulesSchema, rules, 'rules') }
        const finder = { version: 'a test', zonesOf: () => names }
        const at = Date.parse('2026-03-04T00:00:00Z') + minutes * 60_000
        const until = rulesSteadyUntil(job, { phone }, at)
        expect(until).toBeGreaterThan(at)
        expect(until).toBeLessThanOrEqual(at + 24 * HOUR)
        const now = rulesFor(job, { phone }, at, finder).ids
        for (const share of [...shares, 1 - 1e-9]) {
          expect(rulesFor(job, { phone }, at + Math.floor((until - at) * share), finder).ids).toEqual(now)
        }
      },
    ),
    { numRuns: 1000 },
  )
})

it('rules without dates stay for ever', () => {
  const rules = parseOptions(rulesSchema, [{ id: 'r', version: '1', source: 'a test', caps }], 'rules')
  expect(rulesSteadyUntil({ window: null, timezone: 'UTC', caps: [], rules }, { phone }, 0)).toBe(Infinity)
  expect(rulesSteadyUntil({ window: null, timezone: 'UTC', caps: [] }, { phone }, 0)).toBe(Infinity)
})
