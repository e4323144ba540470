import { OutdialError } from '@outdial/core'
import type { RedisClient } from './redis-client.js'
import { serverError } from './reply-error.js'

const OLDEST = [7, 0] as const

/** The oldest that tells when something is on disk. */
const TELLS_OF_DISK = [7, 2] as const

/** How it is asked whether what was written is safe. */
export type Waiting = 'WAIT' | 'WAITAOF'

/** What can be asked. */
type Asked = Pick<RedisClient, 'callBuffer'>

interface Demands {
  readonly durable: boolean
  /** Replicas that may be promoted. */
  readonly replicas: number
}

/**
 * Refuses a server that would break promises: one that is too old, that evicts what it was given, or that may forget a
 * fence although the store was declared durable. In a Cluster every node that may come to own our keys is looked at.
 *
 * Answers whether a fence is safe only once the server has been asked: `false` when its answer says so already.
 */
export async function checkServer(client: RedisClient, base: string, demands: Demands): Promise<boolean> {
  if (!client.nodes) return await checkNode(client, demands)
  // A Cluster's client knows its nodes when it has been used.
  await ask(client, 'EXISTS', `${base}meta`)
  let waits = false
  for (const node of client.nodes('master')) waits = (await checkNode(node, demands)) || waits
  for (const node of client.nodes('slave')) {
    // A replica that is away now is none of our business.
    if (await node.callBuffer('PING').catch(() => undefined)) waits = (await checkNode(node, demands)) || waits
  }
  return waits
}

async function checkNode(node: Asked, { durable, replicas }: Demands): Promise<boolean> {
  const version = await versionOf(node)
  if (!isFrom(OLDEST, version)) {
    throw new OutdialError('storage_unavailable', `This is Redis ${version.join('.')}; the store needs 7.0 or later.`, {
      version: version.join('.'),
    })
  }
  await checkEviction(node)
  if (!durable) return false
  await checkDurable(node, replicas)
  return replicas > 0 || (await setting(node, 'appendfsync')) !== 'always'
}

/**
 * Refuses with `not_durable` a server that cannot tell when a fence is on its disk and on every replica that may be promoted.
 * Answers how it is asked.
 */
export async function checkDurable(node: Asked, replicas: number): Promise<Waiting> {
  const tells = isFrom(TELLS_OF_DISK, await versionOf(node))
  const appendonly = await setting(node, 'appendonly')
  const appendfsync = await setting(node, 'appendfsync')
  if (appendonly !== 'yes' || (appendfsync !== 'always' && !(tells && appendfsync === 'everysec'))) {
    throw new OutdialError(
      'not_durable',
      `A fence survives a crash of Redis only with \`appendonly yes\` and \`appendfsync always\`, or with \`everysec\` on Redis 7.2, Valkey 7.2 or later; this one says ${appendonly} and ${appendfsync}. Set both, or leave \`durable\` out.`,
      { appendonly, appendfsync },
    )
  }
  if ((await setting(node, 'no-appendfsync-on-rewrite')) === 'yes') {
    throw new OutdialError(
      'not_durable',
      'While this Redis rewrites its file it forces nothing to the disk (`no-appendfsync-on-rewrite yes`). Set it to `no`, or leave `durable` out.',
      { 'no-appendfsync-on-rewrite': 'yes' },
    )
  }
  if ((await setting(node, 'aof-load-truncated')) === 'yes') {
    throw new OutdialError(
      'not_durable',
      'After a crash in the middle of a write this Redis keeps a part of a step (`aof-load-truncated yes`), which takes effect at the start after the next. Set it to `no` and have `redis-check-aof --fix` run before it starts, or leave `durable` out.',
      { 'aof-load-truncated': 'yes' },
    )
  }
  const info = String(await ask(node, 'INFO', 'replication'))
  const connected = /^role:master/m.test(info) ? Number(/^connected_slaves:(\d+)/m.exec(info)?.[1] ?? 0) : 0
  if (connected > replicas) {
    throw new OutdialError(
      'not_durable',
      `This Redis has ${connected} replicas, and the store was told of ${replicas}: one that is promoted without a fence makes somebody be called twice. Say \`replicas: ${connected}\`.`,
      { connected, replicas },
    )
  }
  return tells ? 'WAITAOF' : 'WAIT'
}

type Version = readonly [number, number]

/** The version that it is compatible with; Valkey tells it, too. A server that says nothing is taken for one that will do. */
async function versionOf(node: Asked): Promise<Version> {
  const told = /^redis_version:(\d+)\.(\d+)/m.exec(String(await ask(node, 'INFO', 'server')))
  return told ? [Number(told[1]), Number(told[2])] : OLDEST
}

function isFrom([major, minor]: Version, version: Version): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor)
}

async function checkEviction(node: Asked): Promise<void> {
  const policy = await setting(node, 'maxmemory-policy')
  const limit = await setting(node, 'maxmemory')
  if (policy === undefined || policy === 'noeviction' || Number(limit) === 0) return
  throw new OutdialError(
    'storage_unavailable',
    `This Redis throws keys away when its memory is full (maxmemory-policy ${policy}): calls would be forgotten. Set it to noeviction.`,
    { policy },
  )
}

/** A setting of the server; `undefined` where it may not be asked, as with some hosts. */
async function setting(client: Asked, name: string): Promise<string | undefined> {
  try {
    const answer = (await client.callBuffer('CONFIG', 'GET', name)) as unknown[]
    return answer[1] === undefined ? undefined : String(answer[1])
  } catch (error) {
    if (error instanceof Error && /^(ERR unknown|NOPERM)/.test(error.message)) return undefined
    throw serverError(error)
  }
}

async function ask(client: Asked, command: string, ...args: string[]): Promise<unknown> {
  try {
    return await client.callBuffer(command, ...args)
  } catch (error) {
    throw serverError(error)
  }
}
