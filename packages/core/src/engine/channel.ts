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
import { type Done, Pending } from './pending.js'

/** What may be asked for in one exchange, and how much there is room for in all, should several be under way. */
export interface Wanted extends ClaimRequest {
  room?: number
}

/** Who uses a channel: says what it would claim, and takes what comes. */
export interface ChannelUser {
  /** What to claim in the exchange that is about to be sent; empty for nothing. */
  wanted(): Wanted[]
  /** Told what is asked for, each time something is sent. */
  asks?(claims: readonly ClaimRequest[]): void
  claimed(groups: readonly ClaimedGroup[], reply: ExchangeReply): void
  changed(jobs: ExchangeReply['jobs']): void
}

/** To whom is said what the store should know. */
export interface Conversation {
  report(item: Report, done?: Done<'applied' | 'stale'>): void
  fence(item: Fence, done: Done<Fenced>): void
  /** Has it look again at what there is to say and to claim. */
  poke(): void
}

const nobody = () => {}

interface Counts {
  reports: number
  fences: number
}

/** An exchange, and whom to tell the answers to its reports and its fences. */
interface Said {
  readonly exchange: Exchange
  readonly reports: readonly Done<'applied' | 'stale'>[]
  readonly fences: readonly Done<Fenced>[]
  readonly sentAt: number
}

/** A call gets on some three times before it ends, which costs a store little. */
const REPORTS_A_CALL = 4

const upTo = (batch: number) => {
  let taken = 0
  return () => ++taken <= batch
}
const reportsOf = (batch: number) => {
  const fitsInAll = upTo(batch * REPORTS_A_CALL)
  const fits = upTo(batch)
  return ({ kind }: Report) => fitsInAll() && (kind === 'progress' || fits())
}

const enlists = (report: Report) => 'enlist' in report && report.enlist !== undefined && report.enlist.length > 0

const FIRST_RETRY = 100
const LONGEST_RETRY = 5000

/**
 * One conversation with the store: exchanges one after the other, each as soon as the reply to the last is there and
 * something is to be said or claimed. What comes in meanwhile goes with the next, so the busier it is the more each carries.
 *
 * An exchange that failed is sent again, the same one with the same number, until it is answered: the store applies it once.
 */
export class Channel implements Conversation {
  readonly #host: Host
  readonly #user: ChannelUser
  #id: string
  readonly #durable: boolean
  readonly #abort: AbortController = new AbortController()
  #seq = 0
  readonly #reports: Pending<Report, 'applied' | 'stale'> = new Pending()
  readonly #fences: Pending<Fence, Fenced> = new Pending()
  #wake: (() => void) | undefined
  #finished: Promise<void> = Promise.resolve()
  #started = false
  #stopped = false
  /** How many reports and fences it was given, and how many of each have been answered; both are first in, first out. */
  readonly #given: Counts = { reports: 0, fences: 0 }
  readonly #answered: Counts = { reports: 0, fences: 0 }
  readonly #waiting: (() => void)[] = []
  /** Routes of which the store gave fewer claims than were wanted. Asking again brings nothing before it says otherwise. */
  readonly #exhausted: Set<string> = new Set()
  #wakeAt = Number.POSITIVE_INFINITY
  #watch: { until: number; routes: string; abort: AbortController } | undefined

  constructor(host: Host, user: ChannelUser, options: { durable: boolean }) {
    this.#host = host
    this.#user = user
    this.#durable = options.durable
    this.#id = host.ids.id('channel')
  }

