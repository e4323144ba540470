import type { Attempt, CarrierEvent, Timer } from '@outdial/core'
import type { Party } from '../ledger/ledger.js'
import type { CallScript, ReportableOutcome } from './outcomes.js'

/** A call at the carrier. */
export interface Call {
  readonly party: Party & { callId: string }
  /** See `chanceOf`. */
  readonly chance: number
  readonly placedAt: number
  state: 'queued' | 'dialing' | 'ringing' | 'answered' | 'ended'
  /** When it came into its state, by the wall clock. */
  since: number
  /** What only a live call needs; let go at its end, because calls are remembered for a day. */
  live: LiveCall | undefined
  end: CallEnd | undefined
}

/** The part of a call that ends with it. */
export interface LiveCall {
  readonly attempt: Attempt
  readonly script: CallScript
  /** How long it waits at the carrier before it is dialed, in milliseconds. */
  readonly queued: number
  /** How it ends if nobody interferes. */
  endsAs: ReportableOutcome
  /** On the monotonic clock; set by the answer. */
  answeredAt: number
  /** How long will be talked, in milliseconds; set by the answer. */
  talk: number
  /** The next step, unless the call is instant. */
  timer: Timer | undefined
  /** An event that is to arrive after the next one. */
  overtaken: CarrierEvent | undefined
}

/** How a call ended. */
interface CallEnd {
  outcome: ReportableOutcome
  /** Talked, in milliseconds. */
  duration: number
  cost: number
  raw: NonNullable<CarrierEvent['raw']>
}

/** Whose call an attempt is, for the ledger. */
export function partyOf({ ref, to, from, organization }: Pick<Attempt, 'ref' | 'to' | 'from' | 'organization'>): Party {
  return { ref, to, from, organization }
}

/** The call as an event of a type, at the time at which it came into its state. */
export function eventOf(call: Call, type: CarrierEvent['type']): CarrierEvent {
  const { ref, callId } = call.party
  const at = call.since
  if (!call.end) return { ref, type, callId, at }
  const { outcome, duration, cost, raw } = call.end
  return { ref, type, callId, at, outcome, duration, cost, raw }
}
