import { OutdialError } from '@outdial/core'
import type { RedisClient } from '../redis-client.js'
import { baseOf } from '../server.js'

/**
 * Refuses to open what was made with another number of shards: an organization would be looked for where it is not, and its
 * campaigns would be gone to all appearance. Notes the number when there is nothing yet.
 */
export async function checkShardCount(client: RedisClient, prefix: string, shards: number): Promise<void> {
  const key = `${baseOf(`${prefix}:0`)}shards`
  const whole = (await client.callBuffer('EXISTS', `${baseOf(prefix)}meta`)) as number
  if (shards > 1 && whole === 0) await client.callBuffer('SET', key, shards, 'NX')
  const told = whole ? 1 : Number((await client.callBuffer('GET', key)) ?? shards)
  if (told === shards) return
  throw new OutdialError(
    'storage_unavailable',
    `What is kept here was made with \`shards: ${told}\`, and the store was opened with ${shards}. Say ${told}, or use another \`prefix\`.`,
    { shards: told },
  )
}
