import { derivedFrom } from './cached.js'
import type { CallingWindow } from './calling-window.js'
import { DAY, WEEK } from './duration.js'
import { appendInterval } from './open-intervals.js'
import { lastChange, openWeekOf, type Windows, weekOfNextClose, windowList } from './open-together.js'
import { offsetAt } from './zone.js'
import { zoneNames } from './zones.js'

/** Whether calling is allowed at an instant: by all windows, in all zones (see `joinZones`). An unknown zone is closed. */
export function isOpen(windows: Windows, zones: string, at: number): boolean {
  const list = windowList(windows)
  return list.length === 0 || boundariesUntil(openWeekOf(list, zones, Math.floor(at / WEEK)), at) % 2 === 1
}

/**
 * The end (not included) of the open interval that an instant is in; intervals that touch, also over midnight, are one.
 * `Infinity` when it never closes, `undefined` when it is closed at that instant.
 */
export function closesAt(windows: Windows, zones: string, at: number): number | undefined {
  const list = windowList(windows)
  if (list.length === 0) return Number.POSITIVE_INFINITY
  let week = Math.floor(at / WEEK)
  let intervals = openWeekOf(list, zones, week)
  const passed = boundariesUntil(intervals, at)
  if (passed % 2 === 0) return undefined
  let end = intervals[passed] ?? at
  while (end === (week + 1) * WEEK) {
    const next = weekOfNextClose(list, week)
    if (next === undefined) return Number.POSITIVE_INFINITY
    // All weeks in between are open throughout.
    end = next * WEEK
    week = next
    intervals = openWeekOf(list, zones, week)
    if (intervals[0] !== end) break
    end = intervals[1] ?? end
  }
  return end
}

/** Whatever a weekday's clocks skip, they do not skip five weeks running. */
const ONE_ZONE_WEEKS = 5
/** Hours that two zones share in winter may be none in summer. */
const ALL_SEASONS_WEEKS = 54
/** Nobody looks further ahead: what opens later is found when the time comes nearer. */
const LONGEST_SEARCH: number = 5 * 366 * DAY

/** The last search of each: between its start and what it found there is nothing. */
const searches = new WeakMap<readonly CallingWindow[], Map<string, Search>>()
interface Search {
  from: number
  opens: number | undefined
}
const MOST_ZONES = 1_000

/**
 * The first open instant that is not before `at`: `at` itself when open, `undefined` when there is none in the next five years (an unknown
 * zone, hours that no two of the zones share, or a window without intervals).
 */
export function nextOpen(windows: Windows, zones: string, at: number): number | undefined {
  const list = windowList(windows)
  if (list.length === 0) return at
  if (zoneNames(zones).some((name) => offsetAt(name, at) === undefined)) return undefined
  if (boundariesUntil(openWeekOf(list, zones, Math.floor(at / WEEK)), at) % 2 === 1) return at
  const found = derivedFrom(searches, list, () => new Map<string, Search>())
  const known = found.get(zones)
  if (known !== undefined && at >= known.from && at < (known.opens ?? known.from + WEEK)) return known.opens
  const opens = search(list, zones, at)
  if (found.size >= MOST_ZONES) found.clear()
  found.set(zones, { from: at, opens })
  return opens
}

function search(list: readonly CallingWindow[], zones: string, at: number): number | undefined {
  const single = list.length === 1 && !zones.includes(',')
  const settled = Math.max(at, Math.min(lastChange(list), at + LONGEST_SEARCH))
  const lastWeek = Math.floor(settled / WEEK) + (single ? ONE_ZONE_WEEKS : ALL_SEASONS_WEEKS)
  for (let week = Math.floor(at / WEEK); week <= lastWeek; week++) {
    const intervals = openWeekOf(list, zones, week)
    const opens = intervals[boundariesUntil(intervals, at)]
    if (opens !== undefined) return opens
  }
  return undefined
}

/**
 * The open instants of `[from, until)` as intervals `[start, end, start, end, …]`, ascending, none touching the next.
 * Both ends must be finite; a year takes about a millisecond the first time.
 */
export function openIntervals(windows: Windows, zones: string, from: number, until: number): number[] {
  if (!Number.isFinite(until - from)) throw new RangeError('openIntervals needs two finite instants')
  const list = windowList(windows)
  const found: number[] = []
  if (list.length === 0) {
    appendInterval(found, from, until)
    return found
  }
  for (let week = Math.floor(from / WEEK); week * WEEK < until; week++) {
    const intervals = openWeekOf(list, zones, week)
    for (let i = 0; i + 1 < intervals.length; i += 2) {
      appendInterval(found, Math.max(from, intervals[i] ?? 0), Math.min(until, intervals[i + 1] ?? 0))
    }
  }
  return found
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
