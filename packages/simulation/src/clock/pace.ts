import type { Clock, Timer } from '@outdial/core'
import type { Timeline } from './timeline.js'
import { nextTurn } from './turn.js'

/** Longest wait that real timers know: 2^31 - 1 ms. */
const LONGEST_WAIT = 2_147_483_647

/**
 * Drives a timeline by another clock, `speed` times as fast: for demonstrations that people watch.
 *
 * Time flows between timers, but never past one that has not run: when the process is late, virtual time is late with it
 * and no timer sees a later instant than its own.
 */
export class Pace {
  readonly #timeline: Timeline
  readonly #base: Clock
  readonly #speed: number
  #holds = 0
  /** Where both clocks stood when they were last compared. */
  #baseAt: number
  #virtualAt: number
  #timer: Timer | undefined
  #timerFor = Number.POSITIVE_INFINITY
  #turning = false

  constructor(timeline: Timeline, base: Clock, speed: number) {
    this.#timeline = timeline
    this.#base = base
    this.#speed = speed
    this.#baseAt = base.monotonic()
    this.#virtualAt = timeline.position
  }

  /** Lets virtual time follow the other clock up to now. While it catches up, time stands at what is being run. */
  flow(): void {
    if (this.#holds === 0 && !this.#turning) this.#timeline.moveTo(Math.floor(this.#target()))
  }

  wake(): void {
    const due = this.#timeline.due
    if (this.#timer !== undefined && this.#timerFor === due) return
    this.#sleep()
    if (this.#turning || this.#holds > 0 || due === undefined) return
    const wait = Math.max(0, (due - this.#target()) / this.#speed)
    this.#timerFor = due
    this.#timer = this.#base.setTimeout(this.#turn, Math.min(Math.ceil(wait), LONGEST_WAIT))
  }

  hold(): void {
    this.flow()
    this.#holds++
    this.#sleep()
  }

  release(): void {
    this.#holds--
    this.#baseAt = this.#base.monotonic()
    this.#virtualAt = this.#timeline.position
    this.wake()
  }

  #target(): number {
    return this.#virtualAt + (this.#base.monotonic() - this.#baseAt) * this.#speed
  }

  #sleep(): void {
    if (this.#timer !== undefined) this.#base.clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerFor = Number.POSITIVE_INFINITY
  }

  readonly #turn = (): void => {
    this.#timer = undefined
    this.#turning = true
    let ran = false
    try {
      ran = this.#holds === 0 && this.#timeline.runNextInstant(Math.floor(this.#target()))
    } finally {
      // More may be due already: promises first, then the next instant.
      if (ran) nextTurn(this.#turn)
      else {
        this.#turning = false
        this.wake()
      }
    }
  }
}
