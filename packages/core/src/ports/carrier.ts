import type { Outcome } from '../lifecycle/outcome.js'
import type { AccountProblem } from './account-problem.js'
import type { Clock } from './clock.js'

/**
 * What a carrier can do, as data: the engine reads it and the conformance kit proves it.
 */
export interface CarrierCapabilities {
  /**
   * What a second `place` with the same `ref` does. `none`: it may call again, so the engine never repeats it.
   * `{ window }`: for so many milliseconds after the first it returns the first call. `durable`: always.
   */
  idempotency: 'none' | 'durable' | { window: number }
  /**
   * Whether a call can be looked up by the engine's `ref`, and how long after its `place` it may still be invisible
   * (`visibilityLag`) or be asked about (`horizon`), both in milliseconds. `false`: an unknown call stays unknown until its deadline.
   */
  lookup: false | { visibilityLag: number; horizon: number }
  /** Whether `hangup` is there. Without it "cancel, hang up" is refused. */
  hangup: boolean
  /** Whether the carrier tells people from machines. Without it, no call ends as `voicemail`. */
  amd: boolean
  /** Longest call the carrier allows, in milliseconds; the job's maximum is checked against it. */
  maxDuration?: number
  /**
   * The account's smallest units in one unit of the costs that its events tell: 100 for a carrier that tells dollars where cents
   * are counted. Absent: 1. A host's rates may say otherwise.
   */
  costUnit?: number
  /** Calls per second the carrier accepts; becomes the route's default pace. Absent: the engine sets none. */
  cps?: number
}

/** Everything a carrier needs to place one call. `ref` must come back in every event of the call. */
export interface Attempt<Variables = Record<string, unknown>> {
  /** Identifies this attempt for ever: `job:index:attempt:nonce`. Put it into whatever the carrier echoes (callback URL, client state, tag). */
  readonly ref: string
  /** From 1; every fenced attempt of the task counts, also those that never were placed. */
  readonly attempt: number
  readonly organization: string
  readonly jobId: string
  readonly to: string
  readonly from: string
  /** Who or what talks when a person answers; the host's own reference. */
  readonly agent?: string
  readonly variables: Variables
  readonly externalId?: string
  /** Ring at most so long, in milliseconds. */
  readonly ringTimeout: number
  /** Hang up after so long, in milliseconds. */
  readonly maxDuration: number
  /**
   * Whether the call may still be started. Ask it synchronously right before the request is written, after everything
   * that can wait (name resolution, tokens, a free connection); when it says no, write nothing and answer `notSent`.
   */
  startable(): boolean
}

/**
 * What became of a `place`. The difference between `rejected`, `notSent` and `unknown` is the difference between a
 * retry and a person called twice: answer `rejected` only when the carrier said no before placing, `notSent` only when no
 * byte of the request can have left, and `unknown` for everything else: time-outs, resets, 5xx. A `place` that throws is `unknown`.
 */
export type Placed =
  | { status: 'accepted'; callId: string; state?: 'queued' | 'ringing' | 'answered' }
  | { status: 'rejected'; reason: Rejection; code?: string; message?: string; retryAfter?: number }
  | { status: 'notSent'; message?: string }
  | { status: 'unknown'; message?: string }

/**
 * Why a carrier refused. `contact`: this number cannot be called (the task ends as `invalid_number`). `throttled` and
 * `unavailable`: the carrier's own trouble, tried again later, no attempt burned. `configuration` and `account`: nothing
 * will work until somebody repairs it, so the job is paused and the task waits.
 */
export type Rejection = 'contact' | 'throttled' | 'unavailable' | 'configuration' | 'account'

/** One thing a carrier says about a call. Events may come twice, late, early and in any order. */
export interface CarrierEvent {
  ref: string
  type: 'queued' | 'ringing' | 'answered' | 'ended'
  /** The carrier's id of the call. */
  callId?: string
  /** When it happened, milliseconds since the epoch. Default: when the engine heard of it. */
  at?: number
  /** With `ended`: what came of it. */
  outcome?: Outcome
  /** With `ended`: time talked, in milliseconds. */
  duration?: number
  /**
   * What the call cost, in units of which one is `capabilities.costUnit` of the account's smallest (cents, say); may come after
   * the end, and again when it is corrected.
   */
  cost?: number
  /** The carrier's own words (SIP code, Q.850 cause, error code), kept beside the outcome and never interpreted. */
  raw?: Readonly<Record<string, string | number>>
}

