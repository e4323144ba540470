/** What may lie between a grant and the start, at most. */
export const START_WITHIN = 2050

/**
 * For calls that are granted and not placed yet: the most that was allowed at any time since. A call is begun up to two seconds after its
 * grant and may be long under way, and somebody may have widened a limit meanwhile, under which others were placed first.
 */
export class PlacedLater<Of> {
  readonly #waiting: Map<string, { of: Of; most: number }> = new Map()

  granted(ref: string, of: Of, most: number): void {
    this.#waiting.set(ref, { of, most })
  }

  /** So much may be allowed now, to these. */
  widened(concerns: (of: Of) => boolean, most: number): void {
    for (const waiting of this.#waiting.values()) if (concerns(waiting.of)) waiting.most = Math.max(waiting.most, most)
  }

  /** The most that was allowed to a call since it was granted. It stays: a carrier may be asked twice for one ref. */
  allowed(ref: string): number {
    return this.#waiting.get(ref)?.most ?? Number.POSITIVE_INFINITY
  }
}
