import type { Clock } from 'outdial'

/** A clock that shows another time of day. What it measures between two instants is right: that no setting changes. */
export function skewedClock(clock: Clock, skew: number): Clock {
  return {
    now: () => clock.now() + skew,
    monotonic: () => clock.monotonic(),
    setTimeout: (run, ms) => clock.setTimeout(run, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  }
}
