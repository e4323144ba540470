import { DateTime } from 'luxon'
import type { Read } from './options.js'
import { readTimeOfDay } from './time-of-day.js'

/** Minutes of one day: `[start, end, start, end, …]`, ascending, none touching the next. */
export type Intervals = readonly number[]

const NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** `mon-fri 09:00-12:00,13:00-20:00; sat 10:00-16:00`; entries without days are for every day. */
export function readWindowText(input: unknown): Read<readonly Intervals[]> {
  const entries = String(input)
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (entries.length === 0) return { problem: "is empty; expected a calling window such as 'mon-fri 09:00-20:00'" }
  const week: Intervals[][] = NAMES.map(() => [])
  for (const entry of entries) {
    const digit = entry.search(/\d/)
    if (digit < 0) return { problem: `'${entry}' names no hours; expected e.g. 'mon-fri 09:00-20:00'` }
    const names = entry.slice(0, digit)
    const days = readDays(names === '' ? 'mon-sun' : names)
    if ('problem' in days) return days
    const hours = readHours(entry.slice(digit))
    if ('problem' in hours) return hours
    days.value.forEach((named, day) => {
      if (named) week[day]?.push(hours.value)
    })
  }
  return { value: week.map(mergeIntervals) }
}

/** Which of the seven days `'mon-fri'`, `'mon,wed,sat-sun'` or `['mon', 'tue']` names. A range may go over Sunday. */
export function readDays(input: unknown): Read<readonly boolean[]> {
  const words = typeof input === 'string' ? input.split(',') : input
  if (!Array.isArray(words) || words.length === 0) return { problem: "expected weekdays such as 'mon-fri'" }
  const days = NAMES.map(() => false)
  for (const word of words) {
    const [first = '', last = first, more] = String(word).split('-')
    const from = weekday(first)
    const to = weekday(last)
    if (from < 0 || to < 0 || more !== undefined) {
      return { problem: `'${String(word).trim()}' is not a weekday or a range of them; expected e.g. 'mon-fri'` }
    }
    for (let day = from; ; day = (day + 1) % 7) {
      days[day] = true
      if (day === to) break
    }
  }
  return { value: days }
}

/** `mon` or `monday`, in any case; -1 for what is not one. */
function weekday(text: string): number {
  const word = text.trim().toLowerCase()
  return NAMES.findIndex((name) => name === word || name.slice(0, 3) === word)
}

/** `09:00-12:00,13:00-20:00` */
export function readHours(input: unknown): Read<Intervals> {
  const intervals: Intervals[] = []
  for (const text of String(input).split(',')) {
    const ends = text.split('-')
    if (ends.length !== 2) return { problem: `'${text.trim()}' is not an interval such as '09:00-20:00'` }
    const read = readInterval(ends)
    if ('problem' in read) return read
    intervals.push(read.value)
  }
  return { value: mergeIntervals(intervals) }
}

/** One interval given by its two ends. */
export function readInterval(input: unknown): Read<Intervals> {
  if (!Array.isArray(input) || input.length !== 2) return { problem: "expected an interval such as ['09:00', '20:00']" }
  const start = readTimeOfDay(input[0])
  if ('problem' in start) return start
  const end = readTimeOfDay(input[1], true)
  if ('problem' in end) return end
  if (start.value < end.value) return { value: [start.value, end.value] }
  const [from, to] = [String(input[0]).trim(), String(input[1]).trim()]
  if (start.value === end.value) return { problem: `'${from}-${to}' is empty; a whole day is '00:00-24:00'` }
  const next = end.value === 0 ? '' : `, and '00:00-${to}' on the next day`
  return { problem: `'${from}-${to}' goes over midnight; write '${from}-24:00'${next}` }
}

/** A date that exists, `YYYY-MM-DD`. */
export function readClosedDate(input: unknown): Read<string> {
  const text = typeof input === 'string' ? input.trim() : ''
  const real = /^\d{4}-\d\d-\d\d$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid
  return real ? { value: text } : { problem: `'${String(input)}' is not a date such as '2026-12-25'` }
}

/** The union of several lists of intervals. */
export function mergeIntervals(lists: readonly Intervals[]): Intervals {
  const pairs = lists.flatMap((list) =>
    Array.from({ length: list.length / 2 }, (_, i): [number, number] => [list[2 * i] ?? 0, list[2 * i + 1] ?? 0]),
  )
  pairs.sort(([a], [b]) => a - b)
  const merged: number[] = []
  for (const [start, end] of pairs) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last) merged[merged.length - 1] = Math.max(last, end)
    else merged.push(start, end)
  }
  return merged
}
