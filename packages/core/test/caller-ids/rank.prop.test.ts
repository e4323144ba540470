import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { callingCodeLength, commonPrefix, nearness } from '../../src/caller-ids/calling-code.js'
import { PoolIndex } from '../../src/caller-ids/pool-index.js'
import { MOST_OFFERED, type RankQuery, rank } from '../../src/caller-ids/rank.js'
import { RoomHints } from '../../src/caller-ids/room.js'

const AREAS = ['1202555', '1205555', '1303555', '4420794600', '491517', '336399']
const numbers = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...AREAS), fc.integer({ min: 0, max: 9999 })).map(([area, n]) => {
    return `+${area}${String(n).padStart(4, '0')}`
  }),
  { minLength: 1, maxLength: 60 },
)
const turn = fc.nat()
const query = (more: Partial<RankQuery>): RankQuery => ({
  phone: '+12025550100',
  turn: 0,
  localPresence: false,
  rotate: true,
  hasRoom: () => true,
  ...more,
})
const digits = (number: string) => number.slice(1)

describe('rank', () => {
  test.prop([numbers, numbers, turn, fc.boolean(), fc.boolean()])(
    'offers a handful of numbers of the pool, each once, and as many as there are',
    (pool, [phone], at, localPresence, rotate) => {
      const offered = rank(new PoolIndex(pool), query({ phone: phone as string, turn: at, localPresence, rotate }))
      expect(new Set(offered).size).toBe(offered.length)
      expect(offered).toHaveLength(Math.min(MOST_OFFERED, pool.length))
      for (const number of offered) expect(pool).toContain(number)
    },
  )

  test.prop([numbers, turn])('has every number first equally often', (pool, from) => {
    const index = new PoolIndex(pool)
    const firsts = pool.map((_, i) => rank(index, query({ turn: from + i }))[0])
    expect(new Set(firsts).size).toBe(pool.length)
  })

  test.prop([numbers, turn])('goes through all numbers before one comes again', (pool, at) => {
    expect([...new PoolIndex(pool).rotated(at)].sort()).toEqual([...pool].sort())
  })

  test.prop([numbers, turn, fc.boolean()])('has the number that called before first', (pool, at, localPresence) => {
    for (const before of pool) {
      expect(rank(new PoolIndex(pool), query({ turn: at, before, localPresence }))[0]).toBe(before)
    }
  })

  test.prop([numbers, numbers, turn])('takes the nearest numbers first, all of them once', (pool, [phone], at) => {
    const called = phone as string
    const near = [...new PoolIndex(pool).near(called, at)]
    const code = callingCodeLength(digits(called))
    const compatriots = pool.filter((number) => commonPrefix(digits(number), digits(called)) >= code)
    expect([...near].sort()).toEqual([...compatriots].sort())
    const distances = near.map((number) => shared(number, called))
    expect(distances).toEqual([...distances].sort((a, b) => b - a))
  })

  test.prop([numbers, turn, fc.nat(), fc.boolean()])('offers what is full last', (pool, at, seed, localPresence) => {
    const free = (number: string) => (Number(number.slice(-4)) + seed) % 3 === 0
    const offered = rank(new PoolIndex(pool), query({ turn: at, localPresence, hasRoom: free }))
    const flags = offered.map(free)
    expect(flags).toEqual([...flags].sort((a, b) => Number(b) - Number(a)))
    if (pool.length <= 60 && pool.some(free)) expect(offered.some(free)).toBe(true)
  })

  it('takes them as they are listed where that is asked for', () => {
    const pool = ['+13035550101', '+12025550102', '+12055550103']
    expect(rank(new PoolIndex(pool), query({ rotate: false, turn: 7 }))).toEqual(pool)
  })

  it('looks at a few numbers only, however many there are and whatever is full', () => {
    const pool = Array.from({ length: 1000 }, (_, i) => `+1202555${String(i).padStart(4, '0')}`)
    let looks = 0
    const hasRoom = () => {
      looks++
      return false
    }
    expect(rank(new PoolIndex(pool), query({ hasRoom, localPresence: true }))).toHaveLength(MOST_OFFERED)
    expect(looks).toBeLessThan(100)
  })

  it('finds the few that have room by what the fences before have said', () => {
    const pool = Array.from({ length: 1000 }, (_, i) => `+1202555${String(i).padStart(4, '0')}`)
    const open = new Set(pool.slice(500, 510))
    const index = new PoolIndex(pool)
    const hints = new RoomHints()
    let fences = 0
    for (let found = false; !found; fences++) {
      const offered = rank(index, query({ turn: fences, hasRoom: (number) => hints.hasRoom('acme', number, 0) }))
      found = offered.some((number) => open.has(number))
      for (const number of offered) if (!open.has(number)) hints.refused('acme', number, 0, true)
    }
    expect(fences).toBeLessThan(200)
  })
})

describe('nearness', () => {
  it('knows the calling codes of the world by their form', () => {
    const lengths = ['12025550100', '79161234567', '442079460000', '3580401234', '390612345', '97150123', '2012345']
    expect(lengths.map(callingCodeLength)).toEqual([1, 1, 2, 3, 2, 3, 2])
  })

  it('takes no part of a North American area code for one', () => {
    expect(nearness('12025550100', 6)).toEqual([6, 5, 4, 1])
    expect(nearness('12025550100', 3)).toEqual([1])
    expect(nearness('442079460000', 4)).toEqual([4, 3, 2])
    expect(nearness('442079460000', 1)).toEqual([])
  })
})

/** How near a number is: digits in common, of a North American area code all or none. */
function shared(number: string, called: string): number {
  const common = commonPrefix(digits(number), digits(called))
  return called.startsWith('+1') && common > 1 && common < 4 ? 1 : common
}
