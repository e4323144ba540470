import { type Clock, OutdialError, type Timer } from '@outdial/core'
import { AutoAdvance } from './auto-advance.js'
import { clockSettings, instant, type VirtualClockOptions } from './options.js'
import { Pace } from './pace.js'
import { Timeline } from './timeline.js'
import { before, type PendingTimer } from './timer-heap.js'
import { settle } from './turn.js'

/** A timer that has not run yet, for looking for leaks. */
export interface TimerReport {
  /** Wall time at which it is due, milliseconds since the epoch. */
  at: number
  /** The label it was set with, or the name of its function. */
  label: string
}

/**
 * A clock whose time is moved instead of waited for.
 *
 * Timers run in the order of their due times, and in order of creation when those are equal. Between two instants every
 * promise chain started so far comes to its end, and the event loop gets one turn; timers of the *same* instant run one
 * directly after the other.
 */
export interface VirtualClock extends Clock {
  /** Wall time at which it started, milliseconds since the epoch. */
  readonly start: number
  /** Number of timers that have not run. */
  readonly pending: number
  /** As {@link Clock.setTimeout}. Fractions of milliseconds are rounded up. `label` is shown by {@link timers}. */
  setTimeout(run: () => void, ms: number, label?: string): Timer
  /** Wall time of the next timer; `undefined` without any. */
  next(): number | undefined
  /** What is pending, soonest first: the last line of a test can say that nothing leaked, or what did. */
  timers(): readonly TimerReport[]
  /**
   * Moves on by `ms`, running everything that becomes due, then resolves. Rejects with what a timer throws; time then stands at
   * that instant. Calls queue up behind each other. `autoAdvance` and `speed` rest meanwhile.
   */
  advance(ms: number): Promise<void>
  /** As {@link advance}, to a wall time. Rejects with `invalid_options` when that has passed. */
  advanceTo(time: number | string): Promise<void>
  /**
   * Runs timers until none is left, or the next is more than `maxMs` after now (default: no bound; something that repeats
   * for ever then never resolves). Tells whether none is left. When one is, time has moved by `maxMs`.
   */
  runUntilIdle(options?: { maxMs?: number }): Promise<boolean>
  /** Sets the wall clock, as an administrator or NTP does. Timers and the monotonic clock do not notice. */
  setWallClock(time: number | string): void
  /** Stops `autoAdvance` and `speed` until the returned function is called (twice changes nothing). Holds add up. */
  hold(): () => void
  /** Holds the clock until real I/O is done: `await clock.during(readFile(path))`. */
  during<T>(work: PromiseLike<T>): Promise<T>
  /** Forgets all timers and accepts no more: they never run. */
  dispose(): void
}

/**
 * Makes a virtual clock. Give it to the engine and to nothing that must live in real time.
 *
 * @example
 * ```ts
 * const clock = virtualClock()
 * clock.setTimeout(() => console.log(new Date(clock.now()).toISOString()), 3_600_000)
 * await clock.advance(3_600_000) // 2027-01-04T15:00:00.000Z
 * ```
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const { start, autoAdvance, pace } = clockSettings(options)
  const timeline = new Timeline(start)
  const driver = autoAdvance ? new AutoAdvance(timeline) : pace && new Pace(timeline, pace.base, pace.speed)
  const flow = driver instanceof Pace ? () => driver.flow() : () => {}
  let disposed = false
  /** The end of the last `advance`; the next waits for it. */
  let moving: Promise<unknown> = Promise.resolve()

  const hold = (): (() => void) => {
    let held = true
    driver?.hold()
    return () => {
      if (held) driver?.release()
      held = false
    }
  }

  /** Runs what is due up to a position, found when earlier moves are done. */
  const move = async (target: () => number): Promise<void> => {
    const turn = moving.then(async () => {
      const release = hold()
      try {
        const limit = target()
        await settle()
        while (timeline.runNextInstant(limit)) await settle()
        if (Number.isFinite(limit)) timeline.moveTo(limit)
      } finally {
        release()
      }
    })
    moving = turn.catch(() => {})
    return turn
  }

  return {
    start,
    get pending() {
      return timeline.timers.size
    },
    now() {
      flow()
      return timeline.offset + timeline.position
    },
    monotonic() {
      flow()
      return timeline.position
    },
    setTimeout(run, ms, label) {
      flow()
      const timer = timeline.add(run, ms, label)
      if (disposed) timeline.timers.remove(timer)
      else driver?.wake()
      return timer
    },
    clearTimeout(timer) {
      timeline.timers.remove(timer as PendingTimer)
      driver?.wake()
    },
    next() {
      const { due } = timeline
      return due === undefined ? undefined : timeline.offset + due
    },
    timers: () =>
      [...timeline.timers.values()]
        .sort((a, b) => (before(a, b) ? -1 : 1))
        .map(({ at, label, run }) => ({ at: timeline.offset + at, label: label ?? run.name })),
    async advance(ms) {
      if (!(ms >= 0)) throw new OutdialError('invalid_options', `cannot advance by ${ms} ms`, { field: 'ms' })
      return move(() => timeline.position + ms)
    },
    async advanceTo(time) {
      const to = instant(time, 'time')
      return move(() => {
        const position = to - timeline.offset
        if (position >= timeline.position) return position
        throw new OutdialError('invalid_options', `${time} has passed`, { field: 'time' })
      })
    },
    async runUntilIdle({ maxMs = Number.POSITIVE_INFINITY } = {}) {
      await move(() => timeline.position + maxMs)
      return timeline.due === undefined
    },
    setWallClock(time) {
      flow()
      timeline.offset = instant(time, 'time') - timeline.position
    },
    hold,
    async during(work) {
      const release = hold()
      try {
        return await work
      } finally {
        release()
      }
    },
    dispose() {
      disposed = true
      timeline.timers.clear()
      driver?.wake()
    },
  }
}
