import type { Clock, Timer } from '@outdial/core'

/** The clock of this machine, handed to stores that have a time of their own and may want timers. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms): Timer => setTimeout(run, ms),
  clearTimeout(timer) {
    clearTimeout(timer as NodeJS.Timeout)
  },
}

/** Waits in real time. */
export async function sleep(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms)
  })
}
