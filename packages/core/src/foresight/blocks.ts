import type { JobState } from '../lifecycle/job.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { Terminal } from '../ports/storage-jobs.js'

/**
 * One thing that keeps a contact from being dialed. `code` is stable, `detail` is for people. With `until`, this alone would say yes
 * from that instant on; without, only somebody's doing helps. With `ends`, the contact is not called any more once its turn comes.
 */
export type DialBlock = { detail: string; until?: number } & (
  | {
      /** The job may not dial: it is a draft, waits for its time or for review, is paused or being stopped. */
      code: 'job_state'
      state: JobState
      reason?: string
    }
  /** The contact or the job is not due yet. */
  | { code: 'not_before' }
  /** It was called, and is to be called again then. */
  | { code: 'retry'; outcome?: Outcome }
  /** It was looked at before and set back until then. */
  | { code: 'set_back' }
  /** Outside its calling hours. */
  | { code: 'window'; zone?: string }
  /** Nobody can say what time it is there. */
  | { code: 'zone_unknown'; zone?: string }
  /** Any other rule that is decided before the store is asked, under its own name. */
  | { code: 'rule'; rule: string; ends?: Ending }
  /** Called as often as a cap allows. */
  | { code: 'cap'; key: string; max: number; windowMs: number; counted: number }
  /** Left alone for a while after an outcome or a word. */
  | { code: 'cooldown'; list: string; reason?: string }
  /** On a do-not-call list. */
  | { code: 'suppressed'; list: string; reason?: string; listedUntil?: number; ends: Ending }
  /** A list is older than it may be, so nobody is called. */
  | { code: 'list_stale'; list: string; asOf: number; maxAgeMs: number }
  /** The money is spent, or held by calls that are live. Amounts in the account's smallest unit. */
  | { code: 'money'; key: string; limit: number; spent: number; held: number; needed: number }
  /** Nobody can say what the call would cost. */
  | { code: 'rate_unknown' }
  /** The route is closed for its errors, and is tried now and then. */
  | { code: 'breaker'; key: string }
  /** A number or a route is closed for a while. */
  | { code: 'closed'; key: string }
  /** As many calls are live as may be. */
  | { code: 'capacity'; key: string; limit: number; held: number }
  /** The next start has to wait for the pace. */
  | { code: 'pace'; key: string }
  /** No caller id that it may be called from is free. */
  | { code: 'caller_ids'; from: readonly CallerIdBlock[] }
  /** Nobody is called from then on, and it cannot be called before. */
  | { code: 'expired'; ends: Ending }
  /** It has been called as often as it may be. */
  | { code: 'attempts_exhausted'; ends: Ending }
)

/** How a contact ends that is not called any more. */
export interface Ending {
  state: Terminal
  reason: string
}

/** What keeps one caller id from being used. */
export interface CallerIdBlock {
  callerId: string
  blocks: readonly DialBlock[]
}

/** See {@link DialBlock}. */
export type DialBlockCode = DialBlock['code']

/** When the last of some blocks may say yes; `Infinity` when one of them never does by itself. */
export function lastUntil(blocks: readonly DialBlock[]): number {
  return blocks.reduce((last, { until = Number.POSITIVE_INFINITY }) => Math.max(last, until), 0)
}

/** The block that lasts longest. */
export function longest(blocks: readonly DialBlock[]): DialBlock | undefined {
  let found: DialBlock | undefined
  for (const block of blocks)
    if (!found || (block.until ?? Number.POSITIVE_INFINITY) > lastUntil([found])) found = block
  return found
}

/** An end as blocks carry it: absent when there is none. */
export function untilOf(at: number): { until?: number } {
  return at < Number.POSITIVE_INFINITY ? { until: at } : {}
}
