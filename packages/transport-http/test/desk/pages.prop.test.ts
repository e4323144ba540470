import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sliceOf } from '../../src/index.js'

it('cuts the same part of a list whether its length is known or counted, and reads no further than it has to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.nat(40), fc.integer({ min: 1, max: 10 }), async (length, offset, limit) => {
      const all = Array.from({ length }, (_, i) => i)
      let read = 0
      async function* items() {
        for (const item of all) {
          read++
          yield item
        }
      }
      const counted = await sliceOf(items(), { offset, limit })
      expect(counted).toEqual({ items: all.slice(offset, offset + limit), total: length })
      expect(read).toBe(length)
      read = 0
      expect(await sliceOf(items(), { offset, limit, total: length })).toEqual(counted)
      expect(read).toBe(offset < length ? Math.min(offset + limit, length) : 0)
    }),
  )
})
