import type { Clock, Timer } from '../ports/clock.js'

interface Waiter {
  readonly channel: string
  readonly routes: readonly string[]
  /** When the clock wakes it. */
  at: number
  timer: Timer | undefined
  done(): void
}

/**
 * Those of this process who wait for work, and which channels have missed a signal since they last exchanged: what a store
 * needs for `Storage.waitForWork` beside its records.
 */
export class Waiters {
  readonly #waiting: Set<Waiter> = new Set()
  /** By channel and route: the last signal that the channel knows of. */
  readonly #seen: Map<string, Map<string, number>> = new Map()
  readonly #signals: Map<string, number> = new Map()
  #count = 0
  /** The last signal that was for everybody. */
  #doubt = 0

  /** Something may be claimable on these routes. A channel that has just asked for claims of some of them is not told of those. */
  signal(routes: ReadonlySet<string>, channel?: string, asked: readonly { route: string }[] = []): void {
    for (const route of routes) this.#signals.set(route, ++this.#count)
    if (channel !== undefined) this.#saw(channel, asked)
    if (routes.size === 0) return
    for (const waiter of this.#waiting) if (this.missed(waiter)) waiter.done()
  }

  /** Nobody knows what has become claimable: everybody has to look. */
  disturb(): void {
    this.#doubt = ++this.#count
    for (const waiter of this.#waiting) waiter.done()
  }

  #saw(channel: string, asked: readonly { route: string }[]): void {
    let seen = this.#seen.get(channel)
    if (!seen) {
      seen = new Map()
      this.#seen.set(channel, seen)
    }
    for (const { route } of asked) seen.set(route, this.#count)
  }

  /** Whether there was a signal that this channel has not seen. */
  missed({ channel, routes }: { channel: string; routes: readonly string[] }): boolean {
    const seen = this.#seen.get(channel)
    return routes.some((route) => Math.max(this.#signals.get(route) ?? 0, this.#doubt) > (seen?.get(route) ?? 0))
  }

  /** At this time something may become claimable without anybody doing anything: nobody sleeps longer. */
  expect(clock: Clock, now: number, at: number): void {
    for (const waiter of this.#waiting) {
      if (at <= now) waiter.done()
      else if (at < waiter.at) wakeAt(waiter, clock, now, at)
    }
  }

  /** Resolves at a signal for one of these routes, at once if there was one, at `until`, or when aborted. */
  wait(
    clock: Clock,
    now: number,
    query: { channel: string; routes: readonly string[]; until: number; signal: AbortSignal },
  ): Promise<void> {
    if (this.missed(query) || query.signal.aborted || query.until <= now) return Promise.resolve()
    return new Promise((resolve) => {
      const waiter: Waiter = {
        channel: query.channel,
        routes: query.routes,
        at: Number.POSITIVE_INFINITY,
        timer: undefined,
        done: () => {
          this.#waiting.delete(waiter)
          query.signal.removeEventListener('abort', waiter.done)
          if (waiter.timer) clock.clearTimeout(waiter.timer)
          resolve()
        },
      }
      this.#waiting.add(waiter)
      query.signal.addEventListener('abort', waiter.done)
      if (query.until < Number.POSITIVE_INFINITY) wakeAt(waiter, clock, now, query.until)
    })
  }
}

function wakeAt(waiter: Waiter, clock: Clock, now: number, at: number): void {
  if (waiter.timer) clock.clearTimeout(waiter.timer)
  waiter.at = at
  waiter.timer = clock.setTimeout(waiter.done, at - now)
}
