import { memoryStorage, type Storage } from 'outdial'
import { afterEach } from 'vitest'
import { RedisStorage } from '../../../storage-redis/src/redis-storage.js'
import { GIVEN_CLOCK } from '../../../storage-redis/test/support/given-clock.lua.js'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** Makes what opens one store again and again, as every process does that works on it. */
export const STORES: Readonly<Record<string, () => Promise<() => Storage>>> = {
  'in memory': async () => {
    const storage = memoryStorage()
    return () => storage
  },
  'on Redis': async () => {
    const server = await redisServer()
    cleanups.push(() => server.kill())
    return () => {
      const client = server.client()
      cleanups.push(() => client.disconnect())
      // It goes by the clock of the engine, which is faster than the server's.
      return new RedisStorage({ client }, { givenClock: GIVEN_CLOCK })
    }
  },
}
