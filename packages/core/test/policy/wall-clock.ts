import fc from 'fast-check'
import { WEEKDAYS, type Weekday } from '../../src/policy/window-options.js'

// The judge of the policy tests: what the clocks of a zone show, asked of Intl and of nothing that the policies use.

/** Daylight saving north and south of the equator, by 30 minutes, at odd offsets, backwards (Casablanca), and none. */
export const ZONES = [
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
  'America/St_Johns',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Gaza',
  'UTC',
] as const

export interface WallClock {
  /** `YYYY-MM-DD` */
  date: string
  /** `HH:MM` */
  time: string
  weekday: Weekday
  /** The reading as milliseconds, as if it were UTC. */
  reading: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock on the wall in a zone shows. */
export function wallClock(zone: string, at: number): WallClock {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const date = `${parts.year}-${parts.month}-${parts.day}`
  const time = `${parts.hour}:${parts.minute}`
  const milliseconds = ((at % 1000) + 1000) % 1000
  return {
    date,
    time,
    weekday: parts.weekday?.toLowerCase() as Weekday,
    reading: Date.parse(`${date}T${time}:${parts.second}Z`) + milliseconds,
  }
}

/** Hours by weekday as a user writes them, in the one form the judge reads. */
export interface PlainWindow {
  hours: Partial<Record<Weekday, [string, string][]>>
  closedOn: string[]
}

/** Whether the clock on the wall shows a time inside the window. Times compare as text, `24:00` after all others. */
export function openByWallClock(window: PlainWindow, zone: string, at: number): boolean {
  const { date, time, weekday } = wallClock(zone, at)
  if (window.closedOn.includes(date)) return false
  return (window.hours[weekday] ?? []).some(([start, end]) => start <= time && time < end)
}

/** Instants at which the clocks of a zone change, in some years: the day Samoa left out among them. */
function changesOf(zone: string): number[] {
  const found: number[] = []
  const step = 6 * 3_600_000
  for (const year of [2011, 2025, 2026]) {
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += step) {
      if (offset(zone, at) === offset(zone, at + step)) continue
      let [low, high] = [at, at + step]
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2)
        if (offset(zone, middle) === offset(zone, at)) low = middle
        else high = middle
      }
      found.push(high)
    }
  }
  return found
}

function offset(zone: string, at: number): number {
  return wallClock(zone, at).reading - at
}

const changes = new Map(ZONES.map((zone) => [zone, changesOf(zone)]))

/** A zone and an instant: anywhere from 2000 to 2037, or within two days or two minutes of a change of its clocks. */
export const zoneAndInstant: fc.Arbitrary<{ zone: string; at: number }> = fc.constantFrom(...ZONES).chain((zone) => {
  const anywhere = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2037, 0, 1) })
  const near = (distance: number) =>
    fc
      .tuple(fc.constantFrom(...(changes.get(zone) ?? [])), fc.integer({ min: -distance, max: distance }))
      .map(([change, by]) => change + by)
  const at = changes.get(zone)?.length ? fc.oneof(anywhere, near(2 * 86_400_000), near(120_000)) : anywhere
  return at.map((chosen) => ({ zone, at: chosen }))
})

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

// Whole half hours often, so that boundaries meet the clocks' own changes.
const minute = fc.oneof(
  fc.integer({ min: 0, max: 1440 }),
  fc.integer({ min: 0, max: 48 }).map((half) => half * 30),
)

const interval: fc.Arbitrary<[string, string]> = fc
  .tuple(minute, minute)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => [clock(Math.min(a, b)), clock(Math.max(a, b))])

const hours: fc.Arbitrary<[string, string][]> = fc.oneof(
  fc.array(interval, { maxLength: 3 }),
  fc.constant<[string, string][]>([['00:00', '24:00']]),
  fc.constant<[string, string][]>([['02:00', '03:00']]),
)

const closedDate = fc.oneof(
  fc.constantFrom('2011-12-29', '2011-12-30', '2011-12-31', '2025-11-02', '2026-03-08', '2026-03-29'),
  fc.integer({ min: 10_957, max: 24_472 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10)),
)

const everyDay = (of: [string, string][]): PlainWindow['hours'] =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, of])) as PlainWindow['hours']

/** Windows that open at some time: by weekday, the same every day, and open day and night. */
export const plainWindow: fc.Arbitrary<PlainWindow> = fc
  .record({
    hours: fc.oneof(
      fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, hours])) as Record<Weekday, typeof hours>, {
        requiredKeys: [],
      }),
      hours.map(everyDay),
    ),
    closedOn: fc.array(closedDate, { maxLength: 3 }),
  })
  .filter((window) => Object.values(window.hours).some((day) => day.length > 0))
