import type { Clock, Resource, ResourceBackend } from '@outdial/core'

/** What the kit needs to know of a resource back end to try it. What it can do is not said here: the kit reads its `capabilities`. */
export interface ResourceHarness {
  /** Name of the back end, for the report. */
  readonly name: string
  /**
   * How the back end waits. `given`: on the clock that `create` is handed, which the kit then moves. `own`: in real time; make
   * its deadlines short, a second or less, or the kit takes minutes.
   */
  readonly clock: 'given' | 'own'
  /** Makes a back end and the service that it talks to, with nothing in it; called for every rule. */
  create(clock: Clock): Promise<ResourcesUnderTest>
}

/** One back end, with the service behind it. */
export interface ResourcesUnderTest {
  readonly backend: ResourceBackend
  /** The same account in another process, which knows nothing of what the first has done. */
  second(): Promise<ResourceBackend>
  readonly service: ResourceService
  /** Texts that must never be seen: keys, tokens, passwords. */
  readonly secrets: readonly string[]
  /** Whose resources these are. Default `acme`. */
  readonly organization?: string
  /** Another organization, where the service keeps them apart. Absent: they share everything. */
  readonly stranger?: string
  /** Data of a resource that can be created, another one for each `n` from 0. */
  data(n: number): Readonly<Record<string, unknown>>
  /** Changes that any resource can be given, which `find` then shows under the same names; others for each `n` from 0. */
  changes(n: number): Readonly<Record<string, unknown>>
  /** A value of a key field that no resource has, and never had. */
  nobody(field: string): string
  /** The back end as it would be with a key that the service refuses. Absent: it has no key. */
  wrongKey?(): Promise<ResourceBackend>
  /**
   * The back end with one connection, on which requests wait for each other, and with time enough for the second when the
   * first is not answered. Absent: every request of `backend` is written at once.
   */
  narrow?(): Promise<ResourceBackend>
  /** Called after the rule, whatever came of it. */
  destroy(): Promise<void>
}

/**
 * What a request to change something meets. Whatever it is, a request that was read counts as `asked`. A service that has
 * no such answer takes the one next to it.
 */
export type ResourceWeather =
  /** It is done, and the answer says so. */
  | 'fair'
  /** The answer says that this item cannot be done, with a code, and with the field at fault where the service names it. Nothing is done. */
  | 'item'
  /** Too many requests, with a `Retry-After` of seven seconds where the service has one. Nothing is done. */
  | 'throttled'
  /** The key, or the account, is refused. Nothing is done. */
  | 'account'
  /** An error of the service's own (500) that says nothing of the item; it is done or not, as `applied` says. */
  | { readonly fault: 'error'; readonly applied: boolean }
  /** No answer, for longer than the back end waits. */
  | { readonly fault: 'silence'; readonly applied: boolean }
  /** The connection is reset when the request was read. */
  | { readonly fault: 'reset'; readonly applied: boolean }
  /** The connection is reset, or refused, before anything was read. */
  | { readonly fault: 'refused' }
  /** An answer of 2xx that is not what the service documents: text, an empty body, no id. It is done. */
  | { readonly fault: 'nonsense'; readonly applied: true }

/** What weather is called: its fault, if it is one. */
export type ResourceWeatherName = Extract<ResourceWeather, string> | Extract<ResourceWeather, object>['fault']

/** A resource, as the service's own ledger has it. `id` is the back end's; `fields` may have the service's own names. */
export interface KeptResource extends Resource {
  readonly organization?: string
}

/** The service that a back end talks to, or a stand-in that answers as its documentation says. It keeps the books, which are the judge. */
export interface ResourceService {
  /** What the next request to change something meets (of several for one operation: the one that does it); after that it is fair again. */
  next(weather: ResourceWeather): void
  /** What the next request that changes nothing meets: `find`, `findCreated`, a page of `list`. */
  nextSearch(weather: 'fair' | 'throttled' | 'error' | 'silence' | 'account'): void
  /** What the next request of a `check` meets. Absent: the back end asks nobody, or the rule is not tried. */
  nextCheck?(weather: 'error' | 'silence'): void
  /** `false`: the answer of `throttled` does not say how long to wait. Otherwise it says seven seconds. */
  readonly retryAfter?: false
  /** Whether an answer of `item` names the field at fault. Default: it does. */
  readonly pointer?: false
  /** Everything that is there now. */
  resources(): readonly KeptResource[]
  /** How many resources were ever created through the back end. */
  created(): number
  /** Weather that there cannot be, for services without a network. Rules about it are not tried. Default: there is all. */
  readonly without?: readonly ResourceWeatherName[]
  /** How many requests that change something were read, whatever came of them. */
  asked(): number
  /** Puts a resource there, as if it always had been: one that `data` describes. */
  add(data: Readonly<Record<string, unknown>>): Promise<KeptResource>
  /** How many resources make it use more than one page in `list`. Absent: it has no pages. */
  readonly page?: number
  /** Has searches miss what was created, as they may for a while. Absent: there is no such lag. */
  hide?(id: string): void
}
