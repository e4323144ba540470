import fc from 'fast-check'
import { memoryStorage } from 'outdial'
import { expect, it } from 'vitest'
import { liveThrough, moneyStory } from '../support/money-story.js'

it('money is never over a cap, whatever happens, and what was spent is what the calls were booked at', async () => {
  await fc.assert(
    fc.asyncProperty(moneyStory, async (story) => {
      expect(await liveThrough(memoryStorage(), story)).toEqual([])
    }),
    { numRuns: 12 },
  )
}, 180_000)
