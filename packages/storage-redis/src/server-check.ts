import { OutdialError } from '@outdial/core'
import type { RedisClient } from './redis-client.js'
import { serverError } from './reply-error.js'

const OLDEST = [7, 0] as const

/**
 * Refuses a server that would break promises: one that is too old, that evicts what it was given, or that may forget a
 * fence although the store was declared durable.
 */
export async function checkServer(client: RedisClient, durable: boolean): Promise<void> {
  const info = String(await ask(client, 'INFO', 'server'))
  const version = /^(?:redis_version|valkey_version):(\d+)\.(\d+)/m.exec(info)
  if (
    version &&
    (Number(version[1]) < OLDEST[0] || (Number(version[1]) === OLDEST[0] && Number(version[2]) < OLDEST[1]))
  ) {
    throw new OutdialError(
      'storage_unavailable',
      `This is Redis ${version[1]}.${version[2]}; the store needs 7.0 or later.`,
      {
        version: `${version[1]}.${version[2]}`,
      },
    )
  }
  const policy = await setting(client, 'maxmemory-policy')
  const limit = await setting(client, 'maxmemory')
  if (policy !== undefined && policy !== 'noeviction' && Number(limit) > 0) {
    throw new OutdialError(
      'storage_unavailable',
      `This Redis throws keys away when its memory is full (maxmemory-policy ${policy}): calls would be forgotten. Set it to noeviction.`,
      { policy },
    )
  }
  if (!durable) return
  const appendonly = await setting(client, 'appendonly')
  const appendfsync = await setting(client, 'appendfsync')
  if (appendonly !== 'yes' || appendfsync !== 'always') {
    throw new OutdialError(
      'not_durable',
      `A fence survives a crash of Redis only with \`appendonly yes\` and \`appendfsync always\`; this one says ${appendonly} and ${appendfsync}. Set both, or leave \`durable\` out.`,
      { appendonly, appendfsync },
    )
  }
  if ((await setting(client, 'no-appendfsync-on-rewrite')) === 'yes') {
    throw new OutdialError(
      'not_durable',
      'While this Redis rewrites its file it forces nothing to the disk (`no-appendfsync-on-rewrite yes`). Set it to `no`, or leave `durable` out.',
      { 'no-appendfsync-on-rewrite': 'yes' },
    )
  }
}

/** A setting of the server; `undefined` where it may not be asked, as with some hosts. */
async function setting(client: RedisClient, name: string): Promise<string | undefined> {
  try {
    const answer = (await client.callBuffer('CONFIG', 'GET', name)) as unknown[]
    return answer[1] === undefined ? undefined : String(answer[1])
  } catch (error) {
    if (error instanceof Error && /^(ERR unknown|NOPERM)/.test(error.message)) return undefined
    throw serverError(error)
  }
}

async function ask(client: RedisClient, command: string, ...args: string[]): Promise<unknown> {
  try {
    return await client.callBuffer(command, ...args)
  } catch (error) {
    throw serverError(error)
  }
}
