import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PrefixIndex } from '../../../src/policy/rules/prefix-index.js'

const digits = (minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom('1', '2', '3'), { minLength, maxLength }).map((found) => `+${found.join('')}`)

it('knows of a number exactly what is known of the prefixes that it begins with', () => {
  const lists = fc.array(fc.option(fc.array(digits(1, 5), { minLength: 1, maxLength: 6 }), { nil: undefined }), {
    maxLength: 6,
  })
  fc.assert(
    fc.property(lists, fc.array(digits(1, 8)), (prefixes, phones) => {
      const index = new PrefixIndex(prefixes, (positions) => ({ positions }))
      for (const phone of phones) {
        const expected = prefixes.flatMap((list, position) =>
          list === undefined || list.some((prefix) => phone.startsWith(prefix)) ? [position] : [],
        )
        expect(index.find(phone).positions).toEqual(expected)
      }
    }),
  )
})
