import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CAP_SUBJECTS, type CapTarget, capTarget, countedAs } from '../../src/policy/subjects.js'

const phone = '+12025550100'

describe('whom a rule counts', () => {
  const contact = { phone, externalId: 'c:1', variables: { customer: 7, debt: ' d9 ', note: '', list: ['x'] } }

  it('is what the contact says, as far as it is asked', () => {
    expect(capTarget('acme', contact, undefined)).toEqual({ organization: 'acme', phone, externalId: 'c:1' })
    const named = capTarget('acme', contact, { person: 'customer', subject: 'debt' })
    expect(named).toMatchObject({ person: '7', subject: 'd9' })
    expect(CAP_SUBJECTS.map((per) => countedAs(per, named))).toEqual([
      { kind: 'phone', id: phone },
      { kind: 'externalId', id: 'c%3A1' },
      { kind: 'contact', id: '7' },
      { kind: 'subject', id: 'contact:7:d9' },
      { kind: 'organization', id: '' },
    ])
  })

  it('is what is known when the rest is not', () => {
    for (const name of ['note', 'list', 'none', 'toString']) {
      expect(capTarget('acme', contact, { person: name })).not.toHaveProperty('person')
    }
    const bare = capTarget('acme', { phone, variables: {} }, { person: 'customer', subject: 'debt' })
    expect(CAP_SUBJECTS.map((per) => countedAs(per, bare))).toEqual([
      { kind: 'phone', id: phone },
      { kind: 'phone', id: phone },
      { kind: 'phone', id: phone },
      { kind: 'subject', id: `phone:${phone}:` },
      { kind: 'organization', id: '' },
    ])
  })

  it('is the same for the same people only', () => {
    const text = fc.string({ maxLength: 4, unit: fc.constantFrom('a', ':', '%', '3', 'A') })
    const target: fc.Arbitrary<CapTarget> = fc.record(
      {
        organization: fc.constant('acme'),
        phone: fc.constantFrom(phone, '+12025550101'),
        externalId: text,
        person: text,
        subject: text,
      },
      { requiredKeys: ['organization', 'phone'] },
    )
    const meant = (per: string, { phone: number, externalId, person, subject }: CapTarget): unknown => {
      const known = externalId === undefined ? ['phone', number] : ['externalId', externalId]
      const who = person === undefined ? known : ['contact', person]
      if (per === 'phone') return ['phone', number]
      if (per === 'externalId') return known
      return per === 'contact' ? who : [...who, subject ?? '']
    }
    fc.assert(
      fc.property(fc.constantFrom('phone', 'externalId', 'contact', 'subject'), target, target, (per, one, other) => {
        const same = JSON.stringify(meant(per, one)) === JSON.stringify(meant(per, other))
        const key = (of: CapTarget) => JSON.stringify(countedAs(per, of))
        expect(key(one) === key(other)).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })
})
