import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolveSchedule, type ScheduleTime, scheduleTimeSchema } from '../../src/policy/schedule.js'
import { wallClock, zoneAndInstant } from './wall-clock.js'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const resolve = (input: ScheduleTime, zone = 'America/New_York') =>
  resolveSchedule(input, { zone, now: NOW, field: 'startAt' })
const iso = (at: number) => new Date(at).toISOString()

describe('a schedule', () => {
  it.each<[string, string, string, string]>([
    ['a local time is read in the zone', '2025-02-28T09:00:00', 'America/New_York', '2025-02-28T14:00:00.000Z'],
    ['an offset goes before the zone', '2025-02-28T09:00:00+02:00', 'America/New_York', '2025-02-28T07:00:00.000Z'],
    ['so does Z', '2025-02-28T09:00:00Z', 'America/New_York', '2025-02-28T09:00:00.000Z'],
    ['a short offset is one', '2025-02-28T09:00+05', 'America/New_York', '2025-02-28T04:00:00.000Z'],
    ['small letters are as good as capitals', '2025-02-28t09:00z', 'America/New_York', '2025-02-28T09:00:00.000Z'],
    ['spaces around it are nothing', ' 2025-02-28T09:00Z ', 'America/New_York', '2025-02-28T09:00:00.000Z'],
    ['the first instant of all', '1970-01-01T00:00Z', 'UTC', '1970-01-01T00:00:00.000Z'],
    ['the last instant of all', '9999-12-31T23:59:59.999Z', 'UTC', '9999-12-31T23:59:59.999Z'],
    ['a space is as good as a T', '2025-02-28 09:00', 'UTC', '2025-02-28T09:00:00.000Z'],
    ['a date is its midnight', '2026-03-01', 'America/New_York', '2026-03-01T05:00:00.000Z'],
    ['fractions of a second stay', '2026-03-01T00:00:00.25Z', 'UTC', '2026-03-01T00:00:00.250Z'],
    ['24:00 is the next midnight', '2026-03-01T24:00', 'UTC', '2026-03-02T00:00:00.000Z'],
    ['a skipped hour moves forward by it', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['by half an hour where that is skipped', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
    ['by a day where that is', '2011-12-30T10:00', 'Pacific/Apia', '2011-12-30T20:00:00.000Z'],
    ['of an hour shown twice it is the first', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ])('%s', (_, text, zone, expected) => {
    expect(iso(resolve(text, zone))).toBe(expected)
  })

  it('takes numbers, date objects and now', () => {
    expect(resolve(1_700_000_000_000)).toBe(1_700_000_000_000)
    expect(resolve(new Date(1_700_000_000_000))).toBe(1_700_000_000_000)
    expect(resolve('now')).toBe(NOW)
  })

  it.each<[unknown, string]>([
    ['tomorrow', "'tomorrow' is not a time; expected ISO 8601"],
    ['2026-13-01', "'2026-13-01' is no time that exists"],
    ['2026-02-29T09:00', 'is no time that exists'],
    ['2026-02-29T09:00Z', 'is no time that exists'],
    ['2026-03-01T25:00', 'is no time that exists'],
    ['2026-03-01T09:60', 'is no time that exists'],
    ['2026-W10-1', 'is not a time'],
    ['20260301T090000', 'is not a time'],
    ['2026-03-01T09:00[Europe/Paris]', 'is not a time'],
    ['', "'' is not a time"],
    [Number.NaN, 'NaN is not a time; expected ISO 8601'],
    [-1, 'is not between the years 1970 and 9999'],
    [253_402_300_800_000, 'is not between the years 1970 and 9999'],
    [1e17, 'is not between the years 1970 and 9999'],
    [new Date(Number.NaN), 'is an invalid date object'],
    [{}, 'expected ISO 8601'],
    [null, 'expected ISO 8601'],
    [undefined, 'expected ISO 8601'],
  ])('refuses %j', (input, problem) => {
    expect(() => resolve(input as ScheduleTime)).toThrow(
      expect.objectContaining({
        code: 'invalid_schedule',
        details: { field: 'startAt' },
        message: expect.stringMatching(/^startAt: /),
      }),
    )
    expect(() => resolve(input as ScheduleTime)).toThrow(problem)
  })

  it.each(['utc+3', 'local', 'system', 'Mars/Olympus', ''])('refuses the zone %j whatever the time', (zone) => {
    for (const time of ['now', '2026-03-01T09:00Z', 5]) {
      expect(() => resolve(time, zone)).toThrow(
        expect.objectContaining({ code: 'invalid_schedule', details: { field: 'timezone' } }),
      )
    }
  })

  it('has a schema for its shape', () => {
    const date = new Date(5)
    expect(scheduleTimeSchema.parse(date)).toBe(date)
    expect(scheduleTimeSchema.parse('now')).toBe('now')
    for (const other of [{}, { getTime: 5 }, true, undefined]) {
      expect(scheduleTimeSchema.safeParse(other).success).toBe(false)
    }
    expect(scheduleTimeSchema.safeParse(null).error?.issues[0]?.message).toContain('expected ISO 8601')
  })

  it('is the first instant at which the clock on the wall shows it', () => {
    fc.assert(
      fc.property(zoneAndInstant, ({ zone, at }) => {
        const { reading } = wallClock(zone, at)
        const found = resolve(iso(reading).replace('Z', ''), zone)
        expect(wallClock(zone, found).reading).toBe(reading)
        // Not later than the instant that shows it, and earlier by no more than what clocks have ever been put back.
        expect(found).toBeLessThanOrEqual(at)
        expect(at - found).toBeLessThanOrEqual(3 * 3_600_000)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is shown by the clock on the wall, or moved by what clocks skip there', () => {
    fc.assert(
      fc.property(zoneAndInstant, ({ zone, at: local }) => {
        const found = resolve(iso(local).replace('Z', ''), zone)
        const shown = wallClock(zone, found).reading
        if (shown === local) return
        const day = 86_400_000
        const offsets = [found - day, found + day].map((near) => wallClock(zone, near).reading - near)
        for (const offset of offsets) expect(wallClock(zone, local - offset).reading).not.toBe(local)
        expect(shown - local).toBe(Math.max(...offsets) - Math.min(...offsets))
      }),
      { numRuns: 2_000 },
    )
  })
})
