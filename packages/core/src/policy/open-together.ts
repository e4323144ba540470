import { cached, derivedFrom } from './cached.js'
import type { CallingWindow } from './calling-window.js'
import { DAY, WEEK } from './duration.js'
import { appendInterval, deriveWindow, openWeek } from './open-intervals.js'
import { zoneNames } from './zones.js'

/** Windows that all have to be open: none, one or several. */
export type Windows = CallingWindow | null | readonly CallingWindow[]

const NONE: readonly CallingWindow[] = []
const MOST_WEEKS = 16
const MOST_ZONES = 1_000

/** The windows as a list; always the same list for the same window. */
export function windowList(windows: Windows): readonly CallingWindow[] {
  if (windows === null) return NONE
  if (isList(windows)) return windows
  return derivedFrom(lists, windows, () => [windows])
}

const lists = new WeakMap<CallingWindow, readonly CallingWindow[]>()

function isList(windows: CallingWindow | readonly CallingWindow[]): windows is readonly CallingWindow[] {
  return Array.isArray(windows)
}

const weeksOf = new WeakMap<readonly CallingWindow[], Map<string, Map<number, readonly number[]>>>()

/**
 * Intervals `[start, end, start, end, …]` of one UTC week (counted from 1970-01-01), cut at its ends, in which all windows are open in all
 * zones (see `joinZones`). A zone that is unknown is never open.
 */
export function openWeekOf(windows: readonly CallingWindow[], zones: string, week: number): readonly number[] {
  const [only] = windows
  if (only !== undefined && windows.length === 1 && !zones.includes(',')) return openWeek(only, zones, week)
  const byZones = derivedFrom(weeksOf, windows, () => new Map<string, Map<number, readonly number[]>>())
  const weeks = cached(byZones, MOST_ZONES, zones, () => new Map<number, readonly number[]>())
  return cached(weeks, MOST_WEEKS, week, () => {
    let open: readonly number[] = [week * WEEK, (week + 1) * WEEK]
    for (const window of windows) {
      for (const zone of zoneNames(zones)) {
        if (open.length > 0) open = intersection(open, openWeek(window, zone, week))
      }
    }
    return open
  })
}

/** What is in both of two lists of intervals, each ascending. */
function intersection(one: readonly number[], other: readonly number[]): readonly number[] {
  const both: number[] = []
  let [i, j] = [0, 0]
  while (i + 1 < one.length && j + 1 < other.length) {
    const [end, otherEnd] = [one[i + 1] as number, other[j + 1] as number]
    appendInterval(both, Math.max(one[i] as number, other[j] as number), Math.min(end, otherEnd))
    if (end <= otherEnd) i += 2
    if (otherEnd <= end) j += 2
  }
  return both
}

/** Of windows that are open at the end of a week, the next week in which one can close; `undefined`: none ever does. */
export function weekOfNextClose(windows: readonly CallingWindow[], week: number): number | undefined {
  let next = Number.POSITIVE_INFINITY
  for (const window of windows) next = Math.min(next, nextClose(window, week))
  return next === Number.POSITIVE_INFINITY ? undefined : Math.max(next, week + 1)
}

function nextClose(window: CallingWindow, week: number): number {
  const { whole, closedDays, fromDay, untilDay, blackouts, localBlackouts } = deriveWindow(window)
  const end = (week + 1) * WEEK
  // Two days cover every offset between a local and a UTC day.
  if ((untilDay + 2) * DAY <= end) return Number.POSITIVE_INFINITY
  if (!whole) return fromDay === Number.NEGATIVE_INFINITY ? week + 1 : weekBefore(fromDay * DAY)
  const later = (at: number) => at + 2 * DAY > end
  const begins = [...starts(blackouts), ...starts(localBlackouts)].filter(later)
  const closed = closedDays.find((day) => later(day * DAY))
  if (closed !== undefined) begins.push(closed * DAY)
  // A blackout that counts only from a later day on closes then.
  if (later(fromDay * DAY)) begins.push(fromDay * DAY)
  return begins.length === 0 ? Number.POSITIVE_INFINITY : weekBefore(Math.min(...begins))
}

function starts(intervals: readonly number[]): number[] {
  return intervals.filter((_, i) => i % 2 === 0)
}

function weekBefore(at: number): number {
  return Math.floor((at - 2 * DAY) / WEEK)
}

/** After its last such instant, a window is the same every week but for what clocks do. Two days cover every offset. */
export function lastChange(windows: readonly CallingWindow[]): number {
  let last = Number.NEGATIVE_INFINITY
  for (const window of windows) {
    const { closedDays, fromDay, untilDay, blackouts, localBlackouts } = deriveWindow(window)
    for (const day of [closedDays.at(-1), fromDay, untilDay])
      if (day !== undefined && Number.isFinite(day)) last = Math.max(last, (day + 2) * DAY)
    for (const at of [blackouts.at(-1), localBlackouts.at(-1)])
      if (at !== undefined) last = Math.max(last, at + 2 * DAY)
  }
  return last
}
