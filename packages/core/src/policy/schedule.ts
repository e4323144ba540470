import { DateTime } from 'luxon'
import * as z from 'zod'
import { unwrap } from './options.js'
import { instantOfLocal, isZone, zoneProblem } from './zone.js'

/**
 * When something is to happen: `'now'`, ISO 8601 text with an offset (`2026-03-01T09:00:00-05:00`) or without one
 * (`2026-03-01T09:00`, read in a time zone), milliseconds since the epoch, or the host's own date object.
 */
export type ScheduleTime = string | number | { getTime(): number }

/** What a {@link ScheduleTime} is read against. */
export interface ScheduleContext {
  /** IANA zone for texts without an offset. Checked even when the text has one, so that a mistake is not found in winter. */
  zone: string
  /** What `'now'` means, in milliseconds since the epoch. */
  now: number
  /** Path of the option, for the error. */
  field: string
  /** Path of the zone, for the error. Default `timezone`. */
  zoneField?: string
}

const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?<offset>Z|[+-]\d\d(?::?\d\d)?)?)?$/i

const EXPECTED = "expected ISO 8601 such as '2026-03-01T09:00' or '2026-03-01T09:00:00-05:00'"

/** Instants that every part of the system can write as a date: years 1970 to 9999. */
const LATEST = 253_402_300_799_999

/**
 * The instant, in milliseconds since the epoch, that a {@link ScheduleTime} names.
 *
 * Text with an offset is taken by its offset; text without one by the clocks of `zone`. A local time that clocks skip is
 * moved forward by what they skip (02:30 becomes 03:30); one that they show twice is the first. A bare date is its
 * midnight. Whether the instant is past is not judged here. Throws `invalid_schedule` naming the field.
 */
export function resolveSchedule(input: ScheduleTime, context: ScheduleContext): number {
  const { zone, now, field } = context
  if (!isZone(zone)) return unwrap({ problem: zoneProblem(zone) }, 'invalid_schedule', context.zoneField ?? 'timezone')
  const refuse = (problem: string): never => unwrap({ problem }, 'invalid_schedule', field)
  if (input === 'now') return now
  const at = typeof input === 'string' ? fromText(input.trim(), zone, refuse) : fromValue(input, refuse)
  if (!(at >= 0 && at <= LATEST)) return refuse(`is not between the years 1970 and 9999`)
  return Math.floor(at)
}

function fromText(text: string, zone: string, refuse: (problem: string) => never): number {
  const match = ISO.exec(text)
  if (match === null) return refuse(`'${text}' is not a time; ${EXPECTED}`)
  // luxon wants a T, and reads what is left as UTC: with an offset that is the instant, without one a local reading.
  const read = DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' })
  if (!read.isValid) return refuse(`'${text}' is no time that exists`)
  const { offset } = match.groups as { offset?: string }
  return (offset === undefined ? instantOfLocal(zone, read.toMillis()) : read.toMillis()) ?? Number.NaN
}

function fromValue(input: number | { getTime(): number }, refuse: (problem: string) => never): number {
  if (typeof input === 'number') return Number.isFinite(input) ? input : refuse(`${input} is not a time; ${EXPECTED}`)
  if (typeof input !== 'object' || input === null || typeof input.getTime !== 'function') return refuse(EXPECTED)
  const at = input.getTime()
  return Number.isFinite(at) ? at : refuse('is an invalid date object')
}

/** Whether it is a text without an offset, which means another instant in every zone. */
export function isLocalTime(input: unknown): boolean {
  return typeof input === 'string' && ISO.exec(input.trim())?.groups?.offset === undefined
}

/** The shape of a {@link ScheduleTime}. What it means needs a zone and the time: {@link resolveSchedule}. */
export const scheduleTimeSchema: z.ZodType<ScheduleTime, ScheduleTime> = z.union(
  [z.string(), z.number(), z.custom<{ getTime(): number }>(isDateLike)],
  { error: EXPECTED },
)

function isDateLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'getTime' in value && typeof value.getTime === 'function'
}
