import { OutdialError } from '@outdial/core'
import type { RedisStorageOptions } from '../options.js'
import { RedisStorage, type TestOptions } from '../redis-storage.js'
import { checkShardCount } from './shard-count.js'
import { ShardedStorage } from './sharded-storage.js'

/** More shards than that ask more of every exchange than they take off a server. */
const MOST = 64

/** A store in several shards, each under a hash tag of its own: `{prefix:0}`, `{prefix:1}`, and so on. */
export function shardedStorage(options: RedisStorageOptions, test: TestOptions = {}): ShardedStorage {
  const { prefix = 'outdial', shards = 1 } = options
  if (!Number.isInteger(shards) || shards < 1 || shards > MOST) {
    throw new OutdialError('invalid_options', `\`shards\` is the number of shards: a whole number from 1 to ${MOST}.`, {
      field: 'shards',
    })
  }
  const made = Array.from(
    { length: shards },
    (_, shard) => new RedisStorage({ ...options, prefix: `${prefix}:${shard}` }, test),
  )
  return new ShardedStorage(made as [RedisStorage, ...RedisStorage[]], () =>
    checkShardCount(options.client, prefix, shards),
  )
}
