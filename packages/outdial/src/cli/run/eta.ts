import type { Standing } from './tally.js'

/** Before so many contacts have ended, or so much real time has passed, a pace says nothing. */
const ENOUGH = 10
const SOON = 300

/** How long a run will probably still take. */
export interface Eta {
  /** Real milliseconds from now; `undefined` while nobody can tell. */
  left(standing: Standing, total: number): number | undefined
}

/**
 * Judges by the pace so far, on the clock of the campaign, and by the last retry that is known; then turns that into real
 * time by what simulated time has taken so far.
 */
export function etaBy(now: () => number, real: () => number = () => performance.now()): Eta {
  const began = now()
  const beganReal = real()
  return {
    left({ ended, lastRetryAt }, total) {
      const passed = now() - began
      const passedReal = real() - beganReal
      if (ended < ENOUGH || passed <= 0 || passedReal < SOON) return undefined
      const byPace = ((total - ended) / ended) * passed
      const left = ended >= total ? 0 : Math.max(byPace, lastRetryAt - now())
      return left * (passedReal / passed)
    },
  }
}
