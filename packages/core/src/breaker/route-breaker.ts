import type { Host } from '../engine/host.js'
import { breakerKeys } from './breaker-keys.js'
import type { BreakerRules } from './breaker-options.js'
import { RollingCount, type Tally } from './rolling-count.js'

/** What the store says is read again after so long: other workers trip and heal the same route. */
const READ_EVERY = 5000

/** What the store has of a route's breaker. */
interface Stored {
  readonly revision: number
  /** Probes per second while it is tripped; absent: it is not. */
  readonly rate?: number
}

/**
 * Whether a route works, as far as this worker's calls tell. What follows is in the store, as the pace of a gate that all jobs of the
 * route pass: tripped, it lets one call through at each `probeEvery`, by whichever worker comes first; each probe that goes well doubles the
 * pace; and when enough have, it is taken away. So it holds for all workers and outlasts each of them.
 */
export class RouteBreaker {
  readonly route: string
  readonly #host: Host
  readonly #rules: BreakerRules
  readonly #key: string
  readonly #count: RollingCount
  #stored: Stored | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #busy = false

  constructor(host: Host, route: string, rules: BreakerRules) {
    this.route = route
    this.#host = host
    this.#rules = rules
    this.#key = breakerKeys(route).rate
    this.#count = new RollingCount(rules.window)
  }

  /** Whether it is known to be tripped. */
  get tripped(): boolean {
    return this.#stored?.rate !== undefined
  }

  tally(now: number): Tally {
    return this.#count.tally(now)
  }

  /** A call of the route has shown that it works or that it does not. */
  heard(failed: boolean, fencedAt: number): void {
    const now = this.#host.now()
    this.#count.add(now, failed)
    if (this.#busy) return
    if (now - this.#readAt >= READ_EVERY) return this.#do(async () => this.#judge(await this.#read(), failed, fencedAt))
    if (this.tripped || (failed && this.#isBad())) this.#do(() => this.#judge(this.#stored as Stored, failed, fencedAt))
  }

  async #judge(stored: Stored, failed: boolean, fencedAt: number): Promise<void> {
    const { probeEvery, successes } = this.#rules
    const now = this.#host.now()
    if (stored.rate === undefined) {
      if (!this.#isBad()) return
      const tally = this.#count.tally(now)
      await this.#set({ rate: 1000 / probeEvery, burst: 1 })
      this.#host.events.emit('breaker.changed', { route: this.route, state: 'open', ...tally })
      return
    }
    // What was begun before it tripped, or before the last probe, says nothing of now.
    if (fencedAt < stored.revision / 1000) return
    const passed = Math.max(0, Math.round(Math.log2((stored.rate * probeEvery) / 1000)))
    if (failed) {
      if (passed > 0) await this.#set({ rate: 1000 / probeEvery, burst: 1 })
    } else if (passed + 1 < successes) {
      await this.#set({ rate: (1000 / probeEvery) * 2 ** (passed + 1), burst: 1 })
    } else {
      const tally = this.#count.tally(now)
      await this.#set({ none: true })
      this.#host.events.emit('breaker.changed', { route: this.route, state: 'closed', ...tally })
    }
  }

  #isBad(): boolean {
    const { calls, failed } = this.#count.tally(this.#host.now())
    return calls >= this.#rules.minimum && failed >= calls * this.#rules.failures
  }

  /** One thing at a time; what is heard meanwhile is counted. */
  #do(change: () => Promise<void>): void {
    this.#busy = true
    change()
      .catch((error: unknown) => this.#host.events.emit('storage.failed', { error, retryIn: READ_EVERY }))
      .finally(() => {
        this.#busy = false
      })
  }

  async #read(): Promise<Stored> {
    const [usage] = await this.#host.storage.usage([{ key: this.#key }])
    const { revision = 0, rule } = usage ?? {}
    // Healed by another worker: what this one counted while it was broken is over.
    if (this.tripped && !(rule && 'rate' in rule)) this.#count.clear()
    this.#stored = rule && 'rate' in rule ? { revision, rate: rule.rate } : { revision }
    this.#readAt = this.#host.now()
    return this.#stored
  }

  /** Unless another worker has changed it since it was read: then that counts. */
  async #set(rule: { rate: number; burst: number } | { none: true }): Promise<void> {
    const revision = Math.max(Math.floor(this.#host.now() * 1000), (this.#stored?.revision ?? 0) + 1)
    await this.#host.storage.setLimits([{ key: this.#key, revision, ...rule }])
    this.#count.clear()
    this.#stored = 'rate' in rule ? { revision, rate: rule.rate } : { revision }
    this.#readAt = this.#host.now()
  }
}
