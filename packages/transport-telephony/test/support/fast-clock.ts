import type { Clock, Timer } from 'outdial'

/**
 * A clock on which everything takes a fraction of its time: for engines and services that speak to each other over real
 * connections, which no virtual clock can wait for.
 */
export function fastClock(speed: number): Clock {
  const began = Date.now()
  const origin = performance.now()
  const passed = () => (performance.now() - origin) * speed
  return {
    now: () => began + passed(),
    monotonic: passed,
    setTimeout(run: () => void, ms: number): Timer {
      if (!(ms < Number.POSITIVE_INFINITY)) return {}
      return setTimeout(run, Math.min(Math.max(0, ms / speed), 2 ** 31 - 1))
    },
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  }
}
