import type { Attempt, Carrier, Clock, WebhookRequest } from '@outdial/core'

/** What the kit needs to know of a carrier adapter to try it. What it can do is not said here: the kit reads its `capabilities`. */
export interface CarrierHarness {
  /** Name of the adapter, for the report. */
  readonly name: string
  /**
   * How the adapter waits. `given`: on the clock that `create` is handed, which the kit then moves. `own`: in real time; make
   * its deadlines short, a second or less, or the kit takes minutes.
   */
  readonly clock: 'given' | 'own'
  /** Makes an adapter and the service that it talks to, with no call yet; called for every rule. */
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
  /**
   * What the service has to be told beside the number. Default of `from`: `+12025550199`; no agent, no variables. The
   * variables are all that the agent needs.
   */
  readonly call?: Partial<Pick<Attempt, 'from' | 'agent' | 'variables'>>
  /** A caller id that is not the account's, for carriers whose `check` can tell. */
  readonly notOwned?: string
  /** The adapter as it would be with a key that the service refuses. Absent: it has no key. */
  wrongKey?(): Promise<Carrier>
  /**
   * The adapter with one connection, on which calls wait for each other (or with anything else that has a call wait
   * before it is written), and with time enough for the second when the first is not answered. Absent: every call of `carrier` is
   * written at once.
   */
  narrow?(): Promise<Carrier>
  /** Called after the rule, whatever came of it. */
  destroy(): Promise<void>
}

/**
 * What a request to place a call meets. Whatever it is, a request that was read counts as `asked`. A service that has no
 * such answer takes the one next to it.
 */
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

/** What weather is called: its fault, if it is one. */
export type WeatherName = Extract<Weather, string> | Extract<Weather, object>['fault']

/** A call that the service was asked for, as its own ledger has it. */
export interface PlacedCall {
  /** The service's id. */
  readonly callId: string
  readonly to: string
  readonly from: string
  /** What the adapter gave along to know it again. */
  readonly ref: string
  /** How long it rings and lasts at most, in milliseconds, as the service was asked for it. Absent: it cannot be asked for. */
  readonly ringTimeout?: number
  readonly maxDuration?: number
}

/**
 * How a call ended. `completed` and `voicemail`: it was answered, by a person or a machine, and lasted for sixty seconds of
 * talk. `canceled`: by the caller, before anyone answered. All others: nobody answered.
 */
export type Ending =
  | 'completed'
  | 'busy'
  | 'no_answer'
  | 'invalid_number'
  | 'rejected'
  | 'voicemail'
  | 'network_error'
  | 'canceled'

/** Ways in which a webhook is not what the service sent. `old`: signed with the right key, a day ago. */
export type Forgery = 'unsigned' | 'other key' | 'changed' | 'old'

/**
 * The service that an adapter talks to, or a stand-in that answers as its documentation says. It keeps a ledger of its own,
 * which is the judge. A call that was placed rings on until the kit says how it goes on; a search shows it at once.
 */
export interface CarrierService {
  /** What the next request to place a call meets; after that it is fair again. */
  next(weather: Weather): void
  /** What the next request to look a call up meets; after that it is fair again. Of several requests of one look-up it is the first. */
  nextLookup(weather: 'fair' | 'throttled' | 'error' | 'silence' | 'account'): void
  /** What the next request to hang up meets. Absent: the carrier has no `hangup`, or the rule is not tried. */
  nextHangup?(weather: 'error' | 'silence'): void
  /** What the next request of a `check` meets. Absent: the carrier asks nobody, or the rule is not tried. */
  nextCheck?(weather: 'error' | 'silence'): void
  /** `false`: the answer of `throttled` does not say how long to wait. Otherwise it says seven seconds. */
  readonly retryAfter?: false
  /**
   * What the next call that is placed will come to, for services that decide it then; called before `next` and `place`. A
   * service that can have any call end in any way leaves it out.
   */
  plan?(how: Ending): void
  /** Weather that there cannot be, for services without a network. Rules about it are not tried. Default: there is all. */
  readonly without?: readonly WeatherName[]
  /** Every call that was placed. */
  calls(): readonly PlacedCall[]
  /** How many requests to place a call were read, whatever came of them. */
  asked(): number
  /**
   * Has a call go on. Answers the webhooks that the service sends of it, in order, which nobody has delivered; none for a carrier
   * that pushes, of which the kit waits for the event, moving the clock that it gave.
   */
  ring(callId: string): Promise<readonly WebhookRequest[]>
  /** Somebody takes the call: `by` a person unless said otherwise. It was rung before. */
  answer(callId: string, by?: 'person' | 'machine'): Promise<readonly WebhookRequest[]>
  /** Ends a call. It was answered before if `how` is `completed` or `voicemail`. What this service cannot say answers `undefined`. */
  end(callId: string, how: Ending): Promise<readonly WebhookRequest[] | undefined>
  /** Whether the service still has the call as live. */
  live(callId: string): boolean
  /** Has searches miss a call, as they may for a while after it was placed. Asking for it by its id finds it. Absent: there is no such lag. */
  hide?(callId: string): void
  /** A webhook as a stranger would send it: of this one, but signed with another key, or changed after it was signed. `undefined`: signatures have no such thing. */
  forged(webhook: WebhookRequest, how: Forgery): WebhookRequest | undefined
  /** Authentic webhooks that are about nothing that the adapter placed: another call's, another product's. Absent: the rule is not tried. */
  foreign?(): Promise<readonly WebhookRequest[]>
}