/**
 * What a carrier knows of a call. `notFound` says that as of `asOf` (carrier time, ms) no such call existed: the engine
 * takes it as proof only when that is later than the last moment at which the request can have arrived and become visible.
 * `cannotTell` for everything else, an error of the lookup itself above all: a refused lookup proves nothing about the call.
 */
export type Lookup =
  | { status: 'found'; event: Omit<CarrierEvent, 'ref'> }
  | { status: 'notFound'; asOf: number }
  | { status: 'cannotTell'; message?: string }

/** A call as `hangup` and `lookup` name it. `callId` is absent when the carrier's answer to `place` was lost. */
export interface CallHandle {
  ref: string
  to: string
  from: string
  callId?: string
  /** When it was fenced, milliseconds since the epoch. */
  fencedAt: number
}

/** How a campaign would call; see `Carrier.check`. */
export interface CarrierUse {
  readonly organization: string
  /** The caller ids, E.164. */
  readonly from: readonly string[]
  readonly agent?: string
}

/** An HTTP request as it arrived, body unread by anyone else, so that signatures can be checked over the exact bytes. */
export interface WebhookRequest {
  method: string
  /** Absolute, as the carrier called it. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: string
}

/**
 * A telephony provider.
 *
 * `Variables` are the contact variables it wants; a job whose schema gives others does not compile against it.
 * All methods may be called concurrently; the engine bounds how many `place` run at once.
 */
export interface Carrier<Variables = Record<string, unknown>> {
  readonly capabilities: Readonly<CarrierCapabilities>
  /** Asks the carrier to call. Called at most once per `ref`. See {@link Placed} for what each answer means. */
  place(attempt: Attempt<Variables>): Promise<Placed>
  /** Present when `capabilities.lookup` is. May be repeated; changes nothing. */
  lookup?(call: CallHandle): Promise<Lookup>
  /**
   * Present when `capabilities.hangup` is. Ends a call, or cancels one that has not been answered. The call's end still
   * comes as an event. A rejection (or `refused`) means that the call may be live; it may be repeated.
   */
  hangup?(call: CallHandle): Promise<'done' | 'gone' | 'refused'>
  /**
   * Turns a webhook into events. Verifies the signature first and throws `webhook_forged` when it does not hold.
   * Absent: the carrier has no webhooks.
   */
  parseWebhook?(request: WebhookRequest): Promise<readonly CarrierEvent[]>
  /**
   * Names of the contact variables that calls of this agent are made of (`undefined`: calls without one). A contact that lacks one
   * is rejected when it is added, by row and column, and not when the phone rings. Throws `invalid_options` with the field
   * `agent` when there is no such agent. Asked for every contact, so it answers at once, the same each time. Absent: none.
   */
  needs?(agent: string | undefined): readonly string[]
  /**
   * What is wrong with the account: a key that is missing or refused, a webhook address that nobody can reach. Asked when
   * the engine starts, which it then refuses, and with `use` before a campaign is created, which is then not: a caller
   * id that is not the account's, an agent that is not there. Rejects when it cannot say, and then nothing is
   * refused. Changes nothing, may be repeated. Absent: nothing is.
   */
  check?(use?: CarrierUse): Promise<readonly AccountProblem[]>
  /**
   * For carriers that push events in this process (a socket, a simulation). Called once when the engine starts; the
   * returned function is called when it stops, after which `emit` is ignored.
   */
  connect?(host: CarrierHost): () => void
}

/** What a carrier gets from the engine that it is connected to. */
export interface CarrierHost {
  /** Takes an event of a call. May be called at any time, from anywhere, also for calls placed by other workers. */
  emit(event: CarrierEvent): void
  /** The engine's clock; a carrier that waits uses it, so that its time-outs hold on a virtual clock too. */
  readonly clock: Clock
}
