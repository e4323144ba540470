import type { RowProblem } from '@outdial/core'
import { type CountryCode, isSupportedCountry, ParseError, parsePhoneNumberWithError } from 'libphonenumber-js/min'
import { optionError, type RowProblemCode, show } from '../problems.js'
import { judgeE164 } from './e164.js'
import { readNorthAmerican } from './north-american.js'
import { impossibleLength, notE164 } from './phone-messages.js'

/** A number as it is dialed, or why a text is none. */
export type PhoneReading = { e164: string } | { code: RowProblemCode; message: string }

/** What spreadsheets make of a long number: `1.55512E+10`, with a comma where commas are used. */
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d*)?e[+-]?\d+$/i

/** Reads a phone: strictly as E.164, or, with a region, as people of that region write numbers. */
export function readPhone(text: string, region: CountryCode | undefined): PhoneReading {
  const verdict = judgeE164(text)
  if (verdict.kind === 'valid') return { e164: text }
  const trimmed = text.trim()
  if (trimmed === '') return { code: 'phone_missing', message: 'The phone is empty' }
  if (SCIENTIFIC.test(trimmed)) {
    const advice = 'format the column as text in the spreadsheet and export it again'
    return {
      code: 'phone_scientific',
      message: `${show(trimmed)} is a rounded number, its last digits are lost: ${advice}`,
    }
  }
  if (region !== undefined) return readInRegion(trimmed, region)
  if (verdict.kind === 'unknown_country') return { code: 'phone_unknown_country', message: unknownCountry(text) }
  if (verdict.kind === 'impossible_length') return { code: 'phone_impossible_length', message: impossibleLength(text) }
  return { code: 'phone_not_e164', message: notE164(text, verdict.meant) }
}

/** Checks the region of an option. Throws `invalid_options` when it is none. */
export function readRegion(region: string | undefined): CountryCode | undefined {
  if (region === undefined || isSupportedCountry(region)) return region
  throw optionError('defaultRegion', `${show(region)} is not a region such as US or GB`)
}

function readInRegion(text: string, region: CountryCode): PhoneReading {
  const northAmerican = readNorthAmerican(text, region)
  if (northAmerican !== undefined) return { e164: northAmerican }
  try {
    const parsed = parsePhoneNumberWithError(text, { defaultCountry: region, extract: false })
    if (parsed.ext !== undefined) {
      return { code: 'phone_has_extension', message: `${show(text)} has an extension, which cannot be dialed` }
    }
    const verdict = judgeE164(parsed.number)
    if (verdict.kind === 'valid') return { e164: parsed.number }
    // One national prefix was taken away, and there is another: not a number that anyone means.
    if (verdict.kind === 'not_e164') return unreadable(text, region, 'NOT_A_NUMBER')
    return { code: 'phone_impossible_length', message: impossibleLength(parsed.number) }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return unreadable(text, region, error.message)
  }
}

function unreadable(text: string, region: CountryCode, reason: string): PhoneReading {
  if (reason === 'INVALID_COUNTRY') return { code: 'phone_unknown_country', message: unknownCountry(text) }
  if (reason === 'TOO_SHORT' || reason === 'TOO_LONG') {
    const size = reason === 'TOO_SHORT' ? 'short' : 'long'
    return { code: 'phone_impossible_length', message: `${show(text)} is too ${size} to be a phone number` }
  }
  return {
    code: 'phone_not_a_number',
    message: `${show(text)} cannot be read as a phone number, not even in ${region}`,
  }
}

function unknownCountry(text: string): string {
  return `${show(text)} begins with a calling code that no country has`
}

/** The reading as a problem of a column. */
export function phoneProblem(reading: { code: RowProblemCode; message: string }, column?: string): RowProblem {
  return column === undefined ? { ...reading } : { ...reading, column }
}
