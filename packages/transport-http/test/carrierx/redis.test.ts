import { redisStorage } from '@outdial/storage-redis'
import { virtualClock } from 'outdial'
import { expect, it } from 'vitest'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'
import { carrierx, jobOfUuid } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { EMPTY } from './numbers.js'
import { FAULTS, story } from './story.js'

it('goes from request to result, on Redis', { timeout: 60_000 }, async () => {
  const server = await redisServer()
  const client = server.client()
  const world = await World.open({
    dialects: [carrierx()],
    storage: redisStorage({ client }),
    // The time is the server's, so it flows here too.
    clock: virtualClock({ start: Date.now(), speed: 1 }),
    inventory: { numbers: EMPTY, faults: FAULTS, latency: [5, 10] },
  })
  try {
    await story(world, new Client(world, 'carrierx'), async (sid) => {
      const job = await world.engine.operations.get(jobOfUuid(sid) as string)
      expect((await job?.finished())?.state).toBe('completed')
    })
  } finally {
    await world.close()
    client.disconnect()
  }
})
