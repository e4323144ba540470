/**
 * Pace by the generic cell rate algorithm: one number per key, `tat`, the time at which the key would be idle if it gave
 * nothing more away. A start at `s` is granted when `s ≥ tat − (burst − 1) × T`, with T the time between two starts; then
 * `tat` becomes `max(tat, s) + T`. It follows that any window of length W sees at most `W / T + burst` starts; there are
 * no fixed windows whose edges would let twice as many through.
 */
export interface Pace {
  /** Starts per second. */
  rate: number
  /** Starts that may come at once, at least 1. */
  burst: number
}

/** The earliest instant, not before `now`, at which the `nth` next start (from 1) may happen. */
export function startTime(pace: Pace, tat: number, now: number, nth: number): number {
  return Math.max(now, backlogOf(tat, now) + ((nth - pace.burst) * 1000) / pace.rate)
}

/** How many starts may happen from `now` up to and including `until`. */
export function startsUntil(pace: Pace, tat: number, now: number, until: number): number {
  const backlog = backlogOf(tat, now)
  return Math.max(0, Math.floor(((until - backlog) * pace.rate) / 1000 + pace.burst))
}

/**
 * `tat` after the pace has changed at `now`. What the key owes is counted in starts and stays the same: else a lower rate
 * would forgive some of it (and a window see more starts than either pace allows), and a higher one would wait for the
 * debts of the lower. A key that was not paced before owes nothing; nor does one whose debt no number tells, since it was paced by what
 * is no pace: it would never start anything again, or never wait.
 */
export function repaced(from: Pace | undefined, to: Pace, tat: number, now: number): number {
  if (!from) return now
  const changed = now + ((tat - now) * from.rate) / to.rate
  return Number.isFinite(changed) ? changed : now
}

/** `tat` after a start at `at`. */
export function afterStart(pace: Pace, tat: number, at: number): number {
  return backlogOf(tat, at) + 1000 / pace.rate
}

/** The later of both; what is no number is no time to wait for, and would be none that keeps anybody. */
function backlogOf(tat: number, now: number): number {
  return Number.isNaN(tat) ? now : Math.max(tat, now)
}
