import { describe, expect, it } from 'vitest'
import { isOutdialError } from '../../../src/errors/outdial-error.js'
import { parseOptions } from '../../../src/policy/options.js'
import { type RuleSet, rulesSchema } from '../../../src/policy/rules/rule-set.js'
import { allCaps, ruleClassOf, rulesFor } from '../../../src/policy/rules/rules-for.js'

const parse = (rules: readonly RuleSet[]) => parseOptions(rulesSchema, rules, 'rules')
const job = (rules: readonly RuleSet[], timezone = 'UTC') => ({ window: null, timezone, caps: [], rules: parse(rules) })
const base = { version: '1', source: 'a test' }
const FLORIDA = '+13055550100'

describe('rule sets', () => {
  it('are for the numbers that begin as they say, all that are for one together', () => {
    const ruled = job([
      { ...base, id: 'all', caps: [{ per: 'phone', max: 9, within: '1d' }] },
      { ...base, id: 'us', appliesTo: { prefixes: ['+1'] }, window: '08:00-21:00' },
      {
        ...base,
        id: 'fl',
        appliesTo: { prefixes: ['+1786', '+1305'] },
        window: '08:00-20:00',
        caps: [{ per: 'phone', max: 3, within: '1d' }],
      },
    ])
    const florida = rulesFor(ruled, { phone: FLORIDA }, 0)
    expect(florida.ids).toEqual(['all@1', 'us@1', 'fl@1'])
    expect(florida.windows.map(({ rule }) => rule)).toEqual(['us@1', 'fl@1'])
    expect(florida.caps).toEqual([{ per: 'phone', max: 3, windowMs: 86_400_000 }])
    expect(rulesFor(ruled, { phone: '+13015550100' }, 0).ids).toEqual(['all@1', 'us@1'])
    expect(rulesFor(ruled, { phone: '+33199000000' }, 0).ids).toEqual(['all@1'])
    expect(allCaps(ruled)).toHaveLength(2)
  })

  it('are the same object for numbers for which the same count', () => {
    const ruled = job([{ ...base, id: 'us', appliesTo: { prefixes: ['+1202', '+1305'] }, closedOn: ['2026-12-25'] }])
    expect(rulesFor(ruled, { phone: FLORIDA }, 0)).toBe(rulesFor(ruled, { phone: '+12025550100' }, 9))
    expect(ruleClassOf(ruled, '+33199000000').rules).toEqual([])
  })

  it('count from a date on and until a date by the calendar of the called person', () => {
    const dates = { effectiveFrom: '2026-07-01', effectiveUntil: '2026-08-01' }
    const ruled = job([{ ...base, ...dates, id: 'july', caps: [{ per: 'phone', max: 1, within: '1d' }] }])
    const ids = (timezone: string, at: string) => rulesFor(ruled, { phone: FLORIDA, timezone }, Date.parse(at)).ids
    expect(ids('America/New_York', '2026-07-01T03:59:59Z')).toEqual([])
    expect(ids('America/New_York', '2026-07-01T04:00:00Z')).toEqual(['july@1'])
    expect(ids('Asia/Tokyo', '2026-06-30T15:00:00Z')).toEqual(['july@1'])
    expect(ids('Asia/Tokyo', '2026-07-31T15:00:00Z')).toEqual([])
    expect(ids('America/New_York', '2026-08-01T03:59:59Z')).toEqual(['july@1'])
  })

  it('count as soon as they do in one of the zones in which the person may be, and as long', () => {
    const dates = { effectiveFrom: '2026-07-01', effectiveUntil: '2026-08-01' }
    const ruled = job([{ ...base, ...dates, id: 'july', caps: [{ per: 'phone', max: 1, within: '1d' }] }])
    const zones = { version: 'a test', zonesOf: () => ['America/New_York', 'America/Los_Angeles'] }
    const ids = (at: string) => rulesFor(ruled, { phone: FLORIDA }, Date.parse(at), zones).ids
    expect(ids('2026-07-01T03:59:59Z')).toEqual([])
    expect(ids('2026-07-01T04:00:00Z')).toEqual(['july@1'])
    expect(ids('2026-08-01T06:59:59Z')).toEqual(['july@1'])
    expect(ids('2026-08-01T07:00:00Z')).toEqual([])
  })

  it('may have several versions, one after the other', () => {
    const ruled = job([
      { ...base, id: 'x', version: 'old', effectiveUntil: '2026-07-01', window: '08:00-21:00' },
      { ...base, id: 'x', version: 'new', effectiveFrom: '2026-07-01', window: '08:00-20:00' },
    ])
    expect(rulesFor(ruled, { phone: FLORIDA }, Date.parse('2026-06-15T12:00Z')).ids).toEqual(['x@old'])
    expect(rulesFor(ruled, { phone: FLORIDA }, Date.parse('2026-07-15T12:00Z')).ids).toEqual(['x@new'])
  })

  it.each<[string, unknown, string]>([
    ['no rule in it', { ...base, id: 'x' }, 'rules[0]'],
    ['an id with spaces', { ...base, id: 'a b', window: '08:00-20:00' }, 'rules[0].id'],
    [
      'a prefix without +',
      { ...base, id: 'x', window: '08:00-20:00', appliesTo: { prefixes: ['1305'] } },
      'rules[0].appliesTo.prefixes[0]',
    ],
    [
      'no prefix',
      { ...base, id: 'x', window: '08:00-20:00', appliesTo: { prefixes: [] } },
      'rules[0].appliesTo.prefixes',
    ],
    [
      'a date that is none',
      { ...base, id: 'x', window: '08:00-20:00', effectiveFrom: '2026-02-30' },
      'rules[0].effectiveFrom',
    ],
    [
      'an end before its start',
      { ...base, id: 'x', window: '08:00-20:00', effectiveFrom: '2026-02-03', effectiveUntil: '2026-02-03' },
      'rules[0].effectiveUntil',
    ],
    [
      'a zone of its own',
      { ...base, id: 'x', window: { hours: '08:00-20:00', timezone: 'UTC' } },
      'rules[0].window.timezone',
    ],
    ['hours over midnight', { ...base, id: 'x', window: '20:00-08:00' }, 'rules[0].window'],
    ['a key it does not know', { ...base, id: 'x', window: '08:00-20:00', prefixes: [] }, 'rules[0].prefixes'],
  ])('are refused with %s', (_, given, field) => {
    const refused = (() => {
      try {
        return parse([given as RuleSet])
      } catch (error) {
        return error
      }
    })()
    expect(isOutdialError(refused) && refused.details.field).toBe(field)
  })

  it('have so many prefixes that they can be looked through', () => {
    const set = (id: string, count: number): RuleSet => {
      const prefixes = Array.from({ length: count }, (_, i) => `+1${202_000_0000 + i}`)
      return { ...base, id, window: '08:00-21:00', appliesTo: { prefixes } }
    }
    expect(rulesFor(job([set('a', 10_000), set('b', 10_000)]), { phone: '+12020009999' }, 0).ids).toEqual([
      'a@1',
      'b@1',
    ])
    const most = () => parse([set('a', 10_000), set('b', 10_000), set('c', 1)])
    expect(most).toThrow(/rules: have 20001 prefixes together, and 20000 are allowed/)
  })

  it('are refused twice in one version', () => {
    const twice = { ...base, id: 'x', window: '08:00-20:00' }
    expect(() => parse([twice, twice])).toThrow('rules[1].version: there is a rule set x@1 already')
  })
})
