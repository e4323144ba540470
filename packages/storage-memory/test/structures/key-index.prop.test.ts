import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyIndex } from '../../src/key-index.js'

/** Few enough to meet again, of every length a key may have: some in typed arrays, some too long for a double. */
const keys = fc.oneof(
  fc.nat(40).map(String),
  fc.constantFrom(
    '999999999999999',
    '999999999999998',
    '9999999999999999',
    '999999999999999999',
    '4294967295',
    '4294967296',
  ),
  fc.bigInt({ min: 10n ** 15n, max: 10n ** 15n + 9n }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String),
)
const command = fc.oneof(
  { weight: 8, arbitrary: fc.record({ add: keys }) },
  { weight: 4, arbitrary: fc.record({ find: keys }) },
  { weight: 1, arbitrary: fc.record({ truncate: fc.nat() }) },
)

describe('KeyIndex', () => {
  it('should know what a map knows', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 150, size: 'max' }), (commands) => {
        const index = new KeyIndex()
        const model = new Map<string, number>()
        let length = 0
        for (const step of commands) {
          if ('add' in step && !model.has(step.add)) {
            index.add(step.add, length)
            model.set(step.add, length++)
          }
          if ('find' in step) expect(index.find(step.find)).toBe(model.get(step.find))
          if ('truncate' in step) {
            length = step.truncate % (length + 1)
            index.truncate(length)
            for (const [key, at] of model) if (at >= length) model.delete(key)
          }
        }

        for (const [key, at] of model) expect(index.find(key)).toBe(at)
        for (const step of commands) if ('add' in step) expect(index.find(step.add)).toBe(model.get(step.add))
      }),
    )
  })

  it('should hold many numbers in a row, as a list of phone numbers is', () => {
    const index = new KeyIndex()
    for (let i = 0; i < 20_000; i++) index.add(String(12_025_550_000 + i), i)
    index.truncate(15_000)

    for (let i = 0; i < 20_000; i++) expect(index.find(String(12_025_550_000 + i))).toBe(i < 15_000 ? i : undefined)
    expect(index.find('12025549999')).toBeUndefined()
  })
})
