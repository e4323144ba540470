import type { Host } from '../engine/host.js'
import { infrastructureBackoff } from '../policy/retry.js'

/** Fewer answers in a row than this say nothing of the back end. */
const FEWEST = 5

/**
 * Keeps a worker from asking a back end that says "not now" time after time: each item that is put off waits by itself,
 * but there may be many of them. After as many such answers in a row as there are operations at once, nothing is begun for a
 * while, then one as a probe, and everything again when that is answered.
 */
export class Breaker {
  readonly #host: Host
  readonly #atOnce: number
  readonly #again: () => void
  readonly #most: number
  #inRow = 0
  #until = 0

  /** @param again - Called when there may be room again. */
  constructor(host: Host, atOnce: number, again: () => void) {
    this.#host = host
    this.#atOnce = atOnce
    this.#again = again
    this.#most = Math.max(FEWEST, atOnce)
  }

  /** How many operations may be under way now. */
  get room(): number {
    if (this.#inRow < this.#most) return this.#atOnce
    return this.#host.clock.monotonic() < this.#until ? 0 : 1
  }

  /** The back end has dealt with an item, well or not. */
  answered(): void {
    const broken = this.#inRow >= this.#most
    this.#inRow = 0
    if (broken) this.#again()
  }

  /** The back end has said to come again, in so many milliseconds if it said that. */
  putOff(retryAfter = 0): void {
    this.#inRow++
    if (this.#inRow < this.#most) return
    const wait = Math.max(retryAfter, infrastructureBackoff(this.#inRow - this.#most + 1, this.#host.random.next()))
    this.#until = this.#host.clock.monotonic() + wait
    this.#host.later(this.#again, wait)
  }
}
