import type { Held } from '../limits/holds.js'
import type { Staged } from '../ports/storage-intake.js'
import type { Counts, Gate, Phase, Sweep, Timers } from '../ports/storage-jobs.js'

/** A job as the rules keep it: plain data, changed in place by them and by nobody else. */
export interface JobEntry {
  readonly id: string
  readonly organization: string
  readonly route: string
  spec: string
  idempotencyKey?: string
  fingerprint?: string
  weight: number
  readonly organizationWeight: number
  readonly gates: readonly Gate[]
  readonly dedupe: boolean
  freshShare?: number
  phase: Phase
  timers: Timers
  sweep?: Sweep
  revision: number
  /** The last tag that was given to claims before the spec was changed: what was decided for those was decided by the old one. */
  outdated?: number
  readonly createdAt: number
  startedAt?: number
  endedAt?: number
  lanes: LaneEntry[]
  counts: Counts
  outcomes: Record<string, number>
  reasons: Record<string, number>
  fenced: number
  placed: number
  /** Virtual time in the fair order of its organization: starts divided by weight. */
  turn: number
  lastEvent: number
  /** The last change that was asked for, and the last event after it: repeated, it changes nothing more. */
  told?: { text: string; lastEvent: number }
  /** Sealed batches. The job is visible and claimable once there is one. */
  batches: { key: string; batch: string; first: number; count: number; memo: string }[]
  /** The batch being loaded. Its tasks have indexes from `counts.total` on, which makes them invisible. */
  loading?: LoadingBatch
}

/** A batch between `openBatch` and `seal`. */
export interface LoadingBatch {
  batch: string
  key: string
  touchedAt: number
  accepted: number
  /** Of the last chunk, with its reply, so that a repeated chunk is answered again. */
  seq: number
  reply?: Staged
  lanes: { lane: number; name: string; priority: number; open: readonly number[] | null }[]
  ranges: { lane: number; from: number; until: number }[]
  /** Tasks that may not be claimed before a time. */
  later: LaterTasks
}

/** The deferred tasks of a batch, in the order they came: added one by one, gone through once. An array will do. */
export interface LaterTasks extends Iterable<{ index: number; at: number; lane: number }> {
  push(task: { index: number; at: number; lane: number }): unknown
}

/** Tasks of one class. Fresh ones are not listed anywhere: a cursor runs over their index ranges. */
export interface LaneEntry {
  readonly lane: number
  readonly name: string
  priority: number
  open: readonly number[] | null
  /** `[from, until)` of the indexes of this lane, ascending. */
  ranges: { from: number; until: number }[]
  /** Position of the cursor: range, and next index in it. */
  range: number
  next: number
  /** With a share of fresh tasks: what they are owed, in claims, from 0 to 1. */
  owed?: number
}

/** A live attempt as the rules keep it. */
export interface LiveEntry {
  readonly ref: string
  readonly jobId: string
  readonly index: number
  readonly attempt: number
  rank: number
  state: string
  unknown: boolean
  readonly choice: number
  readonly fencedAt: number
  readonly startBy: number
  checkAt: number
  callId?: string
  /** When it got into its state. */
  since: number
  memo: string
  /** Notes that have changed the memo: a close that knows of fewer is stale. Absent: none. */
  notes?: number
  readonly held: readonly Held[]
}

/** Claims made together: given back together when the lease ends, those that are still claimed by this tag. */
export interface Lease {
  jobId: string
  tag: number
  indexes: readonly number[]
}

/** An organization's place in the fair order of a route. */
export interface OrganizationEntry {
  readonly id: string
  weight: number
  /** Virtual time among the organizations of the route. */
  turn: number
  /** Virtual time of the job served last: a job that comes back does not start behind it. */
  floor: number
}

/** What has been handed out of the ledger. Its entries are numbered from 1, in the order in which they were added. */
export interface LedgerBook {
  /** Number of the last entry that was ever handed out. */
  handed: number
  /** Pages that were handed out and not acknowledged, in the order of their entries. */
  pages: LedgerLease[]
}

/** Entries that somebody was handed. */
export interface LedgerLease {
  readonly page: string
  /** Numbers of the first and the last entry. */
  readonly first: number
  readonly last: number
  readonly leaseUntil: number
}

/** A suppression list without its members. */
export interface ListEntry {
  asOf?: number | undefined
  maxAgeMs?: number | undefined
}
