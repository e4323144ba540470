import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isLike } from '../../src/dialects/carrierx/like.js'

const few = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 })
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '%', '_'), maxLength: 8 })

const expressionOf = (like: string): RegExp =>
  new RegExp(`^${like.replaceAll('.', '\\.').replaceAll('%', '.*').replaceAll('_', '.')}$`, 's')

it('is what a regular expression would say', () => {
  void fc.assert(
    fc.property(few, pattern, (text, like) => {
      expect(isLike(text, like)).toBe(expressionOf(like).test(text))
    }),
  )
})

it('ends soon, where a regular expression would not', () => {
  expect(isLike('a'.repeat(5000), '%a'.repeat(2000))).toBe(true)
  expect(isLike('a'.repeat(5000), `${'%a'.repeat(2000)}b`)).toBe(false)
})
