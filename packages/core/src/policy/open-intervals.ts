import { cached } from './cached.js'
import type { CallingWindow } from './calling-window.js'
import { DAY, MINUTE, WEEK } from './duration.js'
import { mergeIntervals } from './window-text.js'
import { offsetSpan } from './zone.js'

/** What is derived once from a window. Days are numbers: days since 1970-01-01, local. */
interface Derived {
  /** Days on which it is closed, ascending. */
  closedDays: readonly number[]
  closed: ReadonlySet<number>
  /** Days from and until which it counts. */
  fromDay: number
  untilDay: number
  /** Blackouts `[start, end, start, end, …]` as instants and as what clocks show, each ascending and merged. */
  blackouts: readonly number[]
  localBlackouts: readonly number[]
  /** Open at every minute of every weekday, closed days aside. */
  whole: boolean
  /** Zone → number of the UTC week → open intervals in it. */
  weeks: Map<string, Map<number, readonly number[]>>
}

const ALL_DAY: readonly number[] = [0, 1_440]

/** A window is asked about now and a little ahead; more weeks than these are a search that nobody repeats. */
const MOST_WEEKS = 16
const MOST_ZONES = 1_000

const derived = new WeakMap<CallingWindow, Derived>()

/** Facts of a window that do not depend on a zone. */
export function deriveWindow(window: CallingWindow): Derived {
  const known = derived.get(window)
  if (known !== undefined) return known
  const closedDays = window.closedOn.map(dayNumber)
  const periods = (local: boolean) =>
    mergeIntervals(
      (window.blackouts ?? []).filter((one) => (one.local === true) === local).map(({ from, until }) => [from, until]),
    )
  const made: Derived = {
    closedDays,
    closed: new Set(closedDays),
    fromDay: window.from === undefined ? Number.NEGATIVE_INFINITY : dayNumber(window.from),
    untilDay: window.until === undefined ? Number.POSITIVE_INFINITY : dayNumber(window.until),
    blackouts: periods(false),
    localBlackouts: periods(true),
    whole: window.week.length === 7 && window.week.every((day) => day[0] === 0 && day[1] === 1_440),
    weeks: new Map(),
  }
  derived.set(window, made)
  return made
}

/**
 * Open intervals `[start, end, start, end, …]` of one UTC week (counted from 1970-01-01), cut at its ends. An unknown
 * zone is never open.
 */
export function openWeek(window: CallingWindow, zone: string, week: number): readonly number[] {
  const facts = deriveWindow(window)
  const weeks = cached(facts.weeks, MOST_ZONES, zone, () => new Map<number, readonly number[]>())
  return cached(weeks, MOST_WEEKS, week, () => compute(window, facts, zone, week * WEEK, (week + 1) * WEEK))
}

/**
 * An instant is open when the clocks of the zone, at that instant, show a time inside the window. So the instants are
 * walked in runs of constant offset, and a local interval that clocks skip is shorter or gone, one that they show twice
 * counts twice.
 */
function compute(
  window: CallingWindow,
  { closed, fromDay, untilDay, blackouts, localBlackouts }: Derived,
  zone: string,
  from: number,
  until: number,
): readonly number[] {
  const intervals: number[] = []
  let start = from
  while (start < until) {
    const span = offsetSpan(zone, start)
    if (span === undefined) return []
    const end = Math.min(until, span.until)
    for (let day = Math.floor((start + span.offset) / DAY); day * DAY < end + span.offset; day++) {
      const counts = day >= fromDay && day < untilDay
      if (counts && closed.has(day)) continue
      const minutes = counts ? (window.week[weekdayOf(day)] ?? []) : ALL_DAY
      const midnight = day * DAY - span.offset
      for (let i = 0; i + 1 < minutes.length; i += 2) {
        const opens = Math.max(start, midnight + (minutes[i] ?? 0) * MINUTE)
        const closes = Math.min(end, midnight + (minutes[i + 1] ?? 0) * MINUTE)
        const open = counts
          ? without(without([opens, closes], blackouts, 0), localBlackouts, span.offset)
          : [opens, closes]
        for (let j = 0; j + 1 < open.length; j += 2) appendInterval(intervals, open[j] ?? 0, open[j + 1] ?? 0)
      }
    }
    start = end
  }
  return intervals
}

/** What is left of intervals without periods, which are earlier by an offset than they say. */
function without(intervals: readonly number[], periods: readonly number[], offset: number): readonly number[] {
  if (periods.length === 0) return intervals
  const left: number[] = []
  for (let i = 0; i + 1 < intervals.length; i += 2) {
    let start = intervals[i] ?? 0
    const end = intervals[i + 1] ?? 0
    for (let j = 0; j + 1 < periods.length; j += 2) {
      const from = (periods[j] ?? 0) - offset
      const until = (periods[j + 1] ?? 0) - offset
      if (until <= start) continue
      if (from >= end) break
      appendInterval(left, start, from)
      start = until
    }
    appendInterval(left, start, end)
  }
  return left
}

/** Adds an interval after the others; one that begins where the last ends continues it. */
export function appendInterval(intervals: number[], start: number, end: number): void {
  if (start >= end) return
  if (intervals.at(-1) === start) intervals[intervals.length - 1] = end
  else intervals.push(start, end)
}

/** 0 for Monday; day 0, 1970-01-01, was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

/** Days from 1970-01-01 to a date `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  const year = Number(date.slice(0, 4))
  const month = Number(date.slice(5, 7))
  const day = Number(date.slice(8, 10))
  // Years begin in March here, so that a leap day is the last of its year.
  const years = month > 2 ? year : year - 1
  const days = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + days - 719_468
}
