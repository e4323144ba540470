import type { Clock, Timer } from '@outdial/core'

/** Longest delay a platform timer takes; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1

interface SystemTimer {
  handle: ReturnType<typeof setTimeout> | undefined
}

/** The machine's own clock: what an engine uses when it is given none. */
export function systemClock(): Clock {
  const wait = (timer: SystemTimer, run: () => void, ms: number): void => {
    const rest = ms - LONGEST
    timer.handle = rest > 0 ? setTimeout(() => wait(timer, run, rest), LONGEST) : setTimeout(run, Math.max(0, ms))
  }
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout(run: () => void, ms: number): Timer {
      const timer: SystemTimer = { handle: undefined }
      if (ms < Number.POSITIVE_INFINITY) wait(timer, run, ms)
      return timer
    },
    clearTimeout(timer: Timer): void {
      clearTimeout((timer as SystemTimer).handle)
    },
  }
}
