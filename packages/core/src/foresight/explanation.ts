import type { CallRecord } from '../calls/live-call.js'
import type { CallTaskSnapshot } from '../jobs/task-view.js'
import type { DialRecord } from '../policy/decide.js'
import type { DialBlock, Ending } from './blocks.js'

/** Why a contact was called, was not, or will be. Instants in milliseconds since the epoch. */
export interface Explanation<Variables = Record<string, unknown>> {
  /** When it was asked: what is said of the future is as things were then. */
  at: number
  task: CallTaskSnapshot<Variables>
  /** Every call that was begun, oldest first, a live one last. */
  attempts: readonly ExplainedAttempt[]
  /** What was decided without a call, as far as the log of the job goes back: the last 50. */
  decisions: readonly RecordedDecision[]
  standing: Standing
  /** All of it in a few words. */
  detail: string
  /** False when the log of the job does not go back to its beginning, or is too long to be read whole. */
  complete: boolean
}

/** Where a contact is, and what comes next. */
export type Standing =
  | {
      /** It is over. */
      status: 'ended'
      ends: Ending
      detail: string
    }
  /** It is being called, or nobody can say whether it is. */
  | { status: 'live'; ref: string; unknown: boolean; detail: string }
  /** A process has it in hand, and decides within seconds. */
  | { status: 'claimed'; detail: string }
  | {
      status: 'waiting'
      /** Everything that says no now, the campaign's own state and the lack of room among it. Empty: its turn is next. */
      blocks: readonly DialBlock[]
      /** What comes of it, all in all. */
      next: Coming
      /** The same by its rules, lists and limits alone, whatever the state of the campaign. */
      allowed: Coming
      detail: string
    }

/** What comes next of a contact that waits. */
export type Coming =
  /** It may be dialed from then on; when it is depends on room and pace. */
  | { status: 'dial'; at: number }
  /** It ends then without a call. */
  | { status: 'ends'; at: number; ends: Ending }
  /** Somebody has to do something. */
  | { status: 'stuck'; because: DialBlock }

/** One call, why it was allowed, and what followed from it. */
export interface ExplainedAttempt {
  ref: string
  attempt: number
  /** As it is kept; absent for a live one. */
  call?: CallRecord
  /** What was decided before it: the versions of the rules, what each said, the zone. Absent when no log has it any more. */
  decision?: DialRecord
  /** What the clocks of the called person showed: `2027-01-04T09:03-05:00`, and in which zone. */
  localTime?: string
  zone?: string
  /** What followed: another call from `at` on, or the end. Absent while it is live, or when no log has it any more. */
  followed?: { status: 'again'; at?: number } | { status: 'ended'; ends: Ending }
  detail: string
}

/** Something that was decided about a contact without calling it, from the log. */
export interface RecordedDecision {
  at: number
  /** `refused` at the fence, or `returned` by the rules before it. */
  kind: 'refused' | 'returned'
  /** Limit keys, `list:NAME`, names of rules. */
  reasons: readonly string[]
  until?: number
}
