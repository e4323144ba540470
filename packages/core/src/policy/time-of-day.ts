import type { Read } from './options.js'

/** Minutes of a day. */
const MINUTES_A_DAY = 1_440

/** Minutes since midnight of `HH:MM`. `24:00` is an end of a day and needs `asEnd`. */
export function readTimeOfDay(input: unknown, asEnd = false): Read<number> {
  const match = typeof input === 'string' ? /^(\d{1,2}):(\d\d)$/.exec(input.trim()) : null
  if (match === null) {
    const shown = typeof input === 'string' ? `'${input.trim()}'` : typeof input
    return { problem: `${shown} is not a time of day such as '09:00'` }
  }
  const hour = Number(match[1])
  const minute = Number(match[2])
  if (asEnd && hour === 24 && minute === 0) return { value: MINUTES_A_DAY }
  if (hour > 23 || minute > 59) return { problem: `'${match[0]}' is not a time of day; they go from 00:00 to 23:59` }
  return { value: hour * 60 + minute }
}
