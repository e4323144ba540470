import type { Storage } from '@outdial/core'
import type { RedisStorageOptions } from './options.js'
import { RedisStorage } from './redis-storage.js'
import { shardedStorage } from './shards/sharded.js'

export type { RedisStorageOptions } from './options.js'
export type { RedisClient, RedisConnection } from './redis-client.js'

/**
 * Keeps everything on a Redis server, or in a Redis Cluster (7.0 or later), for any number of processes. Time is the
 * server's.
 *
 * Opening refuses a server that is too old or evicts keys (`storage_unavailable`), and one that may forget what it has
 * answered when the store was declared durable (`not_durable`).
 */
export function redisStorage(options: RedisStorageOptions): Storage {
  return (options.shards ?? 1) === 1 ? new RedisStorage(options) : shardedStorage(options)
}
