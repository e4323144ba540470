import type { PauseJob } from '../jobs/pauses.js'
import { isStale, SUPPRESSION_STALE } from './refusals.js'

/** Jobs remembered as paused; those paused first are forgotten. */
const MOST = 1000

/**
 * Pauses jobs of which a do-not-call list is too old, until it may be worth asking again: one pause instead of a refusal a minute for each
 * of their contacts.
 */
export class StaleLists {
  readonly #pauseJob: PauseJob
  /** Until when a job was paused from here. */
  readonly #paused: Map<string, number> = new Map()

  constructor(pauseJob: PauseJob) {
    this.#pauseJob = pauseJob
  }

  /** A fence of a job was refused. */
  refused(jobId: string, reasons: readonly string[], retryAt: number, now: number): void {
    if (!isStale(reasons) || (this.#paused.get(jobId) ?? 0) > now) return
    const until = retryAt < Number.POSITIVE_INFINITY ? retryAt : now + 60_000
    this.#paused.delete(jobId)
    this.#paused.set(jobId, until)
    if (this.#paused.size > MOST) this.#paused.delete(this.#paused.keys().next().value as string)
    this.#pauseJob(jobId, SUPPRESSION_STALE, until)
  }
}
