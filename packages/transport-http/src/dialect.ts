import type { Credential } from './frame/credentials.js'
import type { FailedRequest, Failure } from './frame/failure.js'
import type { Route } from './frame/route.js'
import type { WireError } from './frame/wire-error.js'

/**
 * The language of one service over HTTP, as data: what it is asked, and in which words it answers. It holds no state and
 * reaches the engine only through the {@link Desk} of the organization that asks. Everything that is the same in every
 * dialect (keys, scopes, limits, request ids, bodies, unknown routes) is the frame's.
 */
export interface Dialect {
  /** Lower-case name, e.g. `zudu`. Idempotency keys and wire fields are kept under it. */
  readonly name: string
  /**
   * Paths that are its own, e.g. `/batch-call`: what is asked there, or below, and is no route is answered in its form.
   * Every route lies under one of them, and no two dialects of a transport have the same.
   */
  readonly roots: readonly string[]
  readonly routes: readonly Route[]
  /** The credential of a request, from its headers; `undefined` when there is none, or half of one. */
  credential(headers: Headers): Credential | undefined
  /** Its words for everything that can go wrong outside its own handlers, and for what the engine refuses. Total. */
  failure(failure: Failure, request: FailedRequest): WireError
  /** How it reads a query. Default: `queryObject`, one text per name, a list for a repeated one. */
  query?(search: URLSearchParams): Record<string, unknown>
}
