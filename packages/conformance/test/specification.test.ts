import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CARRIER_SPECIFICATION, renderCarrierSpecification } from '../src/carriers/index.js'
import { TESTS as CARRIER_TESTS } from '../src/carriers/rules/index.js'
import { renderSpecification, SPECIFICATION } from '../src/index.js'
import { type AreaOf, complete, type RuleOf } from '../src/kit/rule.js'
import { RESOURCE_SPECIFICATION, renderResourceSpecification } from '../src/resources/index.js'
import { TESTS as RESOURCE_TESTS } from '../src/resources/rules/index.js'
import { TESTS } from '../src/rules/index.js'
import { KIT_VERSION } from '../src/version.js'

interface Kit {
  readonly page: string
  readonly render: () => string
  readonly areas: readonly AreaOf<RuleOf<string>>[]
  readonly tests: Readonly<Record<string, unknown>>
  readonly letter: string
  readonly rules: number
}

const KITS: readonly Kit[] = [
  { page: 'storage', render: renderSpecification, areas: SPECIFICATION, tests: TESTS, letter: 'S', rules: 100 },
  {
    page: 'carrier',
    render: renderCarrierSpecification,
    areas: CARRIER_SPECIFICATION,
    tests: CARRIER_TESTS,
    letter: 'C',
    rules: 60,
  },
  {
    page: 'resource',
    render: renderResourceSpecification,
    areas: RESOURCE_SPECIFICATION,
    tests: RESOURCE_TESTS,
    letter: 'R',
    rules: 40,
  },
]

describe.each(KITS)('the $page specification', ({ page, render, areas, tests, letter, rules }) => {
  const file = new URL(`../../../docs/${page}-specification.md`, import.meta.url)

  it('should be what its page says: `UPDATE_SPECIFICATION=1` writes it anew', () => {
    if (process.env.UPDATE_SPECIFICATION) writeFileSync(file, render())
    expect(readFileSync(file, 'utf8')).toBe(render())
  })

  it('should have a test for every rule, and a rule for every test', () => {
    expect(complete(areas, tests).length).toBeGreaterThan(rules)
    const { [`${letter}-001`]: _, ...fewer } = tests
    expect(() => complete(areas, fewer)).toThrow(`Rules without a test: ${letter}-001.`)
    const more = { ...tests, [`${letter}-999`]: async () => {} }
    expect(() => complete(areas, more)).toThrow(`Tests without a rule: ${letter}-999.`)
    expect(() => complete([...areas, ...areas.slice(0, 1)], tests)).toThrow(`Ids used twice: ${letter}-001`)
  })

  it('should number its rules in order', () => {
    const ids = areas.flatMap((area) => area.rules.map(({ id }) => id))
    expect(ids).toEqual([...ids].sort())
    expect(ids.every((id) => new RegExp(`^${letter}-\\d{3}$`).test(id))).toBe(true)
  })
})

it('the version of the kits should be left to package.json', () => {
  const manifest = new URL('../package.json', import.meta.url)
  expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toBe(KIT_VERSION)
})
