import { describe, expect, it } from 'vitest'
import { contactReader } from '../src/index.js'
import { failure } from './support.js'

const { phone } = contactReader()
const verdict = (input: string, region?: string) => {
  const found = phone(input, region)
  return 'e164' in found ? found.e164 : found.code
}
const message = (input: string, region?: string) => {
  const found = phone(input, region)
  return 'e164' in found ? '' : found.message
}

describe('phone: strict', () => {
  it.each([
    '+12025550100',
    '+442079460018',
    '+447700900123',
    '+61491570006',
    '+390612345678',
    '+4930901820',
    '+80012345678',
    '+13105550',
  ])('should accept %s', (number) => {
    expect(verdict(number)).toBe(number)
  })

  it.each([
    ['', 'phone_missing'],
    ['  ', 'phone_missing'],
    ['2025550100', 'phone_not_e164'],
    ['12025550100', 'phone_not_e164'],
    ['+1 202 555 0100', 'phone_not_e164'],
    ['+1-202-555-0100', 'phone_not_e164'],
    [' +12025550100', 'phone_not_e164'],
    ['+12025550100 ', 'phone_not_e164'],
    ['(202) 555-0100', 'phone_not_e164'],
    ['0044 20 7946 0018', 'phone_not_e164'],
    ['tel:+12025550100', 'phone_not_e164'],
    ['+1202555010O', 'phone_not_e164'],
    ['++12025550100', 'phone_not_e164'],
    ['+', 'phone_not_e164'],
    ['+１２０２５５５０１００', 'phone_not_e164'],
    ['+4402079460018', 'phone_not_e164'],
    ['+490301234567', 'phone_not_e164'],
    ['+112025550100', 'phone_not_e164'],
    ['call me', 'phone_not_e164'],
    ['#NAME?', 'phone_not_e164'],
    ['+999123', 'phone_unknown_country'],
    ['+0123456789', 'phone_unknown_country'],
    ['+2105550100', 'phone_unknown_country'],
    ['+1202555', 'phone_impossible_length'],
    ['+1202555010', 'phone_impossible_length'],
    ['+120255501001', 'phone_impossible_length'],
    ['+1', 'phone_impossible_length'],
    ['+49301234567890123', 'phone_impossible_length'],
    ['1.55512E+10', 'phone_scientific'],
    ['1,55512E+10', 'phone_scientific'],
    ['1.2025550100e10', 'phone_scientific'],
    ['+1E10', 'phone_scientific'],
  ])('should take %j for %s', (text, code) => {
    expect(verdict(text)).toBe(code)
  })

  it.each([
    ['2025550100', '+12025550100 if it is North American'],
    ['2025550100', 'set a default region'],
    ['+1 (202) 555-0100', 'write it as +12025550100'],
    ['0044 20 7946 0018', 'write it as +442079460018'],
    ['+4402079460018', 'write it as +442079460018'],
    ['+1202555', '6 digits after +1, where 7 or 10 are possible'],
    ['+49301234567890123', 'has 17 digits; no phone number has more than 15'],
    ['+999123', 'a calling code that no country has'],
    ['1.55512E+10', 'format the column as text'],
  ])('should help with %j: %s', (text, help) => {
    expect(message(text)).toContain(help)
  })

  it('should not guess a country for a number that is not North American', () => {
    expect(message('02079460018')).not.toContain('+1')
  })

  it('should show neither control characters nor a whole novel in its messages', () => {
    expect(message(`\u001b[31m${'x'.repeat(9_999)}`).length).toBeLessThan(200)
    expect(message('\u001b[31m')).not.toContain('\u001b')
  })

  it('should tell the country', () => {
    expect(phone('+12025550100')).toEqual({ e164: '+12025550100', country: 'US' })
    expect(phone('+442079460018')).toEqual({ e164: '+442079460018', country: 'GB' })
  })
})

describe('phone: in a default region', () => {
  it.each([
    ['(202) 555-0100', 'US', '+12025550100'],
    ['202.555.0100', 'US', '+12025550100'],
    ['12025550100', 'US', '+12025550100'],
    [' +1 202 555 0100 ', 'US', '+12025550100'],
    ['020 7946 0018', 'GB', '+442079460018'],
    ['+44 (0)20 7946 0018', 'US', '+442079460018'],
    ['011 44 20 7946 0018', 'US', '+442079460018'],
    ['00 1 202 555 0100', 'GB', '+12025550100'],
    ['07700 900123', 'GB', '+447700900123'],
    ['+12025550100', 'GB', '+12025550100'],
  ])('should read %j in %s as %s', (text, region, number) => {
    expect(verdict(text, region)).toBe(number)
  })

  it.each([
    ['', 'phone_missing'],
    ['1.55512E+10', 'phone_scientific'],
    ['call me', 'phone_not_a_number'],
    ['1-800-FLOWERS', 'phone_not_a_number'],
    ['+12025550100 or +12025550101', 'phone_not_a_number'],
    ['202-555-0100 ext. 5', 'phone_has_extension'],
    ['555-01', 'phone_impossible_length'],
    ['1', 'phone_impossible_length'],
    ['9'.repeat(300), 'phone_impossible_length'],
    ['+999 123 4567', 'phone_unknown_country'],
  ])('should take %j for %s', (text, code) => {
    expect(verdict(text, 'US')).toBe(code)
  })

  it('should refuse a region that is none', async () => {
    for (const region of ['XX', 'us', '', '1']) {
      expect(await failure(() => phone('2025550100', region))).toMatchObject({
        code: 'invalid_options',
        details: { field: 'defaultRegion' },
      })
    }
  })
})
