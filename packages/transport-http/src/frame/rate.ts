import type { Clock } from '@outdial/core'

/** Keys are forgotten when they have been quiet, looked through when there are so many. */
const MANY = 10_000

/** How often something may happen, by key: an even pace with a bounded burst (GCRA), in this process. */
export class RateGate {
  /** By key: when it would be even again, on the monotonic clock. */
  readonly #even: Map<string, number> = new Map()
  readonly #clock: Clock
  readonly #interval: number
  readonly #slack: number

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock
    this.#interval = 1000 / perSecond
    this.#slack = (burst - 1) * this.#interval
  }

  /** Takes one; or answers how many seconds to wait for it, rounded up. */
  take(key: string): 'taken' | number {
    const now = this.#clock.monotonic()
    if (this.#even.size >= MANY) this.#forget(now)
    const even = Math.max(now, this.#even.get(key) ?? 0)
    // Sums of fractions are off by a hair.
    if (even - now > this.#slack + 1e-6) return Math.max(1, Math.ceil((even - now - this.#slack) / 1000))
    this.#even.set(key, even + this.#interval)
    return 'taken'
  }

  #forget(now: number): void {
    for (const [key, even] of this.#even) if (even <= now) this.#even.delete(key)
  }
}
