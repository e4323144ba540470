import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRange, hasFresh, isOpen, nextFresh, nextWork } from '../../src/store/lanes.js'
import type { JobEntry, LaneEntry } from '../../src/store/records.js'
import type { Workspace } from '../../src/store/workspace.js'

describe('isOpen', () => {
  const bounds = fc.uniqueArray(fc.nat(60), { maxLength: 8 }).map((times) => times.sort((a, b) => a - b))
  const intervals = bounds.map((times) => times.slice(0, times.length & ~1))

  it('should be true within an interval, its end left out', () => {
    fc.assert(
      fc.property(intervals, fc.nat(70), (open, now) => {
        expect(isOpen(lane({ open }), now)).toBe(minutes(open).has(now))
      }),
    )
  })

  it('should be true at any time without intervals to go by', () => {
    expect(isOpen(lane({ open: null }), 0)).toBe(true)
    expect(isOpen(lane({ open: [] }), 0)).toBe(false)
  })

  // 'nothing': every task of the lane has been claimed. A number: the earliest that waits, and when.
  const work = fc.oneof(fc.constantFrom('fresh' as const, 'nothing' as const), fc.nat(60))

  it('should agree with nextWork about when the next task may be claimed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ open: fc.option(intervals), work }), { maxLength: 3 }),
        fc.nat(60),
        (given, now) => {
          const lanes = given.map(({ open, work: has }, number) =>
            lane({ lane: number, open, ranges: has === 'fresh' ? [{ from: 0, until: 1 }] : [] }),
          )
          const dueAt = (number: number): number => {
            const has = given[number]?.work
            return typeof has === 'number' ? has : Number.POSITIVE_INFINITY
          }
          const ws = { now, due: (_: JobEntry, number: number) => ({ next: dueAt(number) }) } as unknown as Workspace

          const claimable = (at: number): boolean =>
            lanes.some((each) => (hasFresh(each) || dueAt(each.lane) <= at) && isOpen(each, at))
          let expected = Number.POSITIVE_INFINITY
          for (let at = 130; at >= now; at--) if (claimable(at)) expected = at
          expect(nextWork(ws, { lanes, counts: { fresh: 1, deferred: 1 } } as unknown as JobEntry)).toBe(expected)
          expect(nextWork(ws, { lanes, counts: { fresh: 0, deferred: 0 } } as unknown as JobEntry)).toBe(
            Number.POSITIVE_INFINITY,
          )
        },
      ),
    )
  })
})

describe('nextFresh', () => {
  // Some tasks are added for this lane (0: for another one, which leaves a hole), or some are taken from it.
  const command = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 5 }), skip: fc.constantFrom(0, 0, 1, 4) }),
    fc.record({ take: fc.integer({ min: 1, max: 6 }) }),
  )

  it('should give every added index once, in order', () => {
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const of = lane({})
        const waiting: number[] = []
        let end = 0
        for (const step of commands) {
          if ('add' in step) {
            const from = end + step.skip
            end = from + step.add
            addRange(of, from, end)
            for (let index = from; index < end; index++) waiting.push(index)
          } else {
            for (let i = 0; i < step.take; i++) expect(nextFresh(of)).toBe(waiting.shift())
          }
          expect(hasFresh(of)).toBe(waiting.length > 0)
        }
      }),
    )
  })
})

// Helpers

function lane(part: Partial<LaneEntry>): LaneEntry {
  return { lane: 0, name: '', priority: 0, open: null, ranges: [], range: 0, next: 0, ...part }
}

/** Every whole time within intervals. */
function minutes(open: readonly number[]): Set<number> {
  const within = new Set<number>()
  for (let i = 0; i + 1 < open.length; i += 2) {
    for (let at = open[i] as number; at < (open[i + 1] as number); at++) within.add(at)
  }
  return within
}
