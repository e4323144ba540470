import fc from 'fast-check'
import { expect, it } from 'vitest'
import { takeMixed } from '../../src/store/mixed.js'
import { CLAIMED, DEFERRED, FRESH } from '../../src/store/places.js'
import type { JobEntry, LaneEntry } from '../../src/store/records.js'
import type { Workspace } from '../../src/store/workspace.js'

const share = fc.oneof(fc.constantFrom(0, 0.1, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const step = fc.record({
  /** Of those never claimed some end, of those claimed some come back, at once or later. */
  end: fc.array(fc.nat(99), { maxLength: 3 }),
  back: fc.array(fc.record({ which: fc.nat(99), wait: fc.constantFrom(0, 0, 0, 5) }), { maxLength: 12 }),
  wait: fc.constantFrom(0, 1, 5),
  max: fc.integer({ min: 1, max: 9 }),
})

it('should share claims evenly while there are both, and leave nobody out', () => {
  fc.assert(
    fc.property(share, fc.array(step, { maxLength: 25, size: 'max' }), (freshShare, steps) => {
      const places = new Array<number>(100).fill(FRESH)
      const waits = new Array<number>(100).fill(0)
      let due: { at: number; index: number }[] = []
      const lane: LaneEntry = {
        lane: 0,
        name: '',
        priority: 0,
        open: null,
        ranges: [{ from: 0, until: 100 }],
        range: 0,
        next: 0,
      }
      const tasks = {
        place: (i: number) => places[i],
        setPlace: (i: number, place: number) => {
          places[i] = place
        },
        waitUntil: (i: number) => waits[i],
      }
      const ws = {
        now: 0,
        tasks: () => tasks,
        due: () => ({
          add: (at: number, index: number) => due.push({ at, index }),
          take: (now: number) => {
            due = due.sort((a, b) => a.at - b.at)
            return (due[0]?.at ?? now + 1) <= now ? due.shift()?.index : undefined
          },
        }),
      }
      const job = { counts: { fresh: 0, deferred: 0, claimed: 0 } } as unknown as JobEntry
      const row: boolean[] = []
      for (const { end, back, wait, max } of steps) {
        ws.now += wait
        for (const i of end) if (places[i] === FRESH) places[i] = 9
        for (const { which, wait: later } of back) {
          if (places[which] !== CLAIMED) continue
          places[which] = DEFERRED
          waits[which] = ws.now + later
          due.push({ at: waits[which] as number, index: which })
        }
        const before = [...places]
        const found: number[] = []
        takeMixed(ws as unknown as Workspace, job, lane, freshShare, max, found)

        const waiting = before.flatMap((place, i) =>
          place === FRESH || (place === DEFERRED && (waits[i] ?? 0) <= ws.now) ? [i] : [],
        )
        expect(found.length).toBe(Math.min(max, waiting.length))
        expect(new Set(found).size).toBe(found.length)
        const left = new Set(waiting)
        for (const index of found) {
          expect(left.has(index)).toBe(true)
          const kinds = new Set([...left].map((i) => before[i]))
          if (kinds.size === 2) row.push(before[index] === FRESH)
          left.delete(index)
        }
        expect(places).toEqual(before.map((place, i) => (found.includes(i) ? CLAIMED : place)))
      }
      const sums = [0]
      for (const fresh of row) sums.push((sums.at(-1) ?? 0) + (fresh ? 1 : 0))
      for (let from = 0; from < sums.length; from++) {
        for (let to = from + 1; to < sums.length; to++) {
          const off = (sums[to] ?? 0) - (sums[from] ?? 0) - (to - from) * freshShare
          expect(Math.abs(off)).toBeLessThanOrEqual(1 + 1e-9)
        }
      }
    }),
  )
})
