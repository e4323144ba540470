import { createServer, type Server, type Socket } from 'node:net'
import { Connection, type Target } from './connection.js'

/** Stands between clients and a TCP server, and is the network that fails. */
export interface TcpProxy {
  readonly port: number
  /** Connections that stand now. */
  readonly connections: number
  /** Breaks every connection and refuses new ones, until `heal`. */
  cut(): void
  /**
   * Every connection stays and new ones are taken, and nothing comes through any more, in one direction or both: what
   * is sent meanwhile is swallowed, as by a router that has lost its table. `heal` breaks what stood, since bytes are missing.
   */
  halfOpen(direction?: Direction): void
  /**
   * The next `count` answers never arrive: the server has done what it was asked, and the connection breaks instead
   * of telling so. An answer is what the server sends on a connection that has asked something since its last one.
   */
  dropReplies(count: number): void
  /** Everything takes so long, each way or one way. */
  delay(ms: number, direction?: Direction): void
  /** Lets everything through, at once. */
  heal(): void
  /** Answers that were dropped so far. */
  readonly dropped: number
  close(): Promise<void>
}

/** What a half-open link swallows, or a slow one holds up. */
export type Direction = 'requests' | 'replies' | 'both'

/** A proxy to a server that listens, on a free port of this machine. */
export async function tcpProxy(target: Target): Promise<TcpProxy> {
  const relay = new Relay(target)
  await relay.listen()
  return relay
}

class Relay implements TcpProxy {
  readonly #target: Target
  readonly #server: Server
  readonly #open: Set<Connection> = new Set()
  #cut = false
  #swallows: Direction | undefined
  #toDrop = 0
  readonly #delays: Record<'requests' | 'replies', number> = { requests: 0, replies: 0 }
  dropped = 0

  constructor(target: Target) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }
  get connections(): number {
    return this.#open.size
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
  }

  cut(): void {
    this.#cut = true
    this.#breakAll()
  }
  halfOpen(direction: Direction = 'both'): void {
    this.#swallows = direction
  }
  dropReplies(count: number): void {
    this.#toDrop = count
  }
  delay(ms: number, direction: Direction = 'both'): void {
    for (const way of ['requests', 'replies'] as const) {
      if (direction === way || direction === 'both') this.#delays[way] = ms
    }
  }
  heal(): void {
    if (this.#swallows !== undefined) this.#breakAll()
    this.#cut = false
    this.#swallows = undefined
    this.#toDrop = 0
    this.delay(0)
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #accept(client: Socket): void {
    // Also the answer to a port where nobody listens: the connection is reset.
    if (this.#cut) return void client.resetAndDestroy()
    const connection = new Connection(client, this.#target, {
      delay: (way) => this.#delays[way],
      swallows: (direction) => this.#swallows === direction || this.#swallows === 'both',
      dropsReply: () => {
        if (this.#toDrop === 0) return false
        this.#toDrop--
        this.dropped++
        return true
      },
      ended: () => this.#open.delete(connection),
    })
    this.#open.add(connection)
  }

  #breakAll(): void {
    for (const connection of this.#open) connection.break()
  }
}
