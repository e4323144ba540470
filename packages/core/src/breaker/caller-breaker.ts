import type { Closures } from '../caller-ids/closures.js'
import type { Host } from '../engine/host.js'
import { MINUTE } from '../policy/duration.js'
import type { BreakerRules } from './breaker-options.js'
import { RollingCount } from './rolling-count.js'
import type { RouteBreaker } from './route-breaker.js'

/** A number that keeps failing is tried again this often at least. */
const LONGEST = 10 * MINUTE
/** Numbers of which calls are counted; with more, all begin anew. */
const MOST = 5000

/** A number whose calls failed and that was closed for that. */
interface Tripped {
  readonly openAt: number
  readonly closedFor: number
  successes: number
}

/**
 * Whether the numbers of a route work. One is at fault only when most of its calls fail while those from the route's other numbers do
 * not: else it is the route. It is closed for the organization, in the store, for as long as until the next probe; then its calls are its
 * probes, and the first one that fails closes it again for twice as long.
 */
export class CallerBreaker {
  readonly #host: Host
  readonly #rules: BreakerRules
  readonly #route: RouteBreaker
  readonly #closures: Closures
  readonly #counts: Map<string, RollingCount> = new Map()
  readonly #tripped: Map<string, Tripped> = new Map()

  constructor(host: Host, rules: BreakerRules, route: RouteBreaker, closures: Closures) {
    this.#host = host
    this.#rules = rules
    this.#route = route
    this.#closures = closures
  }

  /** A call from the number has shown that it works or that it does not. Told before the route is. */
  heard(organization: string, number: string, failed: boolean, fencedAt: number): void {
    const key = `${organization}:${number}`
    const now = this.#host.now()
    let count = this.#counts.get(key)
    if (!count) {
      if (this.#counts.size >= MOST) this.#counts.clear()
      count = new RollingCount(this.#rules.window)
      this.#counts.set(key, count)
    }
    count.add(now, failed)
    const tripped = this.#tripped.get(key)
    if (tripped) return this.#probed(organization, number, tripped, failed, fencedAt)
    if (failed && this.#isAtFault(count, now)) {
      count.clear()
      void this.#close(organization, number, this.#rules.probeEvery)
    }
  }

  #probed(organization: string, number: string, tripped: Tripped, failed: boolean, fencedAt: number): void {
    if (fencedAt < tripped.openAt) return
    if (failed) return void this.#close(organization, number, Math.min(tripped.closedFor * 2, LONGEST))
    if (++tripped.successes < this.#rules.successes) return
    const key = `${organization}:${number}`
    this.#tripped.delete(key)
    this.#counts.get(key)?.clear()
    this.#host.events.emit('breaker.changed', {
      route: this.#route.route,
      organization,
      callerId: number,
      state: 'closed',
    })
  }

  #isAtFault(count: RollingCount, now: number): boolean {
    const { minimum, failures } = this.#rules
    const own = count.tally(now)
    if (own.calls < minimum || own.failed < own.calls * failures || this.#route.tripped) return false
    const all = this.#route.tally(now)
    const others = { calls: all.calls - own.calls, failed: all.failed - own.failed }
    return others.calls >= minimum && others.failed < (others.calls * failures) / 2
  }

  async #close(organization: string, number: string, closedFor: number): Promise<void> {
    const openAt = this.#host.now() + closedFor
    this.#tripped.set(`${organization}:${number}`, { openAt, closedFor, successes: 0 })
    try {
      await this.#closures.close(organization, number, openAt, 'failing')
      this.#host.events.emit('breaker.changed', {
        route: this.#route.route,
        organization,
        callerId: number,
        state: 'open',
        until: openAt,
      })
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: closedFor })
    }
  }
}
