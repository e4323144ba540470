import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OUTCOMES } from '../../src/lifecycle/outcome.js'
import { cooldownChecks, cooldownsBegun, cooldownsSchema, isCooldownList } from '../../src/policy/cooldowns.js'

const NOW = 1_000_000
const DAY = 86_400_000
const target = { organization: 'acme', phone: '+12025550100' }
const rules = cooldownsSchema.parse([
  { after: ['answered'], wait: '7d' },
  { after: ['answered', 'abandoned'], dispositions: ['refused'], wait: '60d', per: 'externalId' },
  { dispositions: ['refused'], wait: '2d', per: 'subject' },
])

describe('cool-downs', () => {
  it('begin by what came of a call, and end when they say', () => {
    const known = { ...target, externalId: 'c1' }
    expect(cooldownsBegun(rules, { outcome: 'busy' }, known, NOW)).toEqual([])
    expect(cooldownsBegun(rules, { outcome: 'answered' }, known, NOW)).toEqual([
      { list: 'cooldown:phone:acme', member: target.phone, until: NOW + 7 * DAY, reason: 'answered' },
      { list: 'cooldown:externalId:acme', member: 'c1', until: NOW + 60 * DAY, reason: 'answered' },
    ])
    expect(cooldownsBegun(rules, { disposition: 'refused' }, known, NOW)).toMatchObject([
      { list: 'cooldown:externalId:acme', until: NOW + 60 * DAY, reason: 'refused' },
      { list: 'cooldown:subject:acme', member: 'externalId:c1:', until: NOW + 2 * DAY },
    ])
  })

  it('of one person last as long as the longest', () => {
    // Without an id the second rule means the number as well.
    expect(cooldownsBegun(rules, { outcome: 'answered' }, target, NOW)).toEqual([
      { list: 'cooldown:phone:acme', member: target.phone, until: NOW + 60 * DAY, reason: 'answered' },
    ])
  })

  it('are asked for wherever one may have begun', () => {
    expect(cooldownChecks(target)).toEqual([
      { list: 'cooldown:phone:acme', member: target.phone },
      { list: 'cooldown:subject:acme', member: `phone:${target.phone}:` },
    ])
    const rule = fc.record({
      after: fc.subarray([...OUTCOMES], { minLength: 1 }),
      wait: fc.constantFrom('1h', '2d'),
      per: fc.constantFrom('phone', 'externalId', 'contact', 'subject'),
    })
    const who = fc.record(
      {
        organization: fc.constantFrom('acme', 'a:b'),
        phone: fc.constant(target.phone),
        externalId: fc.string(),
        person: fc.string(),
        subject: fc.string(),
      },
      { requiredKeys: ['organization', 'phone'] },
    )
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), who, fc.constantFrom(...OUTCOMES), (given, person, outcome) => {
        const parsed = cooldownsSchema.parse(given)
        const asked = new Set(cooldownChecks(person).map(({ list, member }) => `${list} ${member}`))
        for (const { list, member, until = 0 } of cooldownsBegun(parsed, { outcome }, person, NOW)) {
          expect(asked).toContain(`${list} ${member}`)
          expect(isCooldownList(list)).toBe(true)
          expect(until).toBeGreaterThan(NOW)
        }
        // Whoever is known by no more than a number is asked for by that in every job.
        for (const { list, member } of cooldownsBegun(parsed, { outcome }, target, NOW)) {
          if (list.startsWith('cooldown:phone')) expect(cooldownChecks(target)).toContainEqual({ list, member })
        }
      }),
    )
  })

  it.each<[unknown, string]>([
    [{ wait: '1d' }, '0.after'],
    [{ after: [], dispositions: [], wait: '1d' }, '0.after'],
    [{ after: ['answered'], wait: '500ms' }, '0.wait'],
    [{ after: ['talked'], wait: '1d' }, '0.after.0'],
    [{ after: ['answered'], wait: '1d', per: 'organization' }, '0.per'],
  ])('refuse %j', (options, path) => {
    expect(cooldownsSchema.safeParse([options]).error?.issues[0]?.path.join('.')).toBe(path)
  })
})
