import fc from 'fast-check'
import { expect, it } from 'vitest'
import { manualClock } from '../../../conformance/src/support/manual-clock.js'
import { memoryStorage } from '../../../storage-memory/src/index.js'
import { livePauses, pauseStory } from './support/pause-story.js'

it('a pause ends when it is said to, or when somebody says so, and a user’s own never by itself', async () => {
  await fc.assert(
    fc.asyncProperty(pauseStory, async (story) => {
      expect(await livePauses(memoryStorage(), manualClock(), story)).toEqual([])
    }),
    { numRuns: 300 },
  )
})
