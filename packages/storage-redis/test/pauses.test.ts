import fc from 'fast-check'
import { expect, it } from 'vitest'
import { manualClock } from '../../conformance/src/support/manual-clock.js'
import { livePauses, pauseStory } from '../../core/test/jobs/support/pause-story.js'
import { redisHarness } from './support/harness.js'
import { redisServer } from './support/redis-server.js'

it('a pause ends when it is said to, or when somebody says so, and a user’s own never by itself', async () => {
  const server = await redisServer()
  const harness = redisHarness(() => server as never, { clock: 'given' })
  await fc.assert(
    fc.asyncProperty(pauseStory, async (story) => {
      const { storage, destroy } = await harness.create()
      expect(await livePauses(storage, manualClock(), story)).toEqual([])
      await destroy()
    }),
    { numRuns: 15 },
  )
}, 120_000)
