import { isOutdialError, type Storage } from '@outdial/core'
import type { Redis } from 'ioredis'
import { afterEach } from 'vitest'
import { realClock } from '../../../conformance/src/support/real-clock.js'
import { type RedisStorageOptions, redisStorage } from '../../src/index.js'
import { type RedisServer, redisServer } from './redis-server.js'

/** What `open` is given. */
export const host = { clock: realClock, random: { next: () => Math.random() } }
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A store, its client and its server. */
export interface StoreOn {
  readonly server: RedisServer
  readonly client: Redis
  readonly storage: Storage
}

/** A store on a server with these settings, not opened yet. Closed after the test. */
export async function storeOn(
  settings: readonly string[],
  options: Partial<RedisStorageOptions> = {},
): Promise<StoreOn> {
  return storeAt(await redisServer({ settings }), options)
}

/** Another store, on a server that runs. */
export function storeAt(
  server: RedisServer,
  options: Partial<RedisStorageOptions> = {},
  connection: Parameters<RedisServer['client']>[0] = {},
): StoreOn {
  const client = server.client(connection)
  const storage = redisStorage({ client, ...options })
  cleanups.push(
    () => client.disconnect(),
    () => storage.close(),
  )
  return { server, client, storage }
}

/** The code with which something is refused. */
export const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: unknown) => (isOutdialError(error) ? error.code : String(error)),
  )
