import { describe, expect, it } from 'vitest'
import { inParallel } from '../../src/frame/in-parallel.js'

describe('inParallel', () => {
  it('does so many at a time, and answers in the order of the items', async () => {
    let live = 0
    let most = 0
    const waiting: (() => void)[] = []
    const done = inParallel([5, 4, 3, 2, 1], 2, async (item) => {
      most = Math.max(most, ++live)
      await new Promise<void>((resolve) => waiting.push(resolve))
      live--
      return item * 10
    })
    // The later of those under way ends first.
    for (let i = 0; i < 5; i++) {
      await Promise.resolve()
      waiting.pop()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await done).toEqual([50, 40, 30, 20, 10])
    expect(most).toBe(2)
  })

  it('begins no more when one has failed', async () => {
    const begun: number[] = []
    const failing = inParallel([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      if (item === 2) throw new Error('no')
      await new Promise((resolve) => setImmediate(resolve))
    })
    await expect(failing).rejects.toThrow('no')
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual([1, 2])
  })

  it('has nothing to do with no items', async () => {
    expect(await inParallel([], 3, async () => 1)).toEqual([])
  })
})
