import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Turns } from '../src/shards/turns.js'

const weights = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 })

/** Has one claim after the other made, each of the first shard that has something; how many each has given. */
function served(turns: Turns, given: readonly number[], times: number, from = 0): number[] {
  const had = given.map(() => 0)
  for (let seq = from + 1; seq <= from + times; seq++) {
    const first = turns.order('c', seq, new Map([['r', given]])).find((shard) => (given[shard] as number) > 0)
    if (first === undefined) continue
    had[first] = (had[first] as number) + 1
    turns.charge('r', first, given[first] as number, 1)
  }
  return had
}

describe('turns of shards', () => {
  it('should ask every shard once, and in the same order when an exchange is sent again', () => {
    fc.assert(
      fc.property(weights, fc.array(fc.integer({ min: 1, max: 50 })), (given, seqs) => {
        const turns = new Turns(given.length)
        for (const seq of seqs) {
          const order = turns.order('c', seq, new Map([['r', given]]))
          expect([...order].sort()).toEqual(given.map((_, shard) => shard))
          turns.charge('r', order[0] as number, given[order[0] as number] as number, 3)
          expect(turns.order('c', seq, new Map([['r', given.map(() => 1)]]))).toEqual(order)
        }
      }),
    )
  })

  it('should share by weight, to within a claim', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const sum = given.reduce((all, weight) => all + weight, 0)
        fc.pre(sum > 0)
        const had = served(new Turns(given.length), given, 300)
        for (const [shard, weight] of given.entries()) {
          expect(Math.abs((had[shard] as number) - (300 * weight) / sum)).toBeLessThanOrEqual(given.length)
        }
      }),
    )
  })

  it('should give no credit for having been away', () => {
    const turns = new Turns(2)
    served(turns, [1, 0], 500)
    const [first = 0, second = 0] = served(turns, [1, 1], 100, 500)
    expect(Math.abs(first - second)).toBeLessThanOrEqual(1)
  })
})
