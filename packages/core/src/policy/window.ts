import type { CallingWindow } from './calling-window.js'
import { DAY, WEEK } from './duration.js'
import { appendInterval, deriveWindow, openWeek } from './open-intervals.js'
import { offsetAt } from './zone.js'

/** Whether calling is allowed at an instant. An unknown zone is closed. */
export function isOpen(window: CallingWindow | null, zone: string, at: number): boolean {
  if (window === null) return true
  return boundariesUntil(openWeek(window, zone, Math.floor(at / WEEK)), at) % 2 === 1
}

/**
 * The end (not included) of the open interval that an instant is in; intervals that touch, also over midnight, are one.
 * `Infinity` when it never closes, `undefined` when it is closed at that instant.
 */
export function closesAt(window: CallingWindow | null, zone: string, at: number): number | undefined {
  if (window === null) return Number.POSITIVE_INFINITY
  let week = Math.floor(at / WEEK)
  let intervals = openWeek(window, zone, week)
  const passed = boundariesUntil(intervals, at)
  if (passed % 2 === 0) return undefined
  let end = intervals[passed] ?? at
  while (end === (week + 1) * WEEK) {
    const next = weekOfNextEnd(window, week)
    if (next === undefined) return Number.POSITIVE_INFINITY
    // All weeks in between are open throughout.
    end = next * WEEK
    week = next
    intervals = openWeek(window, zone, week)
    if (intervals[0] !== end) break
    end = intervals[1] ?? end
  }
  return end
}

/**
 * The first open instant that is not before `at`: `at` itself when open, `undefined` when there is none (an unknown
 * zone, or a window without intervals).
 */
export function nextOpen(window: CallingWindow | null, zone: string, at: number): number | undefined {
  if (window === null) return at
  if (offsetAt(zone, at) === undefined) return undefined
  const { closedDays } = deriveWindow(window)
  // Whatever a weekday's clocks skip, they do not skip five weeks running; only closed dates can go on for longer.
  const lastClosed = ((closedDays.at(-1) ?? 0) + 2) * DAY
  const lastWeek = Math.floor(Math.max(at, lastClosed) / WEEK) + 5
  for (let week = Math.floor(at / WEEK); week <= lastWeek; week++) {
    const intervals = openWeek(window, zone, week)
    const passed = boundariesUntil(intervals, at)
    if (passed % 2 === 1) return at
    const opens = intervals[passed]
    if (opens !== undefined) return opens
  }
  return undefined
}

/**
 * The open instants of `[from, until)` as intervals `[start, end, start, end, …]`, ascending, none touching the next.
 * Both ends must be finite; a year takes about a millisecond the first time.
 */
export function openIntervals(window: CallingWindow | null, zone: string, from: number, until: number): number[] {
  if (!Number.isFinite(until - from)) throw new RangeError('openIntervals needs two finite instants')
  const found: number[] = []
  if (window === null) {
    appendInterval(found, from, until)
    return found
  }
  for (let week = Math.floor(from / WEEK); week * WEEK < until; week++) {
    const intervals = openWeek(window, zone, week)
    for (let i = 0; i + 1 < intervals.length; i += 2) {
      appendInterval(found, Math.max(from, intervals[i] ?? 0), Math.min(until, intervals[i + 1] ?? 0))
    }
  }
  return found
}

/** The zone in which a window is read for a contact: the contact's own, else the window's, else the job's. */
export function windowZone(window: CallingWindow | null, contactZone: string | undefined, jobZone: string): string {
  return contactZone ?? window?.timezone ?? jobZone
}

/** How many boundaries are at or before an instant; odd means inside an interval. */
function boundariesUntil(intervals: readonly number[], at: number): number {
  let low = 0
  let high = intervals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((intervals[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The next week in which an interval that fills this one's end can end. */
function weekOfNextEnd(window: CallingWindow, week: number): number | undefined {
  const { whole, closedDays } = deriveWindow(window)
  if (!whole) return week + 1
  // Only closed dates end it. Two days cover every offset between the date's local and its UTC day.
  const day = closedDays.find((closed) => (closed + 2) * DAY > (week + 1) * WEEK)
  if (day === undefined) return undefined
  return Math.max(week + 1, Math.floor(((day - 2) * DAY) / WEEK))
}
