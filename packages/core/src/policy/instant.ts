import { DateTime } from 'luxon'

/** An instant as ISO 8601 text in UTC. */
export function formatInstant(at: number): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toISO() as string
}
