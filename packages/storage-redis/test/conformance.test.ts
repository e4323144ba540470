import { defineConformance, type Harness } from '@outdial/conformance'
import type { Redis } from 'ioredis'
import { beforeAll, describe, it } from 'vitest'
import { RedisStorage } from '../src/redis-storage.js'
import { type RedisServer, redisServer } from './support/redis-server.js'

const EVENTS = 100
let server: RedisServer
let stores = 0

beforeAll(async () => {
  server = await redisServer()
})

/** Stores under prefixes of their own, on the kit's clock. */
const harness: Harness = {
  name: 'redisStorage',
  clock: 'given',
  events: EVENTS,
  async create() {
    const prefix = `store-${stores++}`
    const clients: Redis[] = []
    const storages: RedisStorage[] = []
    const another = () => {
      const client = server.client()
      clients.push(client)
      const storage = new RedisStorage({ client, prefix, events: EVENTS }, { givenClock: true })
      storages.push(storage)
      return storage
    }
    return {
      storage: another(),
      openSecond: async () => another(),
      async destroy() {
        for (const storage of storages) await storage.close()
        for (const client of clients) client.disconnect()
      },
    }
  },
}

defineConformance({ describe, it: (name, test) => it(name, { timeout: 180_000 }, test) }, harness, { runs: 3 })
