import { contactReader } from '@outdial/contacts'
import { isOutdialError, isZone, parseWindow } from '@outdial/core'
import { BadInput } from './exit.js'
import { count } from './wording.js'

// Each makes of a flag's text what it means, or throws `BadInput` that names the flag.

/** Throws `BadInput` that names the flag. */
export function refuse(flag: string, problem: string): never {
  throw new BadInput(`${flag}: ${problem}`)
}

function callerId(home: string | undefined): (text: string, flag: string) => string {
  return (text, flag) => {
    const read = contactReader().phone(text, home)
    return 'e164' in read ? read.e164 : refuse(flag, read.message)
  }
}

/** One, or several with commas. */
export function callerIds(home: string | undefined): (text: string, flag: string) => string | readonly string[] {
  const read = callerId(home)
  return (text, flag) => {
    const all = text.split(',').map((one) => read(one.trim(), flag))
    return all.length === 1 ? (all[0] as string) : all
  }
}

export function wholeNumber(most: number): (text: string, flag: string) => number {
  return (text, flag) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
    return number >= 1 && number <= most
      ? number
      : refuse(flag, `'${text}' is not a whole number from 1 to ${count(most)}`)
  }
}

/** A number as people write it; `Number` alone takes blanks, hexadecimals and `Infinity`. */
export function decimal(text: string): number {
  return /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
}

export function callsPerSecond(text: string, flag: string): number {
  const number = decimal(text)
  return number > 0 && number <= 100_000 ? number : refuse(flag, `'${text}' is not a number above 0, up to 100,000`)
}

export function zone(text: string, flag: string): string {
  return isZone(text) ? text : refuse(flag, `'${text}' is not an IANA time zone such as America/New_York`)
}

export function callingWindow(text: string, flag: string): string {
  try {
    parseWindow(text, flag)
  } catch (error) {
    throw isOutdialError(error) ? new BadInput(error.message) : error
  }
  return text
}

export function region(text: string, flag: string): string {
  const name = text.toUpperCase()
  try {
    contactReader().phone('+12025550100', name)
  } catch (error) {
    if (!isOutdialError(error)) throw error
    refuse(flag, `'${text}' is not a region such as US or GB`)
  }
  return name
}
