import type { JobContext } from '../jobs/spec.js'
import type { ClaimedTask, Fence, Fenced } from '../ports/storage-exchange.js'
import type { Next } from '../ports/storage-jobs.js'

/** Refuses a claim whose job was changed after it: it is given back, and decided by what the job is now when it is claimed again. */
export const CHANGED = 'changed'

/** A claimed task that may begin: what its fence takes, and what the runner wants to find again afterwards. */
export interface Ready {
  readonly fence: Fence
}

/** What happens to a task that does not begin, and what is told of it once that is stored. */
export interface Returned {
  next: Next
  tell?: () => void
}

/** What to do with a claimed task. */
export type Verdict<Begin extends Ready> = { begin: Begin } | Returned

/** Does the work of one route: places calls at a carrier, or applies operations to a back end. */
export interface Runner<Begin extends Ready = Ready> {
  readonly route: string
  /** Starts under way at once. */
  readonly atOnce: number
  /** Decides, at the instant, whether a claimed task may begin. */
  decide(job: JobContext, task: ClaimedTask, now: number): Verdict<Begin>
  /** Told of each refused fence, also of one that is tried again in a moment. */
  fenceRefused?(job: JobContext, begin: Begin, reasons: readonly string[], now: number): void
  /** What happens to a task whose fence was refused for longer than its claim is worth holding. */
  refused(job: JobContext, begin: Begin, reasons: readonly string[], retryAt: number, now: number): Returned
  /**
   * Begins: the attempt exists. `startable` says whether the request may still be written, `answered` is told once when
   * the other side has answered or will not. Never throws.
   */
  start(
    job: JobContext,
    begin: Begin,
    fenced: Extract<Fenced, { status: 'fenced' }>,
    startable: () => boolean,
    answered: () => void,
  ): void
}
