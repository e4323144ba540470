import { type PendingTimer, TimerHeap } from './timer-heap.js'

/**
 * Virtual time itself: where it stands, what is due when. It moves only when told to; the drivers beside this file
 * (by hand, automatic, paced) decide when.
 *
 * Positions are monotonic milliseconds from 0; the wall clock is the same plus an offset.
 */
export class Timeline {
  readonly timers: TimerHeap = new TimerHeap()
  /** Wall time at position 0. */
  offset: number
  #position = 0
  #created = 0

  constructor(start: number) {
    this.offset = start
  }

  get position(): number {
    return this.#position
  }

  /** Moves on, never back and never past a timer that has not run. */
  moveTo(position: number): void {
    const due = this.due
    const target = due === undefined ? position : Math.min(position, due)
    if (target > this.#position) this.#position = target
  }

  /** When the next timer is due; `undefined` when there is none, or none that ever will be. */
  get due(): number | undefined {
    const at = this.timers.peek()?.at
    return at === undefined || at === Number.POSITIVE_INFINITY ? undefined : at
  }

  add(run: () => void, ms: number, label: string | undefined): PendingTimer {
    // Whole milliseconds, rounded up: never before its time, and timers that belong together share an instant.
    const delay = ms > 0 ? Math.ceil(ms) : 0
    const timer: PendingTimer = { at: Math.ceil(this.#position) + delay, order: this.#created++, run, label, index: -1 }
    this.timers.push(timer)
    return timer
  }

  /**
   * Moves to the next instant at which something is due, not past `limit`, and runs what is due then, in order of creation.
   * Timers that those set for the same instant are left for the next round, so that promises run first.
   *
   * @returns Whether anything was due.
   */
  runNextInstant(limit: number): boolean {
    const at = this.due
    if (at === undefined || at > limit) return false
    this.moveTo(at)
    const createdBefore = this.#created
    for (;;) {
      const timer = this.timers.peek()
      if (timer === undefined || timer.at > at || timer.order >= createdBefore) return true
      this.timers.remove(timer)
      timer.run()
    }
  }
}
