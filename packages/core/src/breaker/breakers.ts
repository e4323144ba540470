import type { Closures } from '../caller-ids/closures.js'
import type { LiveCall } from '../calls/live-call.js'
import type { Host } from '../engine/host.js'
import { INFRASTRUCTURE_OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import { breakerKeys } from './breaker-keys.js'
import type { BreakerRules } from './breaker-options.js'
import { CallerBreaker } from './caller-breaker.js'
import { RouteBreaker } from './route-breaker.js'

interface RouteParts {
  readonly route: RouteBreaker
  readonly callers: CallerBreaker
}

/**
 * The breakers of the routes that this process dials. (That of bulk operations is another thing: it spares a back end that says "not
 * now" the requests of one worker, and knows nothing of others.)
 */
export class Breakers {
  readonly #host: Host
  readonly #rules: BreakerRules | undefined
  readonly #closures: Closures
  readonly #routes: Map<string, RouteParts> = new Map()

  constructor(host: Host, rules: BreakerRules | undefined, closures: Closures) {
    this.#host = host
    this.#rules = rules
    this.#closures = closures
  }

  /** The call rings, or was answered: its route works. */
  reached(live: LiveCall): void {
    if (live.judged || !this.#rules) return
    live.judged = true
    this.#heard(this.#rules, live, false)
  }

  /** The call has ended: that was the contact's doing, or the route's. */
  ended(live: LiveCall, outcome: Outcome): void {
    if (live.judged || !this.#rules) return
    live.judged = true
    this.#heard(this.#rules, live, INFRASTRUCTURE_OUTCOMES.has(outcome))
  }

  /** The carrier has refused it for trouble of its own, or nobody can say what became of it. */
  failed(live: LiveCall): void {
    if (live.judged || !this.#rules) return
    live.judged = true
    this.#heard(this.#rules, live, true)
  }

  /** Without rules nobody heals a route, so one that others have found broken is let go: at once, and before it dials. */
  async letGo(routes: readonly string[]): Promise<void> {
    if (this.#rules || routes.length === 0) return
    const { storage } = this.#host
    const keys = routes.map((route) => breakerKeys(route).rate)
    const stored = await storage.usage(keys.map((key) => ({ key })))
    const tripped = keys.flatMap((key, i) => {
      const { rule = { none: true }, revision = 0 } = stored[i] ?? {}
      return 'none' in rule ? [] : [{ key, revision: revision + 1, none: true as const }]
    })
    if (tripped.length > 0) await storage.setLimits(tripped)
  }

  #heard(rules: BreakerRules, live: LiveCall, failed: boolean): void {
    const { route, organization } = live.job
    let parts = this.#routes.get(route)
    if (!parts) {
      const breaker = new RouteBreaker(this.#host, route, rules)
      parts = { route: breaker, callers: new CallerBreaker(this.#host, rules, breaker, this.#closures) }
      this.#routes.set(route, parts)
    }
    if (live.job.spec.from.length > 1) parts.callers.heard(organization, live.from, failed, live.fencedAt)
    parts.route.heard(failed, live.fencedAt)
  }
}
