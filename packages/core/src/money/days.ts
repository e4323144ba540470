import { DateTime } from 'luxon'
import { cached } from '../policy/cached.js'
import { DAY } from '../policy/duration.js'
import { instantOfLocal, offsetSpan } from '../policy/zone.js'

/** A day by the clocks of a zone. */
export interface LocalDay {
  /** `2026-11-22` */
  readonly date: string
  /** When the clocks show the next one. */
  readonly until: number
}

const dates = new Map<number, string>()
const MOST = 4000

/** The day that it is in a zone; `undefined` when nobody can say. */
export function localDay(zone: string, at: number): LocalDay | undefined {
  const span = offsetSpan(zone, at)
  if (!span) return undefined
  const local = at + span.offset
  const day = Math.floor(local / DAY)
  const midnight = (day + 1) * DAY
  const unchanged = at + (midnight - local)
  const shown = unchanged <= span.until ? unchanged : instantOfLocal(zone, midnight)
  // Clocks that go back over midnight show it twice; of the second day's beginning nobody is told twice.
  const until = shown !== undefined && shown > at ? shown : unchanged
  return { date: cached(dates, MOST, day, () => dateOf(day)), until }
}

function dateOf(day: number): string {
  return DateTime.fromMillis(day * DAY, { zone: 'utc' }).toISODate() as string
}
