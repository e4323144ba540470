import type { CallState } from '../lifecycle/call.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { DialRecord } from '../policy/decide.js'

/**
 * Where the host keeps its record of every attempt, for as long as a law or a contract asks: a file, a table, a queue. It is handed each
 * entry at least once, in order within an organization but for what it had refused before.
 */
export interface LedgerSink {
  /**
   * Keeps these entries. Resolves when they are safe, for then they are forgotten here; rejects, and they are handed over again. An
   * entry that it has already, by `id`, is the same entry.
   */
  append(entries: readonly AttemptEntry[]): Promise<void>
  /** Removes who somebody is from what is kept, at their request; see `engine.erase`. Default: nobody tells it. */
  erase?(person: ErasedPerson): Promise<void>
}

/** Whose data are to be removed. */
export interface ErasedPerson {
  organization: string
  /** E.164 numbers. */
  phones: readonly string[]
  externalId?: string
}

/**
 * What is kept of an attempt. Times in milliseconds since the epoch, durations in milliseconds, money as in the call's record.
 *
 * `ended`: the attempt is over, whatever came of it, also when it was not placed. `corrected`: something came to light afterwards; the
 * entry says all that is known then. `reported`: what an agent said of it, during the call or after.
 */
export interface AttemptEntry {
  /** For ever the same for the same fact: the ref, and what tells apart what is known later: `REF#1`. */
  id: string
  kind: 'ended' | 'corrected' | 'reported'
  ref: string
  /** From 1. */
  attempt: number
  organization: string
  jobId: string
  /** The job's name. */
  campaign: string
  /** Of the contact in its job. */
  index: number
  externalId?: string
  /** Calling number. Absent in what is reported of a call that is not over. */
  from?: string
  /** Called number. */
  to?: string
  state?: CallState
  /** False on proof that it never was placed. */
  placed?: boolean
  fencedAt?: number
  answeredAt?: number
  endedAt?: number
  duration?: number
  outcome?: Outcome
  /** What the carrier said that it cost, in its unit. */
  cost?: number
  /** What it was booked at, where its campaign knows rates: in the account's smallest unit. */
  booked?: number
  /** The carrier's id of it. */
  callId?: string
  /** The carrier's own words. */
  raw?: Readonly<Record<string, string | number>>
  /** With `ended`: why it was allowed, by which version of the rules. */
  decision?: DialRecord
  /** With `reported`: the host's word for what the agent learned, and all of the report. */
  disposition?: string
  report?: Readonly<Record<string, unknown>>
  /** With `corrected` and `reported`: when it became known. */
  knownAt?: number
}
