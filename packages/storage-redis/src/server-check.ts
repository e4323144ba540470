import { OutdialError } from '@outdial/core'
import type { RedisClient } from './redis-client.js'
import { serverError } from './reply-error.js'

const OLDEST = [7, 0] as const

/**
 * Refuses a server that would break promises: one that is too old, that evicts what it was given, or that may forget a
 * fence although the store was declared durable. In a Cluster every node that may come to own our keys is looked at.
 */
export async function checkServer(client: RedisClient, base: string, durable: boolean): Promise<void> {
  if (!client.nodes) return await checkNode(client, durable)
  // A Cluster's client knows its nodes when it has been used.
  await ask(client, 'EXISTS', `${base}meta`)
  for (const node of client.nodes('master')) await checkNode(node, durable)
  for (const node of client.nodes('slave')) {
    // A replica that is away now is none of our business.
    if (await node.callBuffer('PING').catch(() => undefined)) await checkNode(node, durable)
  }
}

async function checkNode(node: RedisClient, durable: boolean): Promise<void> {
  await checkVersion(node)
  await checkEviction(node)
  if (durable) await checkDisk(node)
}

async function checkVersion(node: RedisClient): Promise<void> {
  const info = String(await ask(node, 'INFO', 'server'))
  const version = /^redis_version:(\d+)\.(\d+)/m.exec(info)
  if (!version) return
  const [major, minor] = [Number(version[1]), Number(version[2])]
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return
  throw new OutdialError(
    'storage_unavailable',
    `This is Redis ${version[1]}.${version[2]}; the store needs 7.0 or later.`,
    {
      version: `${version[1]}.${version[2]}`,
    },
  )
}

async function checkEviction(node: RedisClient): Promise<void> {
  const policy = await setting(node, 'maxmemory-policy')
  const limit = await setting(node, 'maxmemory')
  if (policy === undefined || policy === 'noeviction' || Number(limit) === 0) return
  throw new OutdialError(
    'storage_unavailable',
    `This Redis throws keys away when its memory is full (maxmemory-policy ${policy}): calls would be forgotten. Set it to noeviction.`,
    { policy },
  )
}

async function checkDisk(node: RedisClient): Promise<void> {
  const appendonly = await setting(node, 'appendonly')
  const appendfsync = await setting(node, 'appendfsync')
  if (appendonly === 'yes' && appendfsync === 'always') return
  throw new OutdialError(
    'not_durable',
    `A fence survives a crash of Redis only with \`appendonly yes\` and \`appendfsync always\`; this one says ${appendonly} and ${appendfsync}. Set both, or leave \`durable\` out.`,
    { appendonly, appendfsync },
  )
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
