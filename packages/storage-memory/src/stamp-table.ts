/**
 * Stamps of rolling caps, in two generations per limit: after a window has passed the older one is dropped whole, so that
 * numbers nobody calls any more cost nothing and nothing has to be swept.
 */
export class StampTable {
  #young: Map<string, number[]> = new Map()
  #old: Map<string, number[]> = new Map()
  #since = Number.NEGATIVE_INFINITY

  stamps(key: string, now: number, windowMs: number): number[] {
    if (windowMs > 0 && now - this.#since > windowMs) {
      this.#old = now - this.#since > windowMs * 2 ? new Map() : this.#young
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
