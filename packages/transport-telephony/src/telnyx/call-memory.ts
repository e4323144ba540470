import type { Outcome } from '@outdial/core'
import type { HeardAs } from './outcomes.js'

/** What this process has heard of a call. */
export interface Heard {
  readonly answeredAt?: number
  readonly outcome?: Outcome
  readonly heard?: HeardAs
}

/**
 * What this process has lately heard of calls, to put together what the service tells in pieces: how long was talked, and what the
 * call whose cost is told came to. Only a convenience: another process may have heard the other piece.
 */
export class CallMemory {
  readonly #calls: Map<string, Heard> = new Map()
  readonly #most: number

  constructor(most = 20_000) {
    this.#most = most
  }

  get(callId: string): Heard {
    return this.#calls.get(callId) ?? {}
  }

  /** Adds to what is known; the oldest call is forgotten when there are too many. */
  learn(callId: string, heard: Heard): void {
    const known = this.get(callId)
    this.#calls.delete(callId)
    this.#calls.set(callId, { ...known, ...heard })
    if (this.#calls.size <= this.#most) return
    const [oldest] = this.#calls.keys()
    if (oldest !== undefined) this.#calls.delete(oldest)
  }
}
