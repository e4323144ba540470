// How every process of the example reaches the store.
import { redisStorage } from '@outdial/storage-redis'
import { Redis } from 'ioredis'
import type { Storage } from 'outdial'

export interface OpenedStore {
  readonly storage: Storage
  close(): Promise<void>
}

export function openStore(url: string, prefix: string): OpenedStore {
  // A link that has died without a word is given up after five seconds.
  const client = new Redis(url, { socketTimeout: 5_000 })
  // It connects again by itself, and what was under way is sent again.
  client.on('error', () => {})
  const storage = redisStorage({ client, prefix })
  return {
    storage,
    async close() {
      await storage.close()
      client.disconnect()
    },
  }
}
