import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HeapSet } from '../../src/ordered-set.js'
import { TimeHeap } from '../../src/time-queue.js'

const members = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l')
const scores = fc.oneof(
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true }),
  fc.constant(Number.POSITIVE_INFINITY),
)

describe('HeapSet', () => {
  const command = fc.oneof(
    { weight: 4, arbitrary: fc.record({ set: members, score: scores }) },
    { weight: 2, arbitrary: fc.record({ delete: members }) },
    { weight: 1, arbitrary: fc.record({ pop: fc.constant(true) }) },
  )

  it('should always have the lowest first, ties by member', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
        const set = new HeapSet()
        const model = new Map<string, number>()
        for (const step of commands) {
          if ('set' in step) {
            set.set(step.set, step.score)
            model.set(step.set, step.score)
          } else {
            const gone = 'delete' in step ? step.delete : set.first()?.member
            if (gone !== undefined) set.delete(gone)
            if (gone !== undefined) model.delete(gone)
          }
          const [lowest] = [...model].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
          expect(set.first()?.member).toBe(lowest?.[0])
          expect(set.first()?.score).toBe(lowest?.[1])
          expect(set.size).toBe(model.size)
          for (const member of ['a', 'f', 'l']) expect(set.score(member)).toBe(model.get(member))
        }
      }),
    )
  })
})

describe('TimeHeap', () => {
  const command = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: fc.oneof(fc.nat(30), fc.double({ min: 0, max: 30, noNaN: true })) }) },
    { weight: 2, arbitrary: fc.record({ take: fc.nat(30) }) },
  )

  it('should give everything once, the earliest first, nothing early', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
        const heap = new TimeHeap<number>()
        const model = new Map<number, number>()
        let added = 0
        for (const step of commands) {
          if ('add' in step) {
            heap.add(step.add, added)
            model.set(added++, step.add)
          } else {
            const earliest = Math.min(...model.values())
            const taken = heap.take(step.take)
            if (earliest <= step.take) expect(model.get(taken as number)).toBe(earliest)
            else expect(taken).toBeUndefined()
            model.delete(taken as number)
          }
          expect(heap.next).toBe(Math.min(...model.values()))
          expect(heap.size).toBe(model.size)
        }
      }),
    )
  })
})
