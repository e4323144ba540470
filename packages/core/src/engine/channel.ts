import { isOutdialError } from '../errors/outdial-error.js'
import type {
  ClaimedGroup,
  ClaimRequest,
  Exchange,
  ExchangeReply,
  Fence,
  Fenced,
  Report,
} from '../ports/storage-exchange.js'
import type { Host } from './host.js'

/** Who uses a channel: says what it would claim, and takes what comes. */
export interface ChannelUser {
  /** What to claim in the exchange that is about to be sent; empty for nothing. */
  wanted(): ClaimRequest[]
  claimed(groups: readonly ClaimedGroup[], reply: ExchangeReply): void
  changed(jobs: ExchangeReply['jobs']): void
}

interface Pending<Item, Answer> {
  item: Item
  done: (answer: Answer, reply: ExchangeReply, sentAt: number) => void
}

const FIRST_RETRY = 100
const LONGEST_RETRY = 5000

/**
 * One conversation with the store: exchanges one after the other, each as soon as the reply to the last is there and
 * something is to be said or claimed. What comes in meanwhile goes with the next, so the busier it is the more each carries.
 *
 * An exchange that failed is sent again, the same one with the same number, until it is answered: the store applies it once.
 */
export class Channel {
  readonly #host: Host
  readonly #user: ChannelUser
  #id: string
  readonly #routes: readonly string[]
  readonly #durable: boolean
  readonly #abort: AbortController = new AbortController()
  #seq = 0
  #reports: Pending<Report, 'applied' | 'stale'>[] = []
  #fences: Pending<Fence, Fenced>[] = []
  #wake: (() => void) | undefined
  #finished: Promise<void> = Promise.resolve()
  #sending = false
  readonly #waiting: (() => void)[] = []
  /** Whether asking for claims may bring any. False after the store gave fewer than were wanted, until it says otherwise. */
  #mayClaim = true
  #wakeAt = Number.POSITIVE_INFINITY
  #watch: { until: number; abort: AbortController } | undefined

  constructor(host: Host, user: ChannelUser, options: { routes: readonly string[]; durable: boolean }) {
    this.#host = host
    this.#user = user
    this.#routes = options.routes
    this.#durable = options.durable
    this.#id = host.ids.id('channel')
  }

  start(): void {
    this.#finished = this.#run()
  }

  report(item: Report, done: Pending<Report, 'applied' | 'stale'>['done'] = () => {}): void {
    this.#reports.push({ item, done })
    this.poke()
  }

  fence(item: Fence, done: Pending<Fence, Fenced>['done']): void {
    this.#fences.push({ item, done })
    this.poke()
  }

  /** Has the channel look again at what there is to say and to claim. */
  poke(): void {
    this.#wake?.()
  }

  /** Resolves when everything that was given to it has been said. */
  async flushed(): Promise<void> {
    while (this.#reports.length > 0 || this.#fences.length > 0 || this.#sending) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** Ends the conversation; what has not been said is dropped, as a crash would. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#watch?.abort.abort()
    this.poke()
    await this.#finished
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      const claims = this.#user.wanted()
      if (this.#reports.length === 0 && this.#fences.length === 0 && !(claims.length > 0 && this.#mayClaim)) {
        if (claims.length > 0) this.#watchForWork()
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
        continue
      }
      this.#sending = true
      await this.#converse(claims)
      this.#sending = false
      for (const resolve of this.#waiting.splice(0)) resolve()
    }
  }

  async #converse(claims: ClaimRequest[]): Promise<void> {
    const { batch } = this.#host.storage.capabilities
    const reports = this.#reports.length <= batch ? this.#reports : this.#reports.slice(0, batch)
    this.#reports = this.#reports.length <= batch ? [] : this.#reports.slice(batch)
    const fences = this.#fences.length <= batch ? this.#fences : this.#fences.slice(0, batch)
    this.#fences = this.#fences.length <= batch ? [] : this.#fences.slice(batch)
    const sentAt = this.#host.clock.monotonic()
    const reply = await this.#send({
      channel: this.#id,
      seq: ++this.#seq,
      reports: reports.map(({ item }) => item),
      fences: fences.map(({ item }) => item),
      claims,
      ...(this.#durable && fences.length > 0 && { durable: true }),
    })
    if (!reply) return
    this.#host.synchronize(reply.now, sentAt)
    this.#user.changed(reply.jobs)
    for (const [i, { done }] of reports.entries()) done(reply.reports[i] as 'applied' | 'stale', reply, sentAt)
    for (const [i, { done }] of fences.entries()) done(reply.fences[i] as Fenced, reply, sentAt)
    this.#user.claimed(reply.claims, reply)
    if (claims.length > 0) {
      const wanted = claims.reduce((sum, { max }) => sum + max, 0)
      this.#mayClaim = reply.claims.reduce((sum, { tasks }) => sum + tasks.length, 0) >= wanted
      this.#wakeAt = reply.wakeAt
    }
  }

  /** Sends until it is answered; `undefined` when the channel is stopped meanwhile. */
  async #send(request: Exchange): Promise<ExchangeReply | undefined> {
    const { signal } = this.#abort
    let retryIn = FIRST_RETRY
    while (!signal.aborted) {
      try {
        return await this.#host.storage.exchange(request)
      } catch (error) {
        // A store that has forgotten this channel gets a new one. What it may have applied already is stale to it.
        if (isOutdialError(error, 'sequence_broken')) {
          this.#id = this.#host.ids.id('channel')
          this.#seq = 1
          request = { ...request, channel: this.#id, seq: 1 }
        }
        this.#host.events.emit('storage.failed', { error, retryIn })
        await this.#host.pause(retryIn, signal)
        retryIn = Math.min(retryIn * 2, LONGEST_RETRY)
      }
    }
    return undefined
  }

  #watchForWork(): void {
    if (this.#watch && this.#watch.until <= this.#wakeAt) return
    this.#watch?.abort.abort()
    const watch = { until: this.#wakeAt, abort: new AbortController() }
    this.#watch = watch
    const query = { channel: this.#id, routes: this.#routes, until: watch.until, signal: watch.abort.signal }
    this.#host.storage.waitForWork(query).then(
      () => this.#look(watch),
      async (error) => {
        this.#host.events.emit('storage.failed', { error, retryIn: LONGEST_RETRY })
        await this.#host.pause(LONGEST_RETRY, watch.abort.signal)
        this.#look(watch)
      },
    )
  }

  #look(watch: object): void {
    if (this.#watch !== watch) return
    this.#watch = undefined
    this.#mayClaim = true
    this.poke()
  }
}
