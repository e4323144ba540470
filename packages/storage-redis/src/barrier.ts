import { OutdialError } from '@outdial/core'
import type { RedisClient, RedisConnection } from './redis-client.js'
import { MOVING, serverError } from './reply-error.js'
import { checkDurable, type Waiting } from './server-check.js'

/** How long a server may take to have what was written on disk and on its replicas. Less than a start may be late. */
const PATIENCE = 1500

/** A connection that breaks is given up with all that is under way on it. Nothing is sent a second time. */
const NO_SECOND_TIME = { autoResendUnfulfilledCommands: false, retryStrategy: null, lazyConnect: false }

interface Link {
  readonly connection: RedisConnection
  readonly waiting: Waiting
}

/**
 * The dial barrier: what is sent through it is answered when it is on disk, and on every replica that may be promoted.
 *
 * Redis tells that of what was written on the same connection before. A connection made anew would be told of nothing, and
 * nothing is everywhere: so the question goes out right behind the write, and neither is ever re-sent.
 */
export class Barrier {
  readonly #client: RedisClient
  readonly #base: string
  readonly #replicas: number
  /** Who waits keeps others on its connection waiting, so each has one of its own. */
  readonly #free: Link[] = []
  #closed = false

  constructor(client: RedisClient, base: string, replicas: number) {
    this.#client = client
    this.#base = base
    this.#replicas = replicas
  }

  /**
   * Sends something that writes, and answers what it was answered once that is safe. `barrier_unmet` when that takes too long:
   * it is written then, and may be lost.
   */
  async pass<Reply>(send: (connection: RedisConnection) => Promise<Reply>): Promise<Reply> {
    const link = this.#free.pop() ?? (await this.#link())
    let kept = false
    try {
      // In one go, so that they are on one connection in this order. The write between them makes sure that there is one
      // of this connection, whatever the first has done.
      const sent = send(link.connection)
      const written = link.connection.callBuffer('SET', `${this.#base}barrier`, '')
      const counted = link.connection.callBuffer(...this.#question(link.waiting))
      const told = await Promise.allSettled([sent, written, counted])
      const [reply, , counts] = told
      const lost = told.find((one) => one.status === 'rejected' && !isReply(one.reason))
      kept = lost === undefined && !this.#closed
      if (reply.status === 'rejected') throw reply.reason
      if (counts.status === 'rejected') throw serverError(counts.reason)
      this.#check(counts.value, link.waiting)
      return reply.value
    } catch (error) {
      // The server may be another by now, or not the one that has our keys.
      if (error instanceof Error && /\b(MOVED|ASK|READONLY)\b/.test(String(error.cause ?? error))) kept = false
      throw error
    } finally {
      if (kept) this.#free.push(link)
      else link.connection.disconnect()
    }
  }

  close(): void {
    this.#closed = true
    for (const { connection } of this.#free.splice(0)) connection.disconnect()
  }

  #question(waiting: Waiting): [string, ...number[]] {
    return waiting === 'WAITAOF' ? [waiting, 1, this.#replicas, PATIENCE] : [waiting, this.#replicas, PATIENCE]
  }

  #check(counts: unknown, waiting: Waiting): void {
    // With WAIT, the disk of the server has it before it answers anything (`appendfsync always`).
    const [disk, replicas] = waiting === 'WAITAOF' ? (counts as [number, number]) : [1, counts as number]
    if (disk >= 1 && replicas >= this.#replicas) return
    throw new OutdialError(
      'barrier_unmet',
      disk < 1
        ? 'Redis has not written to its disk in time. Nothing is dialed before it has.'
        : `${replicas} of ${this.#replicas} replicas have what was written. Nothing is dialed before all have: bring them back, or declare fewer (\`replicas\`).`,
      { disk, replicas, wanted: this.#replicas },
    )
  }

  async #link(): Promise<Link> {
    const connection = (await this.#owner()).duplicate(NO_SECOND_TIME)
    connection.on('error', () => {})
    try {
      return { connection, waiting: await checkDurable(connection, this.#replicas) }
    } catch (error) {
      connection.disconnect()
      throw error
    }
  }

  /** The server that has our keys: in a Cluster, the node that answers for them. */
  async #owner(): Promise<RedisClient> {
    const client = this.#client
    if (!client.nodes) return client
    for (const node of client.nodes('master')) {
      const served = await node.callBuffer('EXISTS', `${this.#base}meta`).catch(() => undefined)
      if (served !== undefined) return node
    }
    // The client learns who has them by being sent there.
    await client.callBuffer('EXISTS', `${this.#base}meta`).catch(() => undefined)
    throw new OutdialError('storage_unavailable', MOVING)
  }
}

/** Whether the server has answered with an error, as opposed to a connection that broke. */
function isReply(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ReplyError' || error instanceof OutdialError)
}
