import type { Exchange, Storage } from '@outdial/core'
import type { Steps } from './steps.js'
import type { Unit } from './unit.js'

type Query = Parameters<Storage['waitForWork']>[0]

/**
 * Wakes who waits for work. What this process does wakes its own waiters at once; what others do is counted in the store
 * by route, and whoever waits looks at the counters every now and then.
 */
export class WorkSignals {
  readonly #steps: Steps
  /** How often to look at what other processes have signaled; `undefined` if there are none. */
  readonly #every: number | undefined
  /** By channel and route, the count at its last exchange. */
  readonly #seen: Map<string, Map<string, number>> = new Map()

  constructor(steps: Steps, every: number | undefined) {
    this.#steps = steps
    this.#every = every
  }

  /** The counts of the routes that an exchange asked for, its own signals included. */
  counted(unit: Unit, { claims }: Exchange): [route: string, count: number][] {
    if (this.#every === undefined) return []
    return claims.map(({ route }) => [route, unit.signals(route) + (unit.signaled.has(route) ? 1 : 0)])
  }

  /** What an exchange has just been offered is no news to its channel. */
  saw(unit: Unit, { channel, claims }: Exchange, counts: readonly [string, number][]): void {
    this.#steps.waiters.signal(unit.signaled, channel, claims)
    const seen = this.#seen.get(channel) ?? new Map<string, number>()
    this.#seen.set(channel, seen)
    for (const [route, count] of counts) seen.set(route, count)
  }

  async wait(query: Query): Promise<void> {
    const { waiters, clock } = this.#steps
    if (!clock) return
    if (this.#every === undefined) {
      const until = Math.min(query.until, this.#steps.nextWake)
      return waiters.wait(clock, this.#steps.now(), { ...query, until })
    }
    for (;;) {
      if (query.signal.aborted || waiters.missed(query) || (await this.#news(query))) return
      const now = this.#steps.now()
      const until = Math.min(query.until, this.#steps.nextWake)
      if (until <= now) return
      const look = Math.min(until, now + this.#every)
      await waiters.wait(clock, now, { ...query, until: look })
      if (look === until && this.#steps.now() >= until) return
    }
  }

  /** Whether another process has signaled since this channel's last exchange. */
  #news({ channel, routes }: Query): Promise<boolean> {
    const seen = this.#seen.get(channel)
    return this.#steps.run((unit) => routes.some((route) => unit.signals(route) > (seen?.get(route) ?? 0)), {
      reads: true,
    })
  }
}
