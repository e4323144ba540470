import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LaneSorter, readLaneName } from '../../src/jobs/lane-names.js'
import { laneAt } from '../../src/jobs/lanes.js'
import { parseOptions } from '../../src/policy/options.js'
import { rulesSchema } from '../../src/policy/rules/rule-set.js'
import { rulesFor } from '../../src/policy/rules/rules-for.js'
import { isOpen, openIntervals } from '../../src/policy/window.js'
import { parseWindow } from '../../src/policy/window-options.js'
import { zonesFor } from '../../src/policy/zones.js'
import { plainWindow, ZONES, zoneAndInstant } from './wall-clock.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const PHONES = ['+12025550100', '+13055550100', '+442079460000', '+33199000000']
const zones = { version: 'a test', zonesOf: (phone: string) => FOUND[PHONES.indexOf(phone)] ?? [] }
const FOUND: readonly (readonly string[])[] = [
  ['America/New_York'],
  ['America/New_York', 'America/St_Johns'],
  ['Europe/London'],
  [],
]

const rule = (id: string) =>
  fc
    .record({
      plain: fc.option(plainWindow, { nil: undefined }),
      prefixes: fc.option(fc.subarray(['+1', '+1305', '+44', '+33'], { minLength: 1 }), { nil: undefined }),
      from: fc.option(fc.constantFrom('2026-03-08', '2011-12-30', '2025-10-26'), { nil: undefined }),
    })
    .map(({ plain, prefixes, from }) => ({
      id,
      version: '1',
      source: 'a test',
      ...(plain && { window: { ...plain.hours, closedOn: plain.closedOn } }),
      ...(prefixes && { appliesTo: { prefixes } }),
      ...(from !== undefined && { effectiveFrom: from }),
      closedOn: ['2026-03-29'],
    }))

const job = fc
  .record({
    plain: fc.option(plainWindow),
    timezone: fc.constantFrom(...ZONES),
    rules: fc.tuple(rule('a'), rule('b')).chain((both) => fc.subarray(both)),
    spread: fc.option(fc.integer({ min: 1000, max: 12 * HOUR }), { nil: undefined }),
  })
  .map(({ plain, timezone, rules, spread }) => ({
    window: plain === null ? null : parseWindow({ ...plain.hours, closedOn: plain.closedOn }, 'window'),
    timezone,
    caps: [],
    rules: parseOptions(rulesSchema, rules, 'rules'),
    ...(spread !== undefined && { spread }),
  }))

const isIn = (open: readonly number[] | null, at: number) =>
  open === null || open.filter((boundary) => boundary <= at).length % 2 === 1

describe('the lane of a contact', () => {
  it('is open only when the contact may be called, and without a spread always then', () => {
    fc.assert(
      fc.property(
        job,
        zoneAndInstant,
        fc.constantFrom(...PHONES),
        fc.array(fc.integer({ max: 8 * DAY, min: 0 }), { maxLength: 20 }),
        (spec, { at: now }, phone, by) => {
          const contact = { phone }
          const { open } = laneAt(0, new LaneSorter(spec, zones).nameFor(contact), spec, now)
          const where = zonesFor(spec, contact, zones)
          const { windows } = rulesFor(spec, contact, now, zones)
          const boundaries = (open ?? []).flatMap((one) => [one - 1, one])
          for (const at of [...boundaries, ...by.map((one) => now + one)].filter(
            (one) => one >= now && one < now + 8 * DAY,
          )) {
            if (isIn(open, at)) expect(isOpen(windows, where, at)).toBe(true)
            else if (spec.spread === undefined) expect(isOpen(windows, where, at)).toBe(false)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('has slices that open one after the other, together whenever the window is open, and close when it does', () => {
    fc.assert(
      fc.property(job, zoneAndInstant, fc.constantFrom(...PHONES), (spec, { at: now }, phone) => {
        const sorter = new LaneSorter(spec, zones)
        const names = [...new Set(Array.from({ length: 40 }, () => sorter.nameFor({ phone })))]
        const { slices } = readLaneName(names[0] as string)
        expect(names.length).toBe(slices)
        const lanes = names.map((name, i) => laneAt(i, name, spec, now).open)
        if (lanes[0] === null) {
          expect(lanes.every((open) => open === null)).toBe(true)
          return
        }
        const { windows } = rulesFor(spec, { phone }, now, zones)
        const whole = openIntervals(windows, zonesFor(spec, { phone }, zones), now, now + 8 * DAY)
        for (let i = 0; i + 1 < whole.length; i += 2) {
          const [from, until] = [whole[i] as number, whole[i + 1] as number]
          // What goes on beyond what a store is told is told anew long before it comes.
          if (until >= now + 8 * DAY) break
          const begins = lanes.map((open) =>
            (open ?? []).find((boundary, j) => j % 2 === 0 && boundary >= from && boundary < until),
          )
          expect(begins[0]).toBe(from)
          // Every slice has its turn in every opening; one that was open before `now` may have had it.
          for (const [slice, begin] of begins.entries()) {
            if (begin === undefined) throw new Error(`slice ${slice} is left out`)
            expect(begin).toBeGreaterThanOrEqual(begins[slice - 1] ?? from)
            expect(begin - from).toBeLessThan(spec.spread ?? 1)
          }
          for (const open of lanes) expect(open).toContain(until)
        }
      }),
      { numRuns: 250 },
    )
  })

  it('does not depend on the order in which rule sets are named, and follows what becomes of them', () => {
    fc.assert(
      fc.property(job, zoneAndInstant, fc.constantFrom(...PHONES), (spec, { at: now }, phone) => {
        const { spread: _, ...plain } = spec
        const name = new LaneSorter(plain, zones).nameFor({ phone })
        const turned = { ...plain, rules: plain.rules.toReversed() }
        expect(new LaneSorter(turned, zones).nameFor({ phone })).toBe(name)
        expect(laneAt(0, name, turned, now)).toEqual(laneAt(0, name, plain, now))
        // Other hours for the same numbers: the lane has them, made long before them.
        const windowed = plain.rules.filter(({ window }) => window)
        const later = {
          ...plain,
          rules: windowed.map((one) => ({ ...one, version: '2', window: parseWindow('03:00-04:00', 'window') })),
        }
        if (windowed.length !== plain.rules.length || (plain.window === null && windowed.length === 0)) return
        const { open } = laneAt(0, name, later, now)
        const { windows } = rulesFor(later, { phone }, now, zones)
        if (windows.length === 0) {
          expect(open).toBeNull()
          return
        }
        for (const boundary of (open ?? []).filter((one) => one < now + 8 * DAY))
          expect(isOpen(windows, zonesFor(later, { phone }, zones), boundary)).toBe(isIn(open, boundary))
      }),
      { numRuns: 250 },
    )
  })
})
