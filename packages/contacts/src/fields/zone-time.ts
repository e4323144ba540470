const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Formatters are slow to make; there are no more than zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

/**
 * The instant at which clocks of a zone show a local time, given as if it were UTC. A time that a change of clocks leaves
 * out is shifted forward by what was left out; of a time that happens twice the first is taken.
 */
export function instantOf(local: number, zone: string): number {
  // The offsets in force before and after any change near this time; no zone changes twice within two days.
  const before = offsetAt(local - DAY, zone)
  const after = offsetAt(local + DAY, zone)
  const candidates = [local - before, local - after].filter((instant) => instant + offsetAt(instant, zone) === local)
  return candidates.length > 0 ? Math.min(...candidates) : local - before
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  const seconds = Math.floor(instant / 1000) * 1000
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(seconds)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - seconds
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}
