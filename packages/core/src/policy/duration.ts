import type * as z from 'zod'
import { type Read, schemaOf, unwrap } from './options.js'

/**
 * A length of time: milliseconds as a number, or text with units: `'250ms'`, `'30s'`, `'5m'`, `'1h30m'`, `'2d'`, `'1w'`.
 * A day is 24 hours, whatever the clocks do.
 */
export type Duration = number | string

export const SECOND = 1_000
export const MINUTE: number = 60 * SECOND
export const HOUR: number = 60 * MINUTE
export const DAY: number = 24 * HOUR
export const WEEK: number = 7 * DAY

/** Longest first, as they have to be written. */
const UNITS = new Map([
  ['w', WEEK],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', 1],
])

/** No policy means longer than this, and a mistyped one is found. */
const LONGEST = 3660 * DAY

const EXPECTED = "expected milliseconds or a text such as '30s', '5m' or '1h30m'"

/** Milliseconds of a {@link Duration}. Throws `invalid_options` naming `field`. */
export function parseDuration(input: Duration, field: string): number {
  return unwrap(readDuration(input), 'invalid_options', field)
}

/** As {@link parseDuration}, without throwing. */
function readDuration(input: unknown): Read<number> {
  if (typeof input === 'number') return inRange(input, String(input))
  if (typeof input !== 'string') return { problem: EXPECTED }
  const text = input.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return { problem: `'${text}' has no unit; ${EXPECTED}` }
  if (!/^(\d+(\.\d+)?\s*(ms|[wdhms])\s*)+$/.test(text)) return { problem: `'${text}' is not a duration; ${EXPECTED}` }
  let total = 0
  let smallest = Number.POSITIVE_INFINITY
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[wdhms])/g)) {
    const size = UNITS.get(unit as string) as number
    if (size >= smallest) return { problem: `'${text}' names its units twice or out of order; ${EXPECTED}` }
    smallest = size
    total += Number(amount) * size
  }
  return inRange(Math.round(total), `'${text}'`)
}

function inRange(ms: number, text: string): Read<number> {
  if (!Number.isFinite(ms)) return { problem: `${text} is not a duration; ${EXPECTED}` }
  if (ms < 0) return { problem: `${text} is negative` }
  if (ms > LONGEST) return { problem: `${text} is longer than ten years; numbers are milliseconds` }
  return { value: Math.round(ms) }
}

/** A {@link Duration} of at least 0, as milliseconds. */
export const durationSchema: z.ZodType<number, Duration> = schemaOf(readDuration)

/** A {@link Duration} from `min` to `max` milliseconds, both included. */
export function durationBetween(min: number, max: number = LONGEST): z.ZodType<number, Duration> {
  return schemaOf((input) => {
    const read = readDuration(input)
    if ('problem' in read) return read
    if (read.value < min) return { problem: `is shorter than ${formatDuration(min)}` }
    if (read.value > max) return { problem: `is longer than ${formatDuration(max)}` }
    return read
  })
}

/** The text of a number of milliseconds that {@link parseDuration} reads back: `5400000` is `1h30m`. Infinite: `forever`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return 'forever'
  let rest = Math.max(0, Math.round(ms))
  let text = ''
  for (const [unit, size] of UNITS) {
    // '14d' reads better than '2w', and both are read.
    if (unit === 'w') continue
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text || '0s'
}
