import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { count, counted, decode, encode, ordered, orderedNumber, part } from '../src/codec.js'

const numbers = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, 1e21, 1.8e12))
const texts = fc.string({ unit: 'binary' })
const records = fc.letrec((tie) => ({
  value: fc.oneof(
    numbers,
    texts,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(
      texts.filter((name) => name !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value

describe('encode', () => {
  it('should give back what it was given, infinite numbers and -0 included', () => {
    fc.assert(fc.property(records, (value) => void expect(decode(encode(value))).toStrictEqual(value)))
  })

  it('should write text that every database takes', () => {
    fc.assert(
      fc.property(records, (value) => {
        // Refuses halves of surrogate pairs.
        expect(() => encodeURIComponent(encode(value))).not.toThrow()
        expect(encode(value)).not.toContain('\0')
      }),
    )
  })

  it('should leave out what is undefined', () => {
    expect(encode({ a: undefined, b: 1, c: { d: undefined } })).toBe('{"b":1,"c":{}}')
  })
})

describe('keys', () => {
  const order = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)

  it('should order numbers as they are', () => {
    fc.assert(fc.property(numbers, numbers, (a, b) => void expect(order(ordered(a), ordered(b))).toBe(order(a, b))))
    fc.assert(fc.property(numbers, (n) => void expect(orderedNumber(ordered(n))).toBe(n + 0)))
  })

  it('should order counts as they are', () => {
    const counts = fc.nat(2 ** 31 - 1)
    fc.assert(fc.property(counts, counts, (a, b) => void expect(order(count(a), count(b))).toBe(order(a, b))))
    fc.assert(fc.property(counts, (n) => void expect(counted(count(n))).toBe(n)))
  })

  it('should tell all texts apart and contain neither separators nor anything but printable ASCII', () => {
    fc.assert(fc.property(texts, texts, (a, b) => void expect(part(a) === part(b)).toBe(a === b)))
    fc.assert(fc.property(texts, (text) => void expect(part(text)).toMatch(/^[!-.0-~]*$/)))
  })
})
