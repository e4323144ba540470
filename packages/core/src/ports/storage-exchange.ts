import type { Next } from './storage-jobs.js'
import type { Enlisting, Hold, ListCheck } from './storage-limits.js'

/**
 * One round trip of a channel. It does its parts in this order: what is due by the store's clock (timers, expired
 * leases), reports, fences, claims. Everything in one atomic step.
 *
 * `seq` goes up by one per exchange of a channel. The last one repeated is answered with the same reply and changes
 * nothing; a lower one, or a gap, is `sequence_broken`. A channel never has two exchanges under way.
 */
export interface Exchange {
  channel: string
  seq: number
  reports: readonly Report[]
  fences: readonly Fence[]
  claims: readonly ClaimRequest[]
  /**
   * All of it counts, and is answered, only once it survives a crash of the store: fences (the dial barrier), and whom reports put on
   * lists. Default: false. Refused by stores that cannot: `not_durable`.
   */
  durable?: boolean
}

/** Asks for up to `max` tasks of a route, leased for `leaseMs`. */
export interface ClaimRequest {
  route: string
  max: number
  leaseMs: number
}

export interface ExchangeReply {
  /** The store's time; never goes back. */
  now: number
  /** One per report, in order: whether it changed anything. `stale`: the attempt is not live, or the rank is not higher. */
  reports: readonly ('applied' | 'stale')[]
  fences: readonly Fenced[]
  claims: readonly ClaimedGroup[]
  /** Jobs whose phase or revision changed in this exchange. */
  jobs: readonly { id: string; state: string; reason?: string; revision: number }[]
  /** The earliest time at which something may become claimable that is not now; `Infinity` when only an event can. */
  wakeAt: number
}

/** Claims of one job. A claim is a reservation, not an intent: when its lease ends it is given back unburned. */
export interface ClaimedGroup {
  jobId: string
  /** The route it was asked for. */
  route: string
  /** Of the job, so that a worker knows whether the spec it has is the current one. */
  revision: number
  leaseUntil: number
  tasks: readonly ClaimedTask[]
}

export interface ClaimedTask {
  claim: string
  index: number
  /** Attempts fenced so far. */
  attempts: number
  payload: string
  memo?: string
}

/** The second half of a claim, right before the dial: from here on a crash leaves an attempt, not a waiting task. */
export interface Fence {
  claim: string
  /** Taken besides the job's own slots and rates: caps, money. All or nothing. */
  all: readonly Hold[]
  /** Ranked alternatives, e.g. caller ids: the first whose holds are all admitted is taken. Empty: none needed. */
  anyOf: readonly (readonly Hold[])[]
  /** Suppression and cool-downs: listed at the time of the start, or the list too old, refuses. */
  absent: readonly ListCheck[]
  /**
   * End of the window or expiry; `startBy` never passes it, nor the job's expiry, nor the end of its lane's interval.
   * `Infinity`: none.
   */
  until: number
  /** Somebody looks at the attempt this many milliseconds after `startBy`, unless a report says otherwise. */
  checkAfter: number
  /** Opaque state of the attempt, kept with it. */
  memo: string
}

export type Fenced =
  | {
      status: 'fenced'
      /** `job:index:attempt:nonce` */
      ref: string
      attempt: number
      /** Which of `anyOf` was taken; -1 if none was asked for. */
      choice: number
      /** Start at this store time, not before … */
      startAt: number
      /** … and not after this, on the worker's monotonic clock measured from the reply. Late means not sent. */
      startBy: number
    }
  | {
      status: 'refused'
      /**
       * Every key, list or condition that said no: limit keys, `list:NAME`, `list_stale:NAME`, the state of a job that may
       * not dial, `until`, and `lane` when the task's lane is closed at the time of the start.
       *
       * Or `changed` alone: the job's spec was changed after the claim, so that the fence was decided by rules that are not in force any
       * more. The claim is never fenced; whoever holds it gives it back.
       */
      reasons: readonly string[]
      /**
       * When it may be worth trying again: the latest that any of the reasons gives, the end of a list's member among them.
       * The claim is still held until its lease ends.
       */
      retryAt: number
    }
  /** The claim is gone: its lease ended, or it was fenced before. */
  | { status: 'gone' }

/** What a worker tells. Each is applied at most once. */
export type Report =
  /** Gives a claim back, or ends its task without a call. */
  | { kind: 'return'; claim: string; next: Next }
  /** Evidence that an attempt has got further. Applied if `rank` is higher, or equal while the attempt is unknown. */
  | {
      kind: 'progress'
      ref: string
      rank: number
      /** Name of the state, for the event log and counters: `unknown` counts as unknown, all others as active. */
      state: string
      memo?: string
      /** The other side's id of it, once known. */
      callId?: string
      /** Moves the time at which somebody looks at it. */
      checkAt?: number
    }
  /** An attempt became uncertain. Applied if it is live; its rank stays. */
  | { kind: 'doubt'; ref: string; memo?: string; checkAt: number }
  /**
   * The attempt is over: its holds are released and `next` happens to its task. `placed: false` (proof that nothing was
   * placed) gives caps and money back too. A swept job's task ends as the sweep says instead of waiting.
   */
  | {
      kind: 'close'
      ref: string
      placed: boolean
      /** Counted under the job's outcomes, unless empty. */
      outcome: string
      /** Kept as the task's result of this attempt. */
      result: string
      next: Next
      /** Money spent, in the unit of the money holds; the rest of the hold is given back. */
      spent?: number
      /**
       * Of the notes with a memo, how many its sender knows of (`LiveRecord.notes`). The attempt has had more: `stale`, it
       * stays live, and whoever closes it loads it again, since they may change what its task does next. Default 0.
       */
      heard?: number
      /** Puts people on lists in the same step: who opted out, who is to be left alone for a while. */
      enlist?: readonly Enlisting[]
      /** An entry for the ledger, kept as it is until it is acknowledged; see `Storage.takeLedger`. */
      ledger?: string
    }
  /**
   * Something learned about an attempt, also after it closed. Applied once per `id`. `spent` corrects what was spent
   * under money keys, up or down; `amend` replaces the result at a position of the task's results. `memo` becomes that of the
   * attempt, which is live then, or the note is `stale` and not kept; no close goes by that has not heard of it.
   */
  | {
      kind: 'note'
      ref: string
      id: string
      data: string
      spent?: readonly Hold[]
      amend?: { position: number; result: string }
      memo?: string
      /** As with `close`. */
      enlist?: readonly Enlisting[]
      ledger?: string
    }
  /**
   * A call the store knows nothing of (it came back older than it was). Freezes its task as an unknown live attempt with
   * this ref, whatever the limits say. `stale` if the task has ended or has that attempt.
   */
  | { kind: 'adopt'; ref: string; rank: number; memo: string; checkAt: number }

/** A live attempt. */
export interface LiveRecord {
  ref: string
  jobId: string
  index: number
  attempt: number
  revision: number
  rank: number
  state: string
  unknown: boolean
  choice: number
  startBy: number
  fencedAt: number
  checkAt: number
  callId?: string
  /** When it got into its state. */
  since: number
  memo: string
  /** Notes that have changed its memo. Absent: none. */
  notes?: number
  payload: string
}
