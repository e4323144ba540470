import { IANAZone } from 'luxon'
import type * as z from 'zod'
import { cached } from './cached.js'
import { DAY, HOUR } from './duration.js'
import { schemaOf } from './options.js'

/** What the tz database says of one zone, as far as it was asked. */
interface ZoneFacts {
  zone: IANAZone
  /** Offset at the start of a UTC day, by day number. */
  offsets: Map<number, number>
  /** Instant within a UTC day at which the offset changes, by day number. */
  changes: Map<number, number>
}

/** Zones that are known, and texts found not to be zones: these come from users, so there is no end of them. */
const zones = new Map<string, ZoneFacts | false>()
const MOST_ZONES = 2_000

/** Days are asked about in runs around now; a long simulation must not keep them all. */
const MOST_DAYS = 4_000

/** Beyond this, instants plus a zone's offset leave the range that calendars are defined for. */
const LAST_INSTANT: number = 8.64e15 - 2 * DAY

/**
 * Whether a text names a zone of the IANA database (`America/New_York`, `UTC`). What only luxon takes (`local`, `system`,
 * `utc+3`) and bare offsets (`+03:00`) are refused: they mean another zone elsewhere, or know no daylight saving.
 */
export function isZone(name: unknown): name is string {
  return typeof name === 'string' && factsOf(name) !== undefined
}

/** An IANA zone name. */
export const zoneSchema: z.ZodType<string, string> = schemaOf(
  (input) => (isZone(input) ? { value: input } : { problem: zoneProblem(input) }),
  'invalid_schedule',
)

export function zoneProblem(input: unknown): string {
  return `${typeof input === 'string' ? `'${input}'` : typeof input} is not an IANA time zone such as 'America/New_York'`
}

/**
 * The offset of local time from UTC at an instant, in milliseconds (New York in winter: -18000000), and an instant until
 * which it stays so: that of the next change or the end of the UTC day. `undefined` when the zone is unknown or the
 * instant out of range.
 */
export function offsetSpan(name: string, at: number): { offset: number; until: number } | undefined {
  const facts = factsOf(name)
  if (facts === undefined || !(Math.abs(at) <= LAST_INSTANT)) return undefined
  const day = Math.floor(at / DAY)
  const before = offsetOfDay(facts, day)
  const after = offsetOfDay(facts, day + 1)
  if (before === after) return { offset: before, until: (day + 1) * DAY }
  const change = changeOfDay(facts, day, before)
  return at < change ? { offset: before, until: change } : { offset: after, until: (day + 1) * DAY }
}

/** Offset of local time from UTC in milliseconds; see {@link offsetSpan}. */
export function offsetAt(name: string, at: number): number | undefined {
  return offsetSpan(name, at)?.offset
}

/**
 * The instant at which a zone's clocks show a local time, given as the milliseconds that UTC would have at that reading.
 * A reading that never is (clocks go forward over it) is moved forward by the gap; of two, it is the first.
 */
export function instantOfLocal(name: string, local: number): number | undefined {
  // Offsets reach from -12 to +14 hours, so the instant lies between these two, and at most one change does.
  const before = offsetAt(name, local - 15 * HOUR)
  const after = offsetAt(name, local + 13 * HOUR)
  if (before === undefined || after === undefined) return undefined
  const first = local - before
  if (offsetAt(name, first) === before) return first
  const second = local - after
  return offsetAt(name, second) === after ? second : first
}

function factsOf(name: string): ZoneFacts | undefined {
  return cached(zones, MOST_ZONES, name, () => lookUp(name)) || undefined
}

function lookUp(name: string): ZoneFacts | false {
  // Newer runtimes know offsets as zones, so the first letter is checked here.
  if (!/^[A-Za-z]/.test(name) || !IANAZone.isValidZone(name)) return false
  return { zone: IANAZone.create(name), offsets: new Map(), changes: new Map() }
}

function offsetOfDay(facts: ZoneFacts, day: number): number {
  return cached(facts.offsets, MOST_DAYS, day, () => offsetOf(facts, day * DAY))
}

/** Zones change at most once a day (the closest two changes of one zone since 1990 are a week apart). */
function changeOfDay(facts: ZoneFacts, day: number, before: number): number {
  return cached(facts.changes, MOST_DAYS, day, () => findChange(facts, day, before))
}

function findChange(facts: ZoneFacts, day: number, before: number): number {
  let low = day * DAY
  let high = (day + 1) * DAY
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetOf(facts, middle) === before) low = middle
    else high = middle
  }
  return high
}

function offsetOf(facts: ZoneFacts, at: number): number {
  return Math.round(facts.zone.offset(at) * 60_000)
}
