import type { Limit } from './storage-limits.js'

/** A job as the engine hands it to the store. */
export interface NewJob {
  id: string
  organization: string
  route: string
  /** Opaque definition: kind, name, options, policy. */
  spec: string
  idempotencyKey?: string
  /** Says whether two requests with the same key are the same request. */
  fingerprint?: string
  /** Share among backlogged jobs of the organization, and of the organization among others; greater than 0. */
  weight: number
  organizationWeight: number
  /** What every claim of the job passes, most specific first. */
  gates: readonly Gate[]
  /** Limits to set together with the job (keys of this job, usually). */
  limits: readonly Limit[]
  /** Tasks with the same key are duplicates. Otherwise keys are ignored. */
  dedupe: boolean
  /**
   * While tasks that were never claimed and tasks that are due again both wait in a lane, this share of the claims, from 0
   * to 1, goes to those never claimed, evenly mixed: of any `n` claims in a row, `n × freshShare` are, to within 1. Whatever
   * was put off counts as due again, claimed before or not. Absent: those due again come first.
   */
  freshShare?: number
  phase: Phase
  timers: Timers
}

/**
 * A pair of limits that every call of a job passes: a claim holds one of `slots` until its call has ended or it is given
 * back, a fence takes one start of `rate`. `blocks` says who waits when one of them is exhausted: this job, all jobs of
 * its organization, or all of its route; so that what is blocked is set aside once and costs nothing.
 */
export interface Gate {
  blocks: 'job' | 'organization' | 'route'
  slots: string
  rate: string
}

/**
 * What a store needs to know of a job's lifecycle state, as data. `state` is the name users see; the rest is mechanical.
 * The engine derives it from the table of the job's lifecycle.
 */
export interface Phase {
  state: string
  reason?: string
  /** Whether tasks may be claimed and fenced. A claim held while this turns false is refused at its fence. */
  dialable: boolean
  /** Phase to enter with the first claim. */
  onClaim?: Phase
  /** Phase to enter when no task is open any more (waiting, claimed, live) and no batch is open. Sets `endedAt`. */
  onDrained?: Phase
}

/** What happens by the store's clock, in the first exchange (or control) at or after the time. */
export interface Timers {
  start?: { at: number; phase: Phase }
  expiry?: { at: number; phase: Phase; sweep: Sweep }
}

/** Ends every waiting task of a job at once, and every claimed one that is given back. Live ones end by their own calls. */
export interface Sweep {
  terminal: Terminal
  reason: string
}

/** The terminal states of a task. */
export const TERMINALS = ['succeeded', 'failed', 'skipped', 'canceled', 'expired'] as const
/** See {@link TERMINALS}. */
export type Terminal = (typeof TERMINALS)[number]

/** A change of a job. All parts given happen in one atomic step; each state change is one event. */
export interface Change {
  phase?: Phase
  /** Replaces both timers. */
  timers?: Timers
  sweep?: Sweep
  /** What is claimed is decided by the spec: claims made before this are refused at their fence, as `changed`. */
  spec?: string
  weight?: number
  /** As in {@link NewJob}; `null`: those due again first. */
  freshShare?: number | null
  limits?: readonly Limit[]
  lanes?: readonly LaneUpdate[]
  /**
   * What happens to one task that is waiting; claimed or live: `task_busy`, ended: `task_ended`, both changing nothing. When the task
   * has had the note of `unlessNoted`, the whole change is left out, and the job answered as it is.
   */
  task?: { index: number; next: Next; unlessNoted?: NoteName }
  /** An entry for the event log, kept as it is. */
  note?: string
}

/** A report of the kind `note`: of which attempt it is, and its id there. */
export interface NoteName {
  ref: string
  id: string
}

/** What a task does after it was given back or its attempt closed. */
export type Next =
  | {
      /** Waits until this instant; 0: at once. */
      waitUntil: number
      /** Opaque state of the task for the next claim. Absent: as it was. */
      memo?: string
      /** Why it waits, for the event log. */
      reasons?: readonly string[]
    }
  | { terminal: Terminal; reason: string; memo?: string }

/**
 * A lane: the tasks of a job that share a class (time zone, priority). `open` lists absolute intervals
 * `[from, until, from, until, …]` in which they may be claimed, ascending; a time in none of them means closed.
 * `null`: always open. A closed lane costs nothing and makes no event per task.
 */
export interface LaneUpdate {
  lane: number
  /** The class, opaque; given once when the lane is made. */
  name: string
  /** Higher first. */
  priority: number
  open: readonly number[] | null
}

/** A job as the store keeps it. */
export interface JobRecord {
  id: string
  organization: string
  route: string
  spec: string
  idempotencyKey?: string
  weight: number
  gates: readonly Gate[]
  /** As in {@link NewJob}. */
  freshShare?: number
  phase: Phase
  timers: Timers
  sweep?: Sweep
  /** Goes up with every `control`, every seal and every change of phase. */
  revision: number
  createdAt: number
  startedAt?: number
  endedAt?: number
  lanes: readonly LaneUpdate[]
  counts: Counts
  /** Calls ended, by outcome label. */
  outcomes: Readonly<Record<string, number>>
  /** Tasks ended, by `terminal/reason`. */
  reasons: Readonly<Record<string, number>>
  /** Calls fenced, and those of them that may have been placed. */
  fenced: number
  placed: number
  /** Earliest instant at which a waiting task is due, if none is due now. */
  nextDue?: number
  /** Memos of the sealed batches, in order. */
  batches: readonly { key: string; memo: string }[]
  /** Sequence number of its last event. */
  lastEvent: number
}

/** Tasks by where they are. `total` is the sum of all others. */
export interface Counts extends Record<Terminal, number> {
  total: number
  /** Waiting for their first claim. */
  fresh: number
  /** Given back or to be retried, due or not. */
  deferred: number
  claimed: number
  active: number
  unknown: number
}

export interface CreatedJob {
  job: JobRecord
  /** The job was there already. It may still lack its first batch. */
  replayed: boolean
  /** Whether its first batch has been sealed. */
  sealed: boolean
}
