import { cached } from './cached.js'
import type { CallingWindow } from './calling-window.js'
import { DAY, MINUTE, WEEK } from './duration.js'
import { offsetSpan } from './zone.js'

/** What is derived once from a window. */
interface Derived {
  /** Day numbers (days since 1970-01-01, local) on which it is closed, ascending. */
  closedDays: readonly number[]
  closed: ReadonlySet<number>
  /** Open at every minute of every weekday, closed days aside. */
  whole: boolean
  /** Zone → number of the UTC week → open intervals in it. */
  weeks: Map<string, Map<number, readonly number[]>>
}

/** A window is asked about now and a little ahead; more weeks than these are a search that nobody repeats. */
const MOST_WEEKS = 16
const MOST_ZONES = 1_000

const derived = new WeakMap<CallingWindow, Derived>()

/** Facts of a window that do not depend on a zone. */
export function deriveWindow(window: CallingWindow): Derived {
  const known = derived.get(window)
  if (known !== undefined) return known
  const closedDays = window.closedOn.map(dayNumber)
  const made: Derived = {
    closedDays,
    closed: new Set(closedDays),
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
  return cached(weeks, MOST_WEEKS, week, () => compute(window, facts.closed, zone, week * WEEK, (week + 1) * WEEK))
}

/**
 * An instant is open when the clocks of the zone, at that instant, show a time inside the window. So the instants are
 * walked in runs of constant offset, and a local interval that clocks skip is shorter or gone, one that they show twice
 * counts twice.
 */
function compute(
  window: CallingWindow,
  closed: ReadonlySet<number>,
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
      if (closed.has(day)) continue
      const minutes = window.week[weekdayOf(day)] ?? []
      const midnight = day * DAY - span.offset
      for (let i = 0; i + 1 < minutes.length; i += 2) {
        const opens = midnight + (minutes[i] ?? 0) * MINUTE
        const closes = midnight + (minutes[i + 1] ?? 0) * MINUTE
        appendInterval(intervals, Math.max(start, opens), Math.min(end, closes))
      }
    }
    start = end
  }
  return intervals
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
function dayNumber(date: string): number {
  const year = Number(date.slice(0, 4))
  const month = Number(date.slice(5, 7))
  const day = Number(date.slice(8, 10))
  // Years begin in March here, so that a leap day is the last of its year.
  const years = month > 2 ? year : year - 1
  const days = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return years * 365 + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + days - 719_468
}
