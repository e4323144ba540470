import { describe, expect, it } from 'vitest'
import { capHolds, capLimits, capsSchema } from '../../src/policy/caps.js'
import { parseOptions } from '../../src/policy/options.js'

const target = { organization: 'org_1', phone: '+12025550100' }

describe('rolling caps', () => {
  const caps = capsSchema.parse([
    { per: 'phone', max: 3, within: '24h' },
    { per: 'externalId', max: 7, within: '7d' },
  ])

  it('become holds of a fence', () => {
    expect(capHolds(caps, { ...target, externalId: 'debt:9%' })).toEqual([
      { key: 'cap:phone:org_1:+12025550100:86400000', n: 1 },
      { key: 'cap:externalId:org_1:debt%3A9%25:604800000', n: 1 },
    ])
  })

  it('become limits of a store', () => {
    expect(capLimits(caps, target, 4)).toEqual([
      { key: 'cap:phone:org_1:+12025550100:86400000', revision: 4, cap: 3, windowMs: 86_400_000 },
      { key: 'cap:phone:org_1:+12025550100:604800000', revision: 4, cap: 7, windowMs: 604_800_000 },
    ])
  })

  it('count once what two rules count alike, by the stricter', () => {
    const both = capsSchema.parse([
      { per: 'phone', max: 3, within: '24h' },
      { per: 'externalId', max: 2, within: '1d' },
    ])
    expect(capHolds(both, target)).toEqual([{ key: 'cap:phone:org_1:+12025550100:86400000', n: 1 }])
    expect(capLimits(both, target, 1)).toMatchObject([{ cap: 2 }])
    expect(capLimits(both.toReversed(), target, 1)).toMatchObject([{ cap: 2 }])
    expect(capHolds(both, { ...target, externalId: 'x' })).toHaveLength(2)
  })

  it('of one organization never count for another', () => {
    const keys = ['a', 'a:+1', 'a%3A+1'].map((organization) => capHolds(caps, { ...target, organization })[0]?.key)
    expect(new Set(keys).size).toBe(3)
  })

  it.each<[unknown, string]>([
    [[{ per: 'phone', max: 0, within: '24h' }], '0.max'],
    [[{ per: 'phone', max: 3, within: '500ms' }], '0.within'],
    [[{ per: 'person', max: 3, within: '24h' }], '0.per'],
    [[{ per: 'phone', max: 3, within: '24h', scope: 'job' }], '0'],
    [
      [
        { per: 'phone', max: 3, within: '24h' },
        { per: 'phone', max: 5, within: '1d' },
      ],
      '1',
    ],
  ])('refuse %j', (options, path) => {
    expect(capsSchema.safeParse(options).error?.issues[0]?.path.join('.')).toBe(path)
  })

  it('that are given twice are refused by what they say', () => {
    const twice = [
      { per: 'phone', max: 3, within: '24h' },
      { per: 'phone', max: 5, within: '1d' },
    ]
    expect(() => parseOptions(capsSchema, twice, 'caps')).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: 'caps[1]: there is a cap per phone within 1d already',
      }),
    )
    expect(capsSchema.safeParse(twice).error?.issues).toMatchObject([{ code: 'custom' }])
  })
})
