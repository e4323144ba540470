import type { ClaimedGroup, ClaimRequest, ExchangeReply, Fence, Report } from '../ports/storage-exchange.js'
import { Channel, type ChannelUser, type Conversation } from './channel.js'
import type { Host } from './host.js'

/** Tasks that follow each other and stay together: what is said of them is most often alike, and costs less together. */
const TOGETHER = 32

/** One of several who ask on behalf of the same user: what one has asked for, the others do not ask for as well. */
class Share implements ChannelUser {
  readonly #user: ChannelUser
  readonly #all: readonly Share[]
  #asked: readonly ClaimRequest[] = []

  constructor(user: ChannelUser, all: readonly Share[]) {
    this.#user = user
    this.#all = all
  }

  wanted(): ClaimRequest[] {
    return this.#user.wanted().flatMap((request) => {
      const asked = this.#all.reduce((sum, share) => sum + share.#askedOf(request.route), 0)
      const max = Math.min(request.max, (request.room ?? request.max) - asked)
      return max > 0 ? [{ route: request.route, max, leaseMs: request.leaseMs }] : []
    })
  }

  asks(claims: readonly ClaimRequest[]): void {
    this.#asked = claims
  }

  claimed(groups: readonly ClaimedGroup[], reply: ExchangeReply): void {
    this.#asked = []
    this.#user.claimed(groups, reply)
  }

  changed(jobs: ExchangeReply['jobs']): void {
    this.#user.changed(jobs)
  }

  #askedOf(route: string): number {
    return this.#asked.find((request) => request.route === route)?.max ?? 0
  }
}

/**
 * As many conversations with the store as it can do with at once. While one waits for its answer another speaks. All that
 * is said of a task is said in the same one, so that it comes in order.
 */
export class Channels implements Conversation {
  readonly #channels: readonly Channel[]

  constructor(host: Host, user: ChannelUser, options: { durable: boolean; count: number }) {
    const shares: Share[] = []
    this.#channels = Array.from({ length: options.count }, () => {
      if (options.count === 1) return new Channel(host, user, options)
      const share = new Share(user, shares)
      shares.push(share)
      return new Channel(host, share, options)
    })
  }

  start(): void {
    for (const channel of this.#channels) channel.start()
  }

  report(item: Report, done?: Parameters<Conversation['report']>[1]): void {
    this.#of(item.kind === 'return' ? item.claim : item.ref).report(item, done)
  }

  fence(item: Fence, done: Parameters<Conversation['fence']>[1]): void {
    this.#of(item.claim).fence(item, done)
  }

  poke(): void {
    for (const channel of this.#channels) channel.poke()
  }

  async flushed(): Promise<boolean> {
    return (await Promise.all(this.#channels.map((channel) => channel.flushed()))).every(Boolean)
  }

  async stop(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.stop()))
  }

  /** The channel of a task: claims and refs begin with its job and index. */
  #of(name: string): Channel {
    const { length } = this.#channels
    if (length === 1) return this.#channels[0] as Channel
    const colon = name.indexOf(':')
    const index = Number.parseInt(name.slice(colon + 1), 10) || 0
    return this.#channels[(name.charCodeAt(colon - 1) + Math.floor(index / TOGETHER)) % length || 0] as Channel
  }
}
