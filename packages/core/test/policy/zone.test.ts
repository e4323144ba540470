import { describe, expect, it } from 'vitest'
import { instantOfLocal, isZone, offsetAt, offsetSpan, zoneProblem, zoneSchema } from '../../src/policy/zone.js'
import { wallClock, ZONES } from './wall-clock.js'

describe('a zone', () => {
  it.each(['America/New_York', 'UTC', 'Etc/GMT+3', 'Asia/Calcutta', 'Asia/Kolkata'])('%s is known', (name) => {
    expect(isZone(name)).toBe(true)
    expect(zoneSchema.parse(name)).toBe(name)
  })

  it.each([
    'local',
    'system',
    'default',
    'utc+3',
    'UTC+3',
    'GMT+3',
    '+03:00',
    '-0300',
    '',
    ' ',
    'Mars/Olympus',
    3,
    null,
    [['UTC']],
  ])('%j is refused', (name) => {
    expect(isZone(name)).toBe(false)
    expect(zoneSchema.safeParse(name).success).toBe(false)
  })

  it('is named in what is said of it', () => {
    expect(zoneProblem('Mars/Olympus')).toBe("'Mars/Olympus' is not an IANA time zone such as 'America/New_York'")
    expect(zoneProblem(3)).toBe("number is not an IANA time zone such as 'America/New_York'")
  })

  it('has the offset that its clocks show, at the very instant of a change too', () => {
    for (const zone of ZONES) {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); ) {
        const span = offsetSpan(zone, at)
        if (span === undefined) throw new Error(`no offset in ${zone}`)
        for (const inside of [at, span.until - 1]) {
          expect(wallClock(zone, inside).reading).toBe(inside + span.offset)
        }
        at = span.until
      }
    }
  })

  it('has no instants for an unknown zone or beyond all calendars', () => {
    expect(offsetAt('Mars/Olympus', 0)).toBeUndefined()
    expect(instantOfLocal('Mars/Olympus', 0)).toBeUndefined()
    expect(offsetAt('UTC', 9e15)).toBeUndefined()
    expect(offsetAt('UTC', Number.NaN)).toBeUndefined()
    const last = 8.64e15 - 2 * 86_400_000
    expect([last, -last, last + 1, -last - 1].map((at) => offsetAt('UTC', at))).toEqual([0, 0, undefined, undefined])
    expect([last, -last].map((local) => instantOfLocal('UTC', local))).toEqual([undefined, undefined])
  })
})
