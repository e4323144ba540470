import { describe, expect, it } from 'vitest'
import { openWeek } from '../../src/policy/open-intervals.js'
import { closesAt, isOpen, nextOpen, openIntervals } from '../../src/policy/window.js'
import { parseWindow, WEEKDAYS } from '../../src/policy/window-options.js'
import { zonesFor } from '../../src/policy/zones.js'

const NEW_YORK = 'America/New_York'
const utc = (text: string) => Date.parse(text)
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())

describe('a calling window', () => {
  const office = parseWindow('mon-fri 09:00-20:00; sat 10:00-16:00', 'window')

  it('includes its start and excludes its end', () => {
    expect(isOpen(office, NEW_YORK, utc('2026-01-05T13:59:59.999Z'))).toBe(false)
    expect(isOpen(office, NEW_YORK, utc('2026-01-05T14:00:00Z'))).toBe(true)
    expect(isOpen(office, NEW_YORK, utc('2026-01-06T00:59:59.999Z'))).toBe(true)
    expect(isOpen(office, NEW_YORK, utc('2026-01-06T01:00:00Z'))).toBe(false)
  })

  it('opens after a weekend on Monday', () => {
    expect(iso(nextOpen(office, NEW_YORK, utc('2026-01-03T21:00:00Z')))).toBe('2026-01-05T14:00:00.000Z')
  })

  it('joins hours that touch over midnight', () => {
    const night = parseWindow('fri 22:00-24:00; sat 00:00-02:00', 'window')
    expect(iso(closesAt(night, 'UTC', utc('2026-01-02T23:00:00Z')))).toBe('2026-01-03T02:00:00.000Z')
  })

  it('closes at midnight also where a week of UTC ends', () => {
    const evening = parseWindow('wed 22:00-24:00', 'window')
    expect(iso(closesAt(evening, 'UTC', utc('2026-01-07T23:00:00Z')))).toBe('2026-01-08T00:00:00.000Z')
  })

  it('is shorter by the hour that clocks skip', () => {
    const early = parseWindow('01:00-04:00', 'window')
    const day = openIntervals(early, NEW_YORK, utc('2026-03-08T00:00:00Z'), utc('2026-03-09T00:00:00Z'))
    expect(day.map(iso)).toEqual(['2026-03-08T06:00:00.000Z', '2026-03-08T08:00:00.000Z'])
  })

  it('never opens on a day whose clocks skip all its hours', () => {
    const skipped = parseWindow('sun 02:00-03:00', 'window')
    expect(iso(nextOpen(skipped, NEW_YORK, utc('2026-03-08T00:00:00Z')))).toBe('2026-03-15T06:00:00.000Z')
  })

  it('opens twice for hours that clocks show twice', () => {
    const twice = parseWindow('01:15-01:45', 'window')
    const night = openIntervals(twice, NEW_YORK, utc('2026-11-01T04:00:00Z'), utc('2026-11-01T08:00:00Z'))
    expect(night.map(iso)).toEqual([
      '2026-11-01T05:15:00.000Z',
      '2026-11-01T05:45:00.000Z',
      '2026-11-01T06:15:00.000Z',
      '2026-11-01T06:45:00.000Z',
    ])
  })

  it('knows the day that Samoa left out', () => {
    const daily = parseWindow('00:00-24:00', 'window')
    const friday = parseWindow('fri 10:00-11:00', 'window')
    expect(isOpen(daily, 'Pacific/Apia', utc('2011-12-30T10:00:00Z'))).toBe(true)
    expect(iso(nextOpen(friday, 'Pacific/Apia', utc('2011-12-29T12:00:00Z')))).toBe('2012-01-05T20:00:00.000Z')
  })

  it('is closed on local dates', () => {
    const christmas = parseWindow({ hours: '00:00-24:00', closedOn: ['2026-12-25'] }, 'window')
    const eve = utc('2026-12-20T00:00:00Z')
    expect(iso(closesAt(christmas, NEW_YORK, eve))).toBe('2026-12-25T05:00:00.000Z')
    expect(iso(nextOpen(christmas, NEW_YORK, utc('2026-12-25T05:00:00Z')))).toBe('2026-12-26T05:00:00.000Z')
    expect(closesAt(christmas, NEW_YORK, utc('2026-12-26T05:00:00Z'))).toBe(Number.POSITIVE_INFINITY)
  })

  // Weeks are counted from Thursdays in UTC: this one begins there ten hours before the holiday does.
  it('finds a holiday that begins after the week of its date has', () => {
    const newYear = parseWindow({ hours: '00:00-24:00', closedOn: ['2026-01-01'] }, 'window')
    const before = utc('2025-12-20T00:00:00Z')
    expect(iso(closesAt(newYear, 'Pacific/Honolulu', before))).toBe('2026-01-01T10:00:00.000Z')
    expect(iso(closesAt(newYear, 'Pacific/Kiritimati', before))).toBe('2025-12-31T10:00:00.000Z')
  })

  it('is closed on exactly the date that is named, in any month and any year', () => {
    const at = (date: string, days = 0) => utc(`${date}T12:00:00Z`) + days * 86_400_000
    const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'))
    const dates = ['1999', '2000', '2024', '2026', '2100', '2400'].flatMap((year) => [
      ...months.flatMap((month) => [`${year}-${month}-01`, `${year}-${month}-28`]),
      `${year}-12-31`,
    ])
    for (const date of [...dates, '2000-02-29', '2024-02-29', '2400-02-29']) {
      const holiday = parseWindow({ hours: '00:00-24:00', closedOn: [date] }, 'window')
      expect([-1, 0, 1].map((days) => isOpen(holiday, 'UTC', at(date, days)))).toEqual([true, false, true])
    }
  })

  it.each([
    ['[]', [], 0],
    ['its last minute closed', '00:00-23:59', 23 * 60 + 59],
    ['its first minute closed', '00:01-24:00', 0],
    ['an hour at noon closed', '00:00-12:00,13:00-24:00', 12 * 60],
  ] as const)('closes on the one day of the week that is not open throughout: %s', (_, hours, minutes) => {
    const monday = utc('2026-01-05T00:00:00Z')
    for (const [day, name] of WEEKDAYS.entries()) {
      const week = Object.fromEntries(WEEKDAYS.map((other) => [other, other === name ? hours : '00:00-24:00']))
      const office24 = parseWindow(week, 'window')
      const dayAfter = monday + (day + 1) * 86_400_000
      const closes = dayAfter + 6 * 86_400_000 + minutes * 60_000
      expect(iso(closesAt(office24, 'UTC', dayAfter))).toBe(iso(closes))
    }
  })

  it('is closed on days of the week that it does not know', () => {
    const part = {
      week: [
        [0, 1440],
        [0, 1440],
        [0, 1440],
      ],
      closedOn: [],
    }
    expect(iso(closesAt(part, 'UTC', utc('2026-01-05T10:00:00Z')))).toBe('2026-01-08T00:00:00.000Z')
    expect(isOpen(part, 'UTC', utc('2026-01-08T10:00:00Z'))).toBe(false)
  })

  it('finds a holiday in a century without walking there week by week', () => {
    const far = parseWindow({ hours: '00:00-24:00', closedOn: ['2126-01-01'] }, 'window')
    expect(iso(closesAt(far, 'UTC', utc('2026-01-01T00:00:00Z')))).toBe('2126-01-01T00:00:00.000Z')
  })

  it('opens after a month of closed dates', () => {
    const closedOn = Array.from({ length: 70 }, (_, day) =>
      new Date(utc('2026-07-01') + day * 86_400_000).toISOString().slice(0, 10),
    )
    const summer = parseWindow({ hours: '09:00-10:00', closedOn }, 'window')
    expect(iso(nextOpen(summer, 'UTC', utc('2026-07-01T00:00:00Z')))).toBe('2026-09-09T09:00:00.000Z')
  })

  it('is closed in a zone that nobody knows, and at no instant at all', () => {
    const at = utc('2026-01-05T15:00:00Z')
    expect(isOpen(office, 'Mars/Olympus', at)).toBe(false)
    expect(closesAt(office, 'Mars/Olympus', at)).toBeUndefined()
    expect(nextOpen(office, 'Mars/Olympus', at)).toBeUndefined()
    expect(openIntervals(office, 'Mars/Olympus', at, at + 1e9)).toEqual([])
    expect(openWeek(office, 'Mars/Olympus', 2900)).toEqual([])
    for (const never of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]) {
      expect(isOpen(office, NEW_YORK, never)).toBe(false)
      expect(nextOpen(office, NEW_YORK, never)).toBeUndefined()
    }
  })

  it('refuses a span without an end', () => {
    expect(() => openIntervals(office, NEW_YORK, 0, Number.POSITIVE_INFINITY)).toThrow(
      new RangeError('openIntervals needs two finite instants'),
    )
  })

  it('is never closed when there is none', () => {
    expect(isOpen(null, 'Mars/Olympus', 5)).toBe(true)
    expect(closesAt(null, NEW_YORK, 5)).toBe(Number.POSITIVE_INFINITY)
    expect(nextOpen(null, NEW_YORK, 5)).toBe(5)
    expect(openIntervals(null, NEW_YORK, 5, 9)).toEqual([5, 9])
    expect(openIntervals(null, NEW_YORK, 9, 9)).toEqual([])
  })

  it("is read in the contact's zone, then the window's, then the job's", () => {
    const own = { ...office, timezone: 'Asia/Tokyo' }
    const phone = '+12025550100'
    expect(zonesFor({ window: own, timezone: 'UTC' }, { phone, timezone: 'Europe/Paris' })).toBe('Europe/Paris')
    expect(zonesFor({ window: own, timezone: 'UTC' }, { phone })).toBe('Asia/Tokyo')
    expect(zonesFor({ window: office, timezone: 'UTC' }, { phone })).toBe('UTC')
    expect(zonesFor({ window: null, timezone: 'UTC' }, { phone })).toBe('UTC')
  })
})
