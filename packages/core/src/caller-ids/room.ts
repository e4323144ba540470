/** A number without a free slot or start is tried again soon. */
const SOON = 1000
/** One that is closed, or has made its calls of the day, later: somebody may have opened it meanwhile. */
const LATER = 30_000
const MOST = 20_000

/**
 * Which numbers had no room a moment ago, as this worker has seen it. Only a hint for what to offer first: what it does not know, or
 * no longer right, is decided by the fence.
 */
export class RoomHints {
  readonly #fullUntil: Map<string, number> = new Map()

  hasRoom(organization: string, number: string, now: number): boolean {
    if (this.#fullUntil.size === 0) return true
    const until = this.#fullUntil.get(`${organization}:${number}`)
    return until === undefined || until <= now
  }

  /** A fence has refused a number, for a moment or for long. */
  refused(organization: string, number: string, now: number, long: boolean): void {
    if (this.#fullUntil.size >= MOST) this.#fullUntil.clear()
    const key = `${organization}:${number}`
    const until = now + (long ? LATER : SOON)
    if (until > (this.#fullUntil.get(key) ?? 0)) this.#fullUntil.set(key, until)
  }

  /** Somebody has opened it. */
  freed(organization: string, number: string): void {
    this.#fullUntil.delete(`${organization}:${number}`)
  }
}
