import type { RedisClient, RedisConnection } from './redis-client.js'

/**
 * Left to itself, a client whose connection is lost while it subscribes anew is not subscribed any more, or leaves a rejection that
 * ends the process: https://github.com/redis/ioredis/pull/2187. A Cluster's client sees to its nodes by itself.
 */
const BY_HAND = { autoResubscribe: false }

/** Whom news are for. */
export interface Listener {
  hear(text: string): void
  /** What was published up to now may have been missed. */
  disturb(): void
}

/** Listens to a channel, on a connection of its own, from when it resolves until that is disconnected. */
export async function listen(
  client: RedisClient,
  channel: string,
  { hear, disturb }: Listener,
): Promise<RedisConnection> {
  const connection = client.duplicate(BY_HAND)
  // The client says by itself that a connection is lost, and makes it anew.
  connection.on('error', () => {})
  connection.on('message', (_, text = '') => hear(text))
  try {
    await connection.subscribe(channel)
  } catch (error) {
    connection.disconnect()
    throw error
  }
  connection.on('ready', () => {
    // One that is lost meanwhile will be ready again; where it is refused, whoever waits looks from time to time.
    connection.subscribe(channel).then(disturb, () => {})
  })
  return connection
}
