import { isOutdialError, isZone, resolveSchedule } from '@outdial/core'
import { invalidDatetime, invalidTimezone, pastScheduledTime } from './errors.js'

/** A time as the service writes it: to the second, in UTC. */
export function wireTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function wireTimeOrNull(at: number | undefined): string | null {
  return at === undefined ? null : wireTime(at)
}

/** Throws for what is no IANA zone. */
export function checkTimezone(timezone: string): void {
  if (!isZone(timezone)) throw invalidTimezone(timezone)
}

/** When a batch is to begin: after now. A time with an offset is taken by it, one without by the clocks of the zone. */
export function scheduledTime(text: string, timezone: string, now: number): number {
  const at = instantOf(text, timezone, now)
  if (at <= now) throw pastScheduledTime()
  return at
}

function instantOf(text: string, zone: string, now: number): number {
  // The engine's own word for a time is none of the service's.
  if (text.trim() === 'now') throw invalidDatetime()
  try {
    return resolveSchedule(text, { zone, now, field: 'scheduledStartTime' })
  } catch (error) {
    if (isOutdialError(error, 'invalid_schedule')) throw invalidDatetime()
    throw error
  }
}
