import type { Clock, Storage } from '@outdial/core'

type Query = Parameters<Storage['waitForWork']>[0]

/** What the store knows of routes at a moment. */
export interface Look {
  readonly now: number
  readonly nextWake: number
  /** Signals given on each of the routes asked for. */
  readonly counts: readonly number[]
}

/** What is published when something may have become claimable. */
export interface News {
  readonly routes: Readonly<Record<string, number>>
  /** When time alone makes something claimable, if that was moved forward. */
  readonly wake: number
}

interface Waiter {
  readonly query: Query
  wake: number
  /** A signal that is news to it was heard: there is no need to look. */
  signaled: boolean
  /** Ends its sleep, or prevents the next one. */
  stir(): void
  stirred: boolean
}

/** Somebody looks this often although nothing was published: a link may be dead without having said so. */
const LOOK_EVERY = 1000

/**
 * Those of this client who wait for work. What others do is published; what was published while nobody listened is seen by
 * a look at the counters, before every sleep.
 */
export class WorkSignals {
  readonly #look: (routes: readonly string[]) => Promise<Look>
  readonly #waiters: Set<Waiter> = new Set()
  /** By channel and route, the count at its last exchange. */
  readonly #seen: Map<string, Map<string, number>> = new Map()

  constructor(look: (routes: readonly string[]) => Promise<Look>) {
    this.#look = look
  }

  /** What an exchange has just been offered is no news to its channel. */
  saw(channel: string, counts: readonly (readonly [string, number])[]): void {
    if (counts.length === 0) return
    let seen = this.#seen.get(channel)
    if (!seen) {
      seen = new Map()
      this.#seen.set(channel, seen)
    }
    for (const [route, count] of counts) seen.set(route, count)
  }

  hear(news: News): void {
    for (const waiter of this.#waiters) {
      waiter.wake = Math.min(waiter.wake, news.wake)
      const { channel, routes } = waiter.query
      waiter.signaled ||= routes.some((route) => (news.routes[route] ?? 0) > this.#known(channel, route))
      if (news.wake < Number.POSITIVE_INFINITY || waiter.signaled) waiter.stir()
    }
  }

  /** Nobody knows what was missed: everybody looks. */
  disturb(): void {
    for (const waiter of this.#waiters) waiter.stir()
  }

  /** Resolves at a signal for one of the routes, at once if one was missed, at `until`, or when aborted. */
  async wait(clock: Clock, storeNow: () => number, query: Query): Promise<void> {
    const waiter: Waiter = { query, wake: Number.POSITIVE_INFINITY, signaled: false, stir: () => {}, stirred: false }
    this.#waiters.add(waiter)
    const aborted = new Promise<void>((resolve) => {
      query.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    try {
      while (!query.signal.aborted) {
        waiter.stirred = false
        waiter.stir = () => {
          waiter.stirred = true
        }
        const look = await Promise.race([this.#look(query.routes), aborted])
        if (!look) return
        if (query.routes.some((route, i) => (look.counts[i] ?? 0) > this.#known(query.channel, route))) return
        const at = Math.min(query.until, look.nextWake, waiter.wake)
        const now = storeNow()
        if (at <= now) return
        if (!waiter.stirred) await sleep(clock, Math.min(at - now, LOOK_EVERY), waiter, query.signal)
        if (waiter.signaled || storeNow() >= Math.min(at, waiter.wake)) return
      }
    } finally {
      this.#waiters.delete(waiter)
    }
  }

  #known(channel: string, route: string): number {
    return this.#seen.get(channel)?.get(route) ?? 0
  }
}

/** Sleeps so long, or until stirred or aborted. */
function sleep(clock: Clock, ms: number, waiter: Waiter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.setTimeout(done, ms)
    waiter.stir = done
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
