import type { CallState } from '../lifecycle/call.js'
import type { JobState } from '../lifecycle/job.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { Resource, ResourceError } from '../ports/resources.js'
import type { Terminal } from '../ports/storage-jobs.js'

/** A contact of a job, as events and carriers see it. */
export interface CallTask<Variables = Record<string, unknown>> {
  readonly jobId: string
  readonly organization: string
  /** Position in the job, from 0; for ever the same. */
  readonly index: number
  /** E.164 */
  readonly phone: string
  readonly variables: Variables
  readonly externalId?: string
  /** Data row of the file it came from, from 1. */
  readonly row?: number
}

/** One attempt to reach a contact. Times in milliseconds since the epoch, durations in milliseconds. */
export interface Call {
  readonly ref: string
  /** From 1. */
  readonly attempt: number
  readonly from: string
  readonly to: string
  readonly state: CallState
  /** The carrier's id of it, once known. */
  readonly callId?: string
  readonly fencedAt: number
  readonly answeredAt?: number
  readonly endedAt?: number
  /** What came of it, once it has ended. */
  readonly outcome?: Outcome
  /** False on proof that it never was placed. */
  readonly placed?: boolean
  readonly duration?: number
  readonly cost?: number
  /** What it is booked at, in the account's smallest unit, with fractions; where the engine has rates. */
  readonly booked?: number
  /** The carrier's own words. */
  readonly raw?: Readonly<Record<string, string | number>>
}

/** An item of an operations job. */
export interface OperationTask {
  readonly jobId: string
  readonly organization: string
  readonly index: number
  readonly type: string
  readonly method: 'create' | 'update' | 'delete'
  /** For update and delete: which resource. */
  readonly entry?: string
  /** What the host said of the entry. */
  readonly facts?: Readonly<Record<string, unknown>>
  /** For create and update: what to set; the job's `secrets` are not shown. */
  readonly data?: Readonly<Record<string, unknown>>
}

/** What became of one attempt of an operation. */
export interface Operation {
  readonly ref: string
  readonly attempt: number
  readonly status: 'done' | 'failed' | 'unknown'
  /** With updates and deletions: the resource as it was before anything was asked, unless the job keeps none. */
  readonly before?: Resource
  readonly resource?: Resource
  readonly errors?: readonly ResourceError[]
}

/**
 * What an engine tells of in its own process: the transitions that it made itself. For those of all processes, in order and
 * from any point, read `job.log()`. Each event comes after the change is stored, once.
 */
export interface EngineEvents<Variables = Record<string, unknown>> {
  /** A job and its first tasks are stored. Not sent for a replay. */
  'job.created': { jobId: string; state: JobState; accepted: number }
  /** A job is in another state, for whatever reason. */
  'job.changed': { jobId: string; state: JobState; reason?: string }
  /** A job has reached a final state. */
  'job.ended': { jobId: string; state: JobState; reason?: string }
  /** A contact could not be dialed now and waits. */
  'task.deferred': { task: CallTask<Variables>; until: number; reasons: readonly string[] }
  /** A contact will be called again. */
  'task.retrying': { task: CallTask<Variables>; at: number; outcome: Outcome; reason: string }
  /** A contact has reached a final state. */
  'task.ended': { task: CallTask<Variables>; state: Terminal; reason: string }
  /** The call is recorded and about to be placed. */
  'call.fenced': { task: CallTask<Variables>; call: Call }
  /** The carrier has accepted it. */
  'call.queued': { task: CallTask<Variables>; call: Call }
  'call.ringing': { task: CallTask<Variables>; call: Call }
  'call.answered': { task: CallTask<Variables>; call: Call }
  /** It is over, or proven never to have been placed (`call.placed` is false). */
  'call.ended': { task: CallTask<Variables>; call: Call }
  /** Nobody can say what became of it; it keeps its slot until somebody can. */
  'call.unknown': { task: CallTask<Variables>; call: Call; message?: string }
  /** Something about a call came to light after its end: outcome, duration, cost, what it is booked at. The task is not changed. */
  'call.corrected': {
    ref: string
    jobId: string
    index: number
    outcome?: Outcome
    duration?: number
    cost?: number
    booked?: number
  }
  /** What the agent reported. */
  'call.reported': { ref: string; jobId: string; index: number; disposition: Readonly<Record<string, unknown>> }
  /** A carrier's event named a call that the store does not know; its task is frozen as unknown if it was about to be called. */
  'call.orphaned': { ref: string; adopted: boolean }
  /** What an ended job has spent is booked on its account, and the rest of what was set aside given back. */
  'job.settled': { jobId: string; account: string; amount: number }
  /** An account could not be asked; the engine tries again. */
  'account.failed': { jobId: string; error: unknown; retryIn: number }
  /** A number is closed for all campaigns of its organization: its calls were blocked, or somebody has closed it. */
  'callerId.closed': { organization: string; number: string; until: number; reason: 'quarantined' | 'closed' }
  /** Somebody has opened a number; one that opens because its time is over is not told of. */
  'callerId.opened': { organization: string; number: string }
  /**
   * This process has found a route broken (`open`) or working again (`closed`), or a number on it (`callerId`), which is closed
   * until the next probe. `calls` and `failed`: what it was judged by.
   */
  'breaker.changed': {
    route: string
    state: 'open' | 'closed'
    organization?: string
    callerId?: string
    until?: number
    calls?: number
    failed?: number
  }
  'operation.ended': { task: OperationTask; operation: Operation }
  'operation.unknown': { task: OperationTask; ref: string; message?: string }
  'operation.task.ended': { task: OperationTask; state: Terminal; reason: string }
  /** The carrier's or back end's own trouble: refused credentials, a lookup that throws. The contact is not blamed. */
  'carrier.failed': { route: string; reason: string; message: string; ref?: string }
  /** The store could not be reached or refused; the engine goes on trying. */
  'storage.failed': { error: unknown; retryIn: number }
  /** The host's ledger has refused entries, or lost the way; they are handed to it again. */
  'ledger.failed': { error: unknown; entries: number; retryIn: number }
  /** Something in the engine itself threw, because of what an adapter or the host's rates said or of what is stored; everything else goes on. */
  'engine.failed': { error: unknown }
  /** One of the host's listeners threw or rejected. Nothing else is affected. */
  'listener.failed': { event: string; error: unknown }
}

export type EngineEvent = keyof EngineEvents
