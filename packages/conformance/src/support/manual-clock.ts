import type { Clock, Timer } from '@outdial/core'

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, and runs what becomes due, in order; promises get their turn in between. */
  advance(ms: number): Promise<void>
  /** Sets the wall time, back or forth, as an operating system may. Timers keep their distance. */
  set(now: number): void
  /** Timers that have not run. */
  readonly pending: number
}

interface Pending {
  at: number
  run: () => void
}

export function manualClock(start = 1_800_000_000_000): ManualClock {
  let elapsed = 0
  let offset = start
  const timers = new Set<Pending>()
  const next = (until: number): Pending | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    setTimeout(run, ms) {
      const timer: Pending = { at: elapsed + Math.max(0, ms), run }
      timers.add(timer)
      return timer
    },
    clearTimeout(timer: Timer) {
      timers.delete(timer as Pending)
    },
    async advance(ms) {
      const until = elapsed + ms
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer)
        elapsed = Math.max(elapsed, timer.at)
        timer.run()
        await microtasks()
      }
      elapsed = until
    },
    set(now) {
      offset = now - elapsed
    },
    get pending() {
      return timers.size
    },
  }
}

/** Lets every promise chain that can go on do so. */
export async function microtasks(): Promise<void> {
  for (let i = 0; i < 20; i++) await undefined
}
