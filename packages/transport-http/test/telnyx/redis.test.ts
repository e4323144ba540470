import { redisStorage } from '@outdial/storage-redis'
import { virtualClock } from 'outdial'
import { expect, it } from 'vitest'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'
import { jobOfUuid, telnyx } from '../../src/index.js'
import { World } from '../support/world.js'
import { INVENTORY } from './sdk.js'
import { FAULTS, story } from './story.js'

it('goes from request to result for the official client, on Redis', { timeout: 60_000 }, async () => {
  const server = await redisServer()
  const client = server.client()
  const world = await World.open({
    dialects: [telnyx()],
    storage: redisStorage({ client }),
    // The time is the server's, so it flows here too.
    clock: virtualClock({ start: Date.now(), speed: 1 }),
    inventory: { numbers: INVENTORY, faults: FAULTS, latency: [5, 10] },
  })
  const jobOf = async (id: string) => {
    const job = await world.engine.operations.get(jobOfUuid(id) as string)
    if (!job) throw new Error(`there is no job ${id}`)
    return job
  }
  try {
    await story(
      world,
      async () => {},
      async (id) => void (await (await jobOf(id)).finished()),
    )
    const { items } = await world.engine.operations.list({ organization: 'acme' })
    expect(items.map(({ state }) => state)).toEqual(Array(5).fill('completed'))
  } finally {
    await world.close()
    client.disconnect()
  }
})
