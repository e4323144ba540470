import fc from 'fast-check'
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' }
import parsePhoneNumber, { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/min'
import { describe, expect, it } from 'vitest'
import { contactReader } from '../src/index.js'
import { isE164, judgeE164 } from '../src/phone/e164.js'
import { readNorthAmerican } from '../src/phone/north-american.js'

describe('judgeE164', { timeout: 60_000 }, () => {
  it('should say of every number what libphonenumber-js says', () => {
    fc.assert(
      fc.property(digits(), (number) => {
        expect([number, isE164(number)]).toEqual([number, asLibphonenumber(number)])
      }),
      { numRuns: 20_000 },
    )
  })

  it('should say so for every calling code, beginning of number and length', () => {
    // All first two digits after every calling code: the national prefixes and the areas of shared codes are there.
    const wrong: string[] = []
    for (const code of [...callingCodes(), '999', '210', '0', '383']) {
      for (let start = 0; start < 100; start++) {
        for (let length = 0; length < 14; length += start % 10 === 0 ? 1 : 3) {
          const number = `+${code}${String(start).padStart(2, '0')}${'23456789012345'.slice(0, length)}`
          if (isE164(number) !== asLibphonenumber(number)) wrong.push(number)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  it('should accept the example number of every country', () => {
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples)?.number
      if (number !== undefined) expect([country, isE164(number)]).toEqual([country, true])
    }
  })

  it('should take no other text for a number', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `+${text}`),
        ),
        (text) => {
          if (!/^\+[1-9]\d{1,14}$/.test(text)) expect(judgeE164(text).kind).not.toBe('valid')
        },
      ),
    )
  })
})

describe('phone in a region', { timeout: 60_000 }, () => {
  const { phone } = contactReader()

  it('should give E.164 or a problem for any text, and leave what it gave as it is', () => {
    const region = fc.constantFrom(...getCountries())
    const text = fc.oneof(
      digits(),
      fc.string({ unit: fc.constantFrom(...'0123456789+-() ./xe') }),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, region, (input, country) => {
        const found = phone(input, country)
        if (!('e164' in found)) return
        expect(found.e164).toMatch(/^\+[1-9]\d{1,14}$/)
        expect(phone(found.e164, country)).toEqual(found)
        expect(phone(found.e164)).toEqual(found)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('readNorthAmerican', () => {
  it('should read what it reads as libphonenumber-js does', () => {
    const gap = fc.constantFrom('', ' ', '.', '-', '  ', ')', ') ', '(')
    const part = (size: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: size, maxLength: size })
    const text = fc
      .tuple(fc.constantFrom('', '1', '+1', '1 ', '+1-', '('), gap, part(3), gap, part(3), gap, part(4))
      .map((parts) => parts.join(''))
    const region = fc.constantFrom(
      ...getCountries().filter((country) => getCountryCallingCode(country) === '1'),
      'GB' as const,
    )
    let read = 0
    fc.assert(
      fc.property(text, region, (input, country) => {
        const found = readNorthAmerican(input, country)
        if (found === undefined) return
        read++
        const parsed = parsePhoneNumber(input, { defaultCountry: country, extract: false })
        expect([input, country, found, true]).toEqual([input, country, parsed?.number, parsed?.isPossible()])
        expect(isE164(found)).toBe(true)
      }),
      { numRuns: 20_000 },
    )
    expect(read).toBeGreaterThan(500)
  })
})

// Helpers

function asLibphonenumber(number: string): boolean {
  const parsed = parsePhoneNumber(number)
  return parsed?.isPossible() === true && parsed.number === number && number.length <= 16
}

function callingCodes(): string[] {
  return [...new Set(getCountries().map((country) => getCountryCallingCode(country)))]
}

/** A calling code, most often a real one, and digits. */
const digits = (): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(...callingCodes(), '800', '808', '870', '878', '881', '882', '883', '888', '979'),
        },
        { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 3 }) },
      ),
      fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 14 }),
    )
    .map(([code, rest]) => `+${code}${rest}`)
