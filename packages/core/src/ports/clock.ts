/**
 * The engine's only source of time.
 *
 * Everything in Outdial that waits, expires or is written down with a time asks a `Clock`. Give the engine the system
 * clock in production and a virtual clock in tests: then a day of campaign runs in seconds, and always the same way.
 */
export interface Clock {
  /** Wall time in milliseconds since 1970-01-01T00:00:00Z. May be set back or forward by the operating system. */
  now(): number
  /**
   * Milliseconds from an arbitrary origin that never go back, whatever happens to the wall clock.
   * `startBy` of a fenced call is checked on it, so that a machine that slept or had its clock set dials nothing late.
   */
  monotonic(): number
  /** Calls `run` once, not before `ms` milliseconds have passed. Negative or zero: as soon as possible, never synchronously. */
  setTimeout(run: () => void, ms: number): Timer
  /** Prevents a timer from firing. Clearing twice, or after it fired, changes nothing. */
  clearTimeout(timer: Timer): void
}

/** A handle made by {@link Clock.setTimeout}; only the clock that made it looks inside. */
export type Timer = object