  /** Begins the conversation. A second time: nothing. */
  start(): void {
    if (this.#started) return
    this.#started = true
    this.#finished = this.#run()
  }

  report(item: Report, done: Done<'applied' | 'stale'> = nobody): void {
    this.#given.reports++
    this.#reports.add(item, done)
    this.poke()
  }

  fence(item: Fence, done: Done<Fenced>): void {
    this.#given.fences++
    this.#fences.add(item, done)
    this.poke()
  }

  poke(): void {
    const wake = this.#wake
    if (!wake) return
    this.#wake = undefined
    wake()
  }

  /** Resolves when all that it was given so far has been answered: true; or when it is stopped before that: false. */
  async flushed(): Promise<boolean> {
    const { reports, fences } = this.#given
    while (this.#answered.reports < reports || this.#answered.fences < fences) {
      if (this.#stopped) return false
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return true
  }

  /** Ends the conversation; what has not been said is dropped, as a crash would. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#abort.abort()
    this.#watch?.abort.abort()
    this.poke()
    this.#tellWaiting()
    await this.#finished
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const claims = this.#wanted()
      if (this.#reports.size === 0 && this.#fences.size === 0 && this.#allExhausted(claims)) {
        if (claims.length > 0) this.#watchForWork()
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      const said = this.#next(claims)
      const reply = await this.#send(said.exchange)
      if (reply) this.#take(said, reply)
      this.#tellWaiting()
    }
  }

  /** What is said next, and whom to tell the answer. */
  #next(claims: ClaimRequest[]): Said {
    const { batch } = this.#host.storage.capabilities
    this.#user.asks?.(claims)
    const reports = this.#reports.take(reportsOf(batch))
    const fences = this.#fences.take(upTo(batch))
    const exchange: Exchange = {
      channel: this.#id,
      seq: ++this.#seq,
      reports: reports.items,
      fences: fences.items,
      claims,
    }
    // Who opts out is told so: that has to survive as much as a dial.
    if (this.#durable && (fences.items.length > 0 || reports.items.some(enlists))) exchange.durable = true
    return { exchange, reports: reports.done, fences: fences.done, sentAt: this.#host.clock.monotonic() }
  }

  /** Hands on a reply. Whoever throws at what they are told keeps nobody else from being told, nor the channel from going on. */
  #take({ exchange, reports, fences, sentAt }: Said, reply: ExchangeReply): void {
    this.#host.synchronize(reply.now, sentAt)
    this.#answered.reports += reports.length
    this.#answered.fences += fences.length
    try {
      this.#user.changed(reply.jobs)
    } catch (error) {
      this.#failed(error)
    }
    for (let i = 0; i < reports.length; i++) {
      try {
        reports[i]?.(reply.reports[i] as 'applied' | 'stale', reply, sentAt)
      } catch (error) {
        this.#failed(error)
      }
    }
    for (let i = 0; i < fences.length; i++) {
      try {
        fences[i]?.(reply.fences[i] as Fenced, reply, sentAt)
      } catch (error) {
        this.#failed(error)
      }
    }
    try {
      this.#user.claimed(reply.claims, reply)
    } catch (error) {
      this.#failed(error)
    }
    if (exchange.claims.length > 0) this.#learn(exchange.claims, reply)
  }

  /** Which routes have nothing more to claim. */
  #learn(claims: readonly ClaimRequest[], reply: ExchangeReply): void {
    // Each by itself: one that got all it wanted wants more when it has room again, and nobody else would say so.
    for (const { route, max } of claims) {
      let missing = max
      for (const group of reply.claims) if (group.route === route) missing -= group.tasks.length
      if (missing > 0) this.#exhausted.add(route)
      else this.#exhausted.delete(route)
    }
    this.#wakeAt = reply.wakeAt
  }

  #allExhausted(claims: readonly ClaimRequest[]): boolean {
    for (const { route } of claims) if (!this.#exhausted.has(route)) return false
    return true
  }

  #wanted(): ClaimRequest[] {
    try {
      return this.#user.wanted().map(({ route, max, leaseMs }) => ({ route, max, leaseMs }))
    } catch (error) {
      this.#failed(error)
      return []
    }
  }

  #failed(error: unknown): void {
    this.#host.events.emit('engine.failed', { error })
  }

  /** Has those look who wait for something to be answered. */
  #tellWaiting(): void {
    if (this.#waiting.length === 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Sends until it is answered; `undefined` when the channel is stopped meanwhile. */
  async #send(exchange: Exchange): Promise<ExchangeReply | undefined> {
    let request = exchange
    let retryIn = FIRST_RETRY
    while (!this.#stopped) {
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
        await this.#host.pause(retryIn, this.#abort.signal)
        retryIn = Math.min(retryIn * 2, LONGEST_RETRY)
      }
    }
    return undefined
  }

  #watchForWork(): void {
    const routes = [...this.#exhausted]
    const names = routes.join()
    const until = this.#wakeAt
    if (this.#watch && this.#watch.until <= until && this.#watch.routes === names) return
    this.#watch?.abort.abort()
    const watch = { until, routes: names, abort: new AbortController() }
    this.#watch = watch
    const query = { channel: this.#id, routes, until, signal: watch.abort.signal }
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
    this.#exhausted.clear()
    this.poke()
  }
}
