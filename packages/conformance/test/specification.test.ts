import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { renderSpecification, SPECIFICATION } from '../src/index.js'
import { complete } from '../src/kit/rule.js'
import { TESTS } from '../src/rules/index.js'
import { KIT_VERSION } from '../src/version.js'

const page = new URL('../../../docs/storage-specification.md', import.meta.url)
const manifest = new URL('../package.json', import.meta.url)

describe('the specification', () => {
  it('should be what its page says: `UPDATE_SPECIFICATION=1` writes it anew', () => {
    if (process.env.UPDATE_SPECIFICATION) writeFileSync(page, renderSpecification())
    expect(readFileSync(page, 'utf8')).toBe(renderSpecification())
  })

  it('should have a test for every rule, and a rule for every test', () => {
    expect(complete(SPECIFICATION, TESTS).length).toBeGreaterThan(100)
    const { 'S-001': _, ...fewer } = TESTS
    expect(() => complete(SPECIFICATION, fewer)).toThrow('Rules without a test: S-001.')
    expect(() => complete(SPECIFICATION, { ...TESTS, 'S-999': async () => {} })).toThrow('Tests without a rule: S-999.')
    expect(() => complete([...SPECIFICATION, ...SPECIFICATION.slice(0, 1)], TESTS)).toThrow('Ids used twice: S-001')
  })

  it('should number its rules in order, and leave the kit’s version to package.json', () => {
    const ids = SPECIFICATION.flatMap(({ rules }) => rules.map(({ id }) => id))
    expect(ids).toEqual([...ids].sort())
    expect(ids.every((id) => /^S-\d{3}$/.test(id))).toBe(true)
    expect(JSON.parse(readFileSync(manifest, 'utf8')).version).toBe(KIT_VERSION)
  })
})
