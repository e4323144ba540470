import type { Carrier, Clock, WebhookRequest } from '@outdial/core'

/** What the kit needs to know of a carrier adapter to try it. What it can do is not said here: the kit reads its `capabilities`. */
export interface CarrierHarness {
  /** Name of the adapter, for the report. */
  readonly name: string
  /**
   * How the adapter waits. `given`: on the clock that `create` is handed, which the kit then moves. `own`: in real time; make
   * its deadlines short, a second or less, or the kit takes minutes.
   */
  readonly clock: 'given' | 'own'
  /** Makes an adapter and the service that it talks to; called for every rule. */
  create(clock: Clock): Promise<CarrierUnderTest>
}

/** One adapter, with the service behind it. */
export interface CarrierUnderTest {
  readonly carrier: Carrier
  /** The same account in another process, which knows nothing of the calls of the first. */
  second(): Promise<Carrier>
  readonly service: CarrierService
  /** Texts that must never be seen: keys, tokens, passwords. */
  readonly secrets: readonly string[]
  /** The adapter as it would be with a key that the service refuses. Absent: it has no key. */
  wrongKey?(): Promise<Carrier>
  /** Called after the rule, whatever came of it. */
  destroy(): Promise<void>
}

/** What a request to place a call meets. */
export type Weather =
  /** The call is placed, and the answer says so. */
  | 'fair'
  /** The answer says that this number cannot be called; no call is placed. */
  | 'contact'
  /** The answer says that the account, or how the call was asked for, is wrong. */
  | 'configuration'
  | 'account'
  /** Too many requests, with a `Retry-After` of seven seconds where the service has one. No call is placed. */
  | 'throttled'
  /** An error of the service's own (500) that says nothing of the call; it is placed or not, as `placed` says. */
  | { readonly fault: 'error'; readonly placed: boolean }
  /** No answer, for longer than the adapter waits. */
  | { readonly fault: 'silence'; readonly placed: boolean }
  /** The connection is reset when the request was read. */
  | { readonly fault: 'reset'; readonly placed: boolean }
  /** The connection is reset, or refused, before anything was read. */
  | { readonly fault: 'refused' }
  /** An answer of 2xx that is not what the service documents: text, an empty body, no id. The call is placed. */
  | { readonly fault: 'nonsense'; readonly placed: true }

/** A call that the service was asked for, as its own ledger has it. */
export interface PlacedCall {
  /** The service's id. */
  readonly callId: string
  readonly to: string
  readonly from: string
  /** What the adapter gave along to know it again. */
  readonly ref: string
}

/** How a call ended. */
export type Ending =
  | 'completed'
  | 'busy'
  | 'no_answer'
  | 'invalid_number'
  | 'rejected'
  | 'voicemail'
  | 'network_error'
  | 'canceled'

/**
 * The service that an adapter talks to, or a stand-in that answers as its documentation says. It keeps a ledger of its own,
 * which is the judge.
 */
export interface CarrierService {
  /** What the next request to place a call meets; after that it is fair again. */
  next(weather: Weather): void
  /** What the next request to look a call up meets; after that it is fair again. */
  nextLookup(weather: 'fair' | 'throttled' | 'error' | 'silence' | 'account'): void
  /** Every call that was placed. */
  calls(): readonly PlacedCall[]
  /** How many requests to place a call were read, whatever came of them. */
  asked(): number
  /** Has a call go on. Answers the webhooks that the service sends of it, which nobody has delivered; none for a carrier that pushes. */
  ring(callId: string): Promise<readonly WebhookRequest[]>
  answer(callId: string, by?: 'person' | 'machine'): Promise<readonly WebhookRequest[]>
  /** Ends a call. What this service cannot say answers `undefined`. */
  end(callId: string, how: Ending): Promise<readonly WebhookRequest[] | undefined>
  /** Whether the service still has the call as live. */
  live(callId: string): boolean
  /** A webhook as a stranger would send it: of this one, but signed with another key, or changed after it was signed. */
  forged(webhook: WebhookRequest, how: 'unsigned' | 'other key' | 'changed' | 'old'): WebhookRequest | undefined
}
