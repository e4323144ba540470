import type { Clock, Timer } from '@outdial/core'
import { realClock } from '../clock/real-clock.js'

/** The machine's time, with timers that can all be let go of at once. */
export function processClock(): Clock & { close(): void } {
  const timers = new Set<Timer>()
  return {
    now: realClock.now,
    monotonic: realClock.monotonic,
    setTimeout(run, ms) {
      const timer = realClock.setTimeout(() => {
        timers.delete(timer)
        run()
      }, ms)
      timers.add(timer)
      return timer
    },
    clearTimeout(timer) {
      timers.delete(timer)
      realClock.clearTimeout(timer)
    },
    close() {
      for (const timer of timers) realClock.clearTimeout(timer)
      timers.clear()
    },
  }
}
