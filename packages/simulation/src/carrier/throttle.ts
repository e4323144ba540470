/**
 * A carrier's calls per second: an even pace, with some calls let through at once after a pause (the generic cell rate
 * algorithm, which needs a single number: the time at which the pace would be even again).
 */
export class Throttle {
  readonly #interval: number
  readonly #tolerance: number
  #evenAt = Number.NEGATIVE_INFINITY

  constructor(cps: number, burst: number) {
    this.#interval = 1_000 / cps
    this.#tolerance = this.#interval * (burst - 1)
  }

  /** Milliseconds until a call may start: 0 for now. Changes nothing. */
  wait(now: number): number {
    // A thousandth of a millisecond of slack: intervals such as 1000/3 do not add up exactly.
    return Math.max(0, Math.ceil(this.#evenAt - this.#tolerance - now - 0.001))
  }

  /** Counts a call that came at `now` and starts as soon as it may. */
  take(now: number): void {
    this.#evenAt = Math.max(this.#evenAt, now) + this.#interval
  }
}
