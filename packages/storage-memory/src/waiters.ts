import type { Clock, Timer } from '@outdial/core'

interface Waiter {
  readonly channel: string
  readonly routes: readonly string[]
  done(): void
}

/** Those who wait for work, and which channels have missed a signal since they last exchanged. */
export class Waiters {
  readonly #waiting: Set<Waiter> = new Set()
  readonly #seen: Map<string, number> = new Map()
  readonly #signals: Map<string, number> = new Map()
  #count = 0

  /** Something may be claimable on these routes. */
  signal(routes: ReadonlySet<string>): void {
    for (const route of routes) this.#signals.set(route, ++this.#count)
    for (const waiter of this.#waiting) if (waiter.routes.some((route) => routes.has(route))) waiter.done()
  }

  /** The channel has just looked. */
  looked(channel: string): void {
    this.#seen.set(channel, this.#count)
  }

  wait(
    clock: Clock,
    now: number,
    query: { channel: string; routes: readonly string[]; until: number; signal: AbortSignal },
  ): Promise<void> {
    const seen = this.#seen.get(query.channel) ?? 0
    const missed = query.routes.some((route) => (this.#signals.get(route) ?? 0) > seen)
    if (missed || query.signal.aborted || query.until <= now) return Promise.resolve()
    return new Promise((resolve) => {
      let timer: Timer | undefined
      const waiter: Waiter = {
        channel: query.channel,
        routes: query.routes,
        done: () => {
          this.#waiting.delete(waiter)
          query.signal.removeEventListener('abort', waiter.done)
          if (timer) clock.clearTimeout(timer)
          resolve()
        },
      }
      this.#waiting.add(waiter)
      query.signal.addEventListener('abort', waiter.done)
      if (query.until < Number.POSITIVE_INFINITY) timer = clock.setTimeout(waiter.done, query.until - now)
    })
  }
}
