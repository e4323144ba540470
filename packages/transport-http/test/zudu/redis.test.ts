import { redisStorage } from '@outdial/storage-redis'
import { virtualClock } from 'outdial'
import { it } from 'vitest'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'
import { zudu } from '../../src/index.js'
import { World } from '../support/world.js'
import { OUTCOMES, story } from './story.js'

it('goes from a draft to its end, on Redis', { timeout: 60_000 }, async () => {
  const server = await redisServer()
  const client = server.client()
  const storage = redisStorage({ client })
  const world = await World.open({
    dialects: [zudu()],
    storage,
    // The time is the server's, so it flows here too, and calls are short.
    clock: virtualClock({ start: Date.now(), speed: 1 }),
    carrier: { outcomes: OUTCOMES, setup: [10, 10], ring: [10, 10], talk: [50, 50] },
  })
  try {
    await story(world, async (jobId) => {
      await (await world.engine.calls.get(jobId))?.finished()
    })
  } finally {
    await world.close()
    await storage.close()
    client.disconnect()
  }
})
