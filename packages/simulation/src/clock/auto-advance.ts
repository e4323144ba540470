import type { Timeline } from './timeline.js'
import { nextTurn } from './turn.js'

/**
 * Drives a timeline by itself: whenever nothing else can run, to the next instant at which something is due.
 *
 * One turn of the event loop per instant (about a microsecond in Node) is the price of letting every promise chain that a
 * timer started come to its end before time moves on.
 */
export class AutoAdvance {
  readonly #timeline: Timeline
  #holds = 0
  #turning = false

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  /** Tells the driver that there may be something to wait for. */
  wake(): void {
    if (this.#turning || this.#holds > 0 || this.#timeline.due === undefined) return
    this.#turning = true
    nextTurn(this.#turn)
  }

  hold(): void {
    this.#holds++
  }

  release(): void {
    this.#holds--
    this.wake()
  }

  readonly #turn = (): void => {
    try {
      if (this.#holds === 0) this.#timeline.runNextInstant(Number.POSITIVE_INFINITY)
    } finally {
      // Also after a timer that threw: the error goes where errors of real timers go, and the others still run.
      this.#turning = false
      this.wake()
    }
  }
}
