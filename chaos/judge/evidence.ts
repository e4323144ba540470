import type { JobRecord, LedgerEntry, Recount, StoredEvent, TaskRecord } from 'outdial'

/** What may have gone wrong: the columns of the result, and what has no column. */
export type Wrong = 'lost' | 'duplicate' | 'unknown' | 'limit' | 'policy' | 'counters' | 'events'

/** Says that something went wrong. */
export type Complain = (wrong: Wrong, message: string) => void

/** A limit as it was in force. Where it was changed, the old and the new one overlap by the time the change took. */
export interface LimitInForce {
  /** A job's id, or `all`. */
  of: string
  concurrency?: number
  cps?: number
  burst?: number
  /** So many calls to one person … */
  calls?: number
  /** … in any window of so many milliseconds. */
  within?: number
  /** What may be spent. */
  money?: number
  /** Milliseconds for which somebody who has answered is left alone. */
  rest?: number
  since: number
  until?: number
}

/** What calls are about money, in the account's smallest unit. */
export interface Prices {
  /** So much a call may cost at most, by the rates that the engine has. */
  readonly worst: number
  /** So much the carrier takes for a call that is answered; the others cost nothing. */
  readonly cost: number
}

/** From an instant on, certain calls must not be placed any more. */
export interface Stop {
  what: string
  /** Job id, and numbers if it is about some only. */
  jobId?: string
  numbers?: ReadonlySet<string>
  /** When it was acknowledged. */
  since: number
  /** When it was asked to be lifted. */
  until?: number
}

/** One job as the store has it in the end. */
export interface JobEvidence {
  /** How many people it was given. */
  expected: number
  record: JobRecord
  recount: Recount
  tasks: readonly TaskRecord[]
  events: readonly StoredEvent[]
}

/** All that a judgement is based on. */
export interface Evidence {
  /** Of the carrier, in the order in which it happened. */
  ledger: readonly LedgerEntry[]
  jobs: readonly JobEvidence[]
  limits: readonly LimitInForce[]
  stops: readonly Stop[]
  /** Absent: nobody knows what calls cost. */
  prices?: Prices
  /** Outcomes after which somebody may be called again. */
  retried: readonly string[]
  /** Whether the store's clock is the carrier's, so that their times can be compared. */
  sameClock: boolean
  /** Why the scenario could not go on, if it could not. */
  stuck: readonly string[]
}

/** A granted start may be used so long, and takes so long to the carrier on a busy machine. */
export const START_WITHIN = 2_000
/** See {@link START_WITHIN}. */
export const TRANSIT = 1_000
