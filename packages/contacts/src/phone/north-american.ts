import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/min'

/** Ten digits as they are written in North America, with or without the 1 of the country: `(202) 555-0100`. */
const WRITTEN = /^(?:\+?1[ .-]?)?(?:\(([2-9]\d\d)\) ?|([2-9]\d\d)[ .-]?)([2-9]\d\d)[ .-]?(\d{4})$/

/**
 * Reads the usual ways of writing a North American number, which libphonenumber-js reads too, at twenty times the cost.
 * `undefined`: not one of them, or not a region of North America.
 */
export function readNorthAmerican(text: string, region: CountryCode): string | undefined {
  const parts = WRITTEN.exec(text)
  if (parts === null || getCountryCallingCode(region) !== '1') return undefined
  return `+1${parts[1] ?? parts[2]}${parts[3]}${parts[4]}`
}
