import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nonceOf } from '../../src/store/nonce.js'

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('a nonce', () => {
  it('is ten letters that a ref may have in it', () => {
    fc.assert(
      fc.property(random, (number) => {
        expect(nonceOf(number)).toMatch(/^[a-z2-7]{10}$/)
      }),
    )
  })

  it('differs when one of the first 50 bits does', () => {
    const bits = fc.integer({ min: 0, max: 2 ** 50 - 1 })
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        expect(nonceOf(a / 2 ** 50) === nonceOf(b / 2 ** 50)).toBe(a === b)
      }),
    )
    const each = Array.from({ length: 50 }, (_, bit) => nonceOf(2 ** bit / 2 ** 50))
    expect(new Set(each).size).toBe(50)
  })
})
