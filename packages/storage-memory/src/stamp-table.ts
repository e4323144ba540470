/** A start is stamped when it may happen, a little after it was granted; never as much as this. */
const LEEWAY = 1000

/**
 * Stamps of rolling caps, in two generations per limit: after a window has passed the older one is dropped whole, so that
 * numbers nobody calls any more cost nothing and nothing has to be swept.
 */
export class StampTable {
  #young: Map<string, number[]> = new Map()
  #old: Map<string, number[]> = new Map()
  #since = Number.NEGATIVE_INFINITY

  stamps(key: string, now: number, windowMs: number): number[] {
    const span = windowMs + LEEWAY
    if (windowMs > 0 && now - this.#since > span) {
      this.#old = now - this.#since > span * 2 ? new Map() : this.#young
      this.#young = new Map()
      this.#since = now
    }
    let stamps = this.#young.get(key)
    if (!stamps) {
      stamps = this.#old.get(key) ?? []
      this.#old.delete(key)
      this.#young.set(key, stamps)
    }
    return stamps
  }
}
