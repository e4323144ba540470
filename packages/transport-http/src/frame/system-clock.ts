import type { Clock } from '@outdial/core'

/** The machine's clock; its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (run, ms) => {
    const timer: unknown = setTimeout(run, Math.min(ms, 2 ** 31 - 1))
    // Node's timers can be told; other runtimes have numbers, which the port's handles are not.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
    return { timer }
  },
  clearTimeout: (handle) => clearTimeout((handle as { timer: number }).timer),
}
