import type { Counts, JobRecord, Terminal } from './storage-jobs.js'

export interface Page<T> {
  items: T[]
  /** Give it back to get the next page; absent on the last. Opaque. */
  cursor?: string
}

export interface JobQuery {
  organization?: string
  states?: readonly string[]
  cursor?: string
  max: number
}

/** Where a task is, as the store knows it. */
export type TaskPlace = 'fresh' | 'deferred' | 'claimed' | 'active' | 'unknown' | Terminal

export interface TaskQuery {
  places?: readonly TaskPlace[]
  cursor?: string
  max: number
}

export interface TaskRecord {
  jobId: string
  index: number
  place: TaskPlace
  /** With a terminal place. */
  reason?: string
  /** With `deferred`. */
  waitUntil?: number
  /** Fenced so far. */
  attempts: number
  /** Absent once redacted. */
  payload?: string
  memo?: string
  lane: number
  /** Of the live attempt, if there is one. */
  ref?: string
  /** Results of the closed attempts, oldest first. */
  results: readonly string[]
}

/** An entry of a job's event log. `seq` goes up by one. */
export interface StoredEvent {
  seq: number
  at: number
  data: StoredEventData
}

export type StoredEventData =
  | { type: 'job'; state: string; reason?: string; revision: number }
  | { type: 'changed'; revision: number; note?: string }
  | { type: 'added'; first: number; count: number; key: string }
  | { type: 'claimed'; indexes: readonly number[] }
  | { type: 'returned'; index: number; waitUntil: number; reasons?: readonly string[] }
  | { type: 'fenced'; index: number; ref: string; choice: number; startAt: number; memo: string }
  | { type: 'refused'; index: number; reasons: readonly string[]; retryAt: number }
  | { type: 'progress'; index: number; ref: string; state: string }
  | { type: 'closed'; index: number; ref: string; placed: boolean; outcome: string; result: string; waitUntil?: number }
  | { type: 'note'; index: number; ref: string; id: string; data: string }
  | { type: 'ended'; index: number; terminal: Terminal; reason: string }
  /** Every task that was waiting, at once. */
  | { type: 'swept'; count: number; terminal: Terminal; reason: string }

export type EventPage =
  | { status: 'ok'; events: StoredEvent[]; last: number }
  /** Events up to `oldest - 1` are gone: read the state (`job`, a snapshot as of event `last`) and go on after `last`. */
  | { status: 'trimmed'; oldest: number; last: number; job: JobRecord }

/** What a count from the ground truth gives; equal to the job's counters at every moment, or the store is broken. */
export interface Recount {
  counts: Counts
  outcomes: Readonly<Record<string, number>>
  reasons: Readonly<Record<string, number>>
  /** What the job's claims and live attempts hold, by key. */
  holds: Readonly<Record<string, number>>
}

/** Entries of the ledger that somebody has been handed. Those whose task was redacted have no `data` any more: an empty text. */
export interface LedgerPage {
  /** Give it back when all of them are safe; opaque. Absent: there was nothing to hand out. */
  page?: string
  entries: readonly { jobId: string; index: number; data: string }[]
}
