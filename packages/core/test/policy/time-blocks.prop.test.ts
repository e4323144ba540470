import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRetry, NO_ATTEMPTS, type RetryMemo } from '../../src/policy/retry.js'
import { parseRetry, type RetryAnotherTime } from '../../src/policy/retry-options.js'
import { parseWindow } from '../../src/policy/window-options.js'
import { wallClock, zoneAndInstant } from './wall-clock.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const PARTS = { morning: ['08:00', '12:00'], afternoon: ['12:00', '17:00'], evening: ['17:00', '21:00'] } as const
type Part = RetryAnotherTime['anotherTimeOfDay'][number]

const text = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
/** Parts between boundaries, so that they do not overlap; not all of them, so that there are gaps. */
const given: fc.Arbitrary<Part[]> = fc
  .tuple(
    fc.uniqueArray(
      fc.integer({ min: 0, max: 96 }).map((n) => n * 15),
      { minLength: 3, maxLength: 9 },
    ),
    fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  )
  .map(([minutes, kept]) => {
    const sorted = [...minutes].sort((a, b) => a - b)
    const parts = sorted.slice(1).map((until, i) => ({ from: text(sorted[i] as number), until: text(until) }))
    const some = parts.filter((_, i) => kept[i])
    return some.length < 2 ? parts : some
  })
const parts = fc.oneof(fc.constant<Part[]>(['morning', 'afternoon', 'evening']), given)
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const after = fc.integer({ min: 1000, max: 3 * DAY })
const WINDOWS = [null, parseWindow('mon-fri 09:00-20:00', 'window'), parseWindow('13:00-14:30', 'window')]

function partOf(of: readonly Part[], time: string): number {
  return of.findIndex((part) => {
    const [from, until] = typeof part === 'string' ? PARTS[part] : [part.from, part.until]
    return time >= from && time < until
  })
}

describe('a retry at another time of day', () => {
  it('comes in a part of the day that has not been tried, for as long as there is one, whatever clocks do', () => {
    fc.assert(
      fc.property(
        zoneAndInstant,
        parts,
        fc.array(random, { minLength: 8, maxLength: 8 }),
        after,
        ({ zone, at: first }, of, chances, wait) => {
          const policy = parseRetry({ no_answer: { anotherTimeOfDay: of, after: wait, spread: '2h' } }, 'retry')
          let memo: RetryMemo = NO_ATTEMPTS
          let at = first
          let round: number[] = []
          for (const chance of chances) {
            const here = partOf(of, wallClock(zone, at).time)
            const next = decideRetry({ policy, attempts: 99, memo, outcome: 'no_answer', at, zone, random: chance })
            if (next.next !== 'retry') throw new Error(next.next)
            expect(next.at).toBeGreaterThanOrEqual(at + wait)
            const there = partOf(of, wallClock(zone, next.at).time)
            expect(there).toBeGreaterThanOrEqual(0)
            if (here >= 0) round.push(here)
            if (new Set(round).size === of.length) round = round.slice(-1)
            expect(round).not.toContain(there)
            at = next.at
            memo = next.memo
          }
        },
      ),
    )
  })

  it('comes when people may be called, if the parts and the window ever meet', () => {
    fc.assert(
      fc.property(zoneAndInstant, random, fc.constantFrom(...WINDOWS), after, ({ zone, at }, chance, window, wait) => {
        const policy = parseRetry(
          { busy: { anotherTimeOfDay: ['morning', 'afternoon', 'evening'], after: wait } },
          'retry',
        )
        const next = decideRetry({
          policy,
          attempts: 9,
          memo: NO_ATTEMPTS,
          outcome: 'busy',
          at,
          zone,
          random: chance,
          windows: [window, null],
        })
        if (next.next !== 'retry') throw new Error(next.next)
        const { time, weekday } = wallClock(zone, next.at)
        expect(partOf(['morning', 'afternoon', 'evening'], time)).toBeGreaterThanOrEqual(0)
        if (window === WINDOWS[1]) expect(['sat', 'sun']).not.toContain(weekday)
        if (window === WINDOWS[1]) expect(time >= '09:00' && time < '20:00').toBe(true)
        if (window === WINDOWS[2]) expect(time >= '13:00' && time < '14:30').toBe(true)
      }),
    )
  })

  it('counts the time at which the call began', () => {
    const policy = parseRetry({ busy: { anotherTimeOfDay: ['morning', 'afternoon'] } }, 'retry')
    const startedAt = Date.UTC(2026, 2, 2, 11, 59)
    const next = decideRetry({
      policy,
      attempts: 9,
      memo: NO_ATTEMPTS,
      outcome: 'busy',
      at: startedAt + 120_000,
      startedAt,
      zone: 'UTC',
      random: 0,
    })
    expect(next).toMatchObject({ at: startedAt + 120_000 + HOUR, memo: { tried: [719] } })
  })

  it('is at the same time a day later where there is never another that is open', () => {
    const policy = parseRetry({ busy: { anotherTimeOfDay: ['morning', 'evening'] } }, 'retry')
    const at = Date.UTC(2026, 2, 2, 9)
    const window = parseWindow('09:00-11:00', 'window')
    const next = decideRetry({
      policy,
      attempts: 9,
      memo: NO_ATTEMPTS,
      outcome: 'busy',
      at,
      zone: 'UTC',
      random: 0,
      windows: [window],
    })
    expect(next).toMatchObject({ at: at + DAY })
  })

  it('is a day later where nobody knows what time it is, or nobody is ever called then', () => {
    const policy = parseRetry({ busy: { anotherTimeOfDay: ['morning', 'evening'] } }, 'retry')
    const ended = { policy, attempts: 9, memo: NO_ATTEMPTS, outcome: 'busy', at: 0, random: 0 } as const
    expect(decideRetry({ ...ended, zone: 'Nowhere/At_All' })).toMatchObject({ at: DAY })
    const night = parseWindow('02:00-03:00', 'window')
    expect(decideRetry({ ...ended, zone: 'UTC', windows: [night] })).toMatchObject({ at: DAY })
  })

  it('refuses parts that overlap, are empty, or are too few', () => {
    const bad = [
      ['morning'],
      ['morning', 'morning'],
      ['morning', { from: '11:59', until: '13:00' }],
      ['morning', { from: '15:00', until: '15:00' }],
      ['morning', 'noon'],
    ]
    for (const anotherTimeOfDay of bad) {
      expect(() => parseRetry({ busy: { anotherTimeOfDay } } as never, 'retry')).toThrow(
        /^retry\.busy\.anotherTimeOfDay/,
      )
    }
  })
})
