import type { Clock, Timer } from '@outdial/core'

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves on, and runs what becomes due, in order; promises get their turn in between. */
  advance(ms: number): Promise<void>
  /** Timers that have not run. */
  readonly pending: number
}

interface Pending {
  at: number
  run: () => void
}

export function manualClock(start = 1_800_000_000_000): ManualClock {
  let now = start
  const timers = new Set<Pending>()
  const next = (until: number): Pending | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => now,
    monotonic: () => now - start,
    setTimeout(run, ms) {
      const timer: Pending = { at: now + Math.max(0, ms), run }
      timers.add(timer)
      return timer
    },
    clearTimeout(timer: Timer) {
      timers.delete(timer as Pending)
    },
    async advance(ms) {
      const until = now + ms
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
        await microtasks()
      }
      now = until
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
