import { describe, expect, it } from 'vitest'
import { cached } from '../../src/policy/cached.js'

describe('a cache', () => {
  it('makes each value once, as long as it has room', () => {
    const map = new Map<string, number>()
    let made = 0
    const get = (key: string) => cached(map, 3, key, () => ++made)
    expect(['a', 'b', 'a', 'c', 'b', 'c'].map(get)).toEqual([1, 2, 1, 3, 2, 3])
  })

  it('never holds more than it may, and answers the same without', () => {
    const map = new Map<number, string>()
    for (let i = 0; i < 10; i++) {
      expect(cached(map, 3, i, () => `value ${i}`)).toBe(`value ${i}`)
      expect(map.size).toBeLessThanOrEqual(3)
    }
    expect([...map.keys()]).toEqual([9])
  })

  it('keeps a value that is false or nought', () => {
    const map = new Map<string, number>()
    expect(cached(map, 3, 'a', () => 0)).toBe(0)
    expect(cached(map, 3, 'a', () => 1)).toBe(0)
  })
})
