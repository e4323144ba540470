import { OutdialError } from '@outdial/core'

/** Checks one of Twilio's identifiers. */
export function sid(value: unknown, field: string, prefix: string): void {
  if (typeof value !== 'string' || !new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(value))
    throw invalid(field, `expected '${prefix}' and 32 hexadecimal digits`)
}

/** A whole number from 1 (or from `least`). */
export function whole(value: unknown, field: string, least = 1): number {
  if (!Number.isInteger(value) || (value as number) < least)
    throw invalid(field, `expected a whole number from ${least}`)
  return value as number
}

/** A key or a token. Its value is in no message. */
export function secret(value: unknown, field: string): void {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(field, 'it is missing; see the Twilio console')
}

/** The error of an option. */
export function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
