const formats = new Map<string, Intl.DateTimeFormat>()
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** What the clocks of a zone show: told by the platform's calendar, which the engine does not use. */
function localTime(zone: string, at: number): { day: number; minute: number } {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return { day: DAYS.indexOf(parts.weekday ?? ''), minute: Number(parts.hour) * 60 + Number(parts.minute) }
}

/** Whether a week of local intervals (see `CallingWindow`) is open at an instant. */
export function isOpenLocally(week: readonly (readonly number[])[], zone: string, at: number): boolean {
  const { day, minute } = localTime(zone, at)
  const intervals = week[day] ?? []
  for (let i = 0; i + 1 < intervals.length; i += 2) {
    if (minute >= (intervals[i] as number) && minute < (intervals[i + 1] as number)) return true
  }
  return false
}

const dates = new Map<string, Intl.DateTimeFormat>()

/** The date that it is in a zone. */
export function localDate(zone: string, at: number): string {
  const format = dates.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
  dates.set(zone, format)
  return format.format(at)
}
