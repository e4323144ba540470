import { OutdialError } from '@outdial/core'
import type { RedisClient } from './redis-client.js'

/** Options of {@link redisStorage}. */
export interface RedisStorageOptions {
  /** Your ioredis client: a `Redis`, also one that goes by Sentinels, or a `Cluster`. */
  client: RedisClient
  /** Keeps stores on one Redis apart: all keys begin with `{prefix}:`. Default `outdial`. */
  prefix?: string
  /** Events kept per job, at least; older ones are trimmed. Default 10,000. */
  events?: number
  /**
   * Declares that what was answered survives a crash of Redis itself, and that it does not promote a replica without it.
   * Checked when the store is opened: `not_durable` unless the server has `appendonly yes`, `aof-load-truncated no` and `appendfsync always`, or
   * `everysec` from 7.2 on, where each fence then waits for the disk. Default `false`.
   */
  durable?: boolean
  /**
   * With `durable`: how many replicas of the server may be promoted. A fence then counts only when it is on all of them: while
   * one is away nothing is dialed, and `barrier_unmet` is told. `not_durable` when more than these are connected. Default 0.
   */
  replicas?: number
  /**
   * Into how many parts the organizations are divided, each whole in one slot, so that the nodes of a Cluster share the load.
   * Limits hold over all of them. A store keeps the number it was made with. Default 1.
   */
  shards?: number
}

/** Throws `invalid_options` naming the option. */
export function checkOptions({ client, events = 1, replicas = 0 }: RedisStorageOptions): void {
  if (typeof client?.callBuffer !== 'function') {
    throw new OutdialError('invalid_options', '`client` is your ioredis client.', { field: 'client' })
  }
  if (client.options?.keyPrefix) {
    throw new OutdialError('invalid_options', 'Leave `keyPrefix` of the client empty and give the store a `prefix`.', {
      field: 'client',
    })
  }
  if (!Number.isInteger(events) || events < 1) {
    throw new OutdialError('invalid_options', '`events` is the number of events to keep: a whole number from 1.', {
      field: 'events',
    })
  }
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw new OutdialError('invalid_options', '`replicas` is the number of replicas: a whole number from 0.', {
      field: 'replicas',
    })
  }
}
