import type { ParsedRate } from './rates.js'

/**
 * Limits count money in micro-units, millionths of the account's smallest unit, as whole numbers: fractions of a cent add up
 * without drift, a call is rounded once (to the nearest, its worst case up), and a key has room for nine billion cents.
 */
export const MICRO = 1_000_000

/** No limit, and everything that is spent is counted nevertheless. */
export const UNLIMITED: number = Number.MAX_SAFE_INTEGER

/** Micro-units of an amount in the account's smallest unit, to the nearest. */
export function micros(amount: number): number {
  return Math.round(amount * MICRO)
}

/** An amount in the account's smallest unit, with its fraction. */
export function amountOf(counted: number): number {
  return counted / MICRO
}

/** Whole units of the account for what was counted: a fraction that is left at the end is a unit. */
export function wholeUnits(counted: number): number {
  return Math.ceil(counted / MICRO)
}

/** What a call costs that talked so long, in micro-units. */
export function costOf(rate: ParsedRate, talkedMs: number): number {
  return Math.round(exactly(rate, talkedMs))
}

/** What a call may cost at most that may talk so long: never less than {@link costOf} of any shorter one. */
export function worstOf(rate: ParsedRate, maxDuration: number): number {
  return Math.ceil(exactly(rate, maxDuration))
}

function exactly({ perMinute, perCall, first, then }: ParsedRate, talkedMs: number): number {
  return perCall * MICRO + (billedSeconds(first, then, talkedMs) * perMinute * MICRO) / 60
}

/** Seconds that are billed: none for nothing, else the first block and as many of the next as have begun. */
function billedSeconds(first: number, then: number, talkedMs: number): number {
  if (!(talkedMs > 0)) return 0
  const over = talkedMs / 1000 - first
  return over <= 0 ? first : first + Math.ceil(over / then) * then
}
