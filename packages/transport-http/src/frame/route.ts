import type { Clock } from '@outdial/core'
import type * as z from 'zod'
import type { Desk } from '../desk/desk.js'
import type { Body } from './body.js'
import type { HttpLimits } from './limits.js'
import type { Links } from './links.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a route answers when all goes well, for OpenAPI. */
export interface RouteDocument {
  /** Heading that it is found under. */
  group: string
  status: number
  /** Schema of its JSON; content types of anything else. Default: no body. */
  answer?: z.ZodType | readonly string[]
  /** Headers of the request that mean something to it. */
  headers?: readonly ('Idempotency-Key' | 'If-Match' | 'Last-Event-ID')[]
  /** Content types of a raw body. */
  takes?: readonly string[]
}

/** What a handler is given. */
export interface RouteContext<Params = unknown, Query = unknown, Json = unknown> {
  /** The organization's own view of the engine; the only way to it. */
  readonly desk: Desk
  /** Path parameters, decoded; after the route's schema when it has one. */
  readonly params: Params
  readonly query: Query
  /** The JSON body after the route's schema; `undefined` without one. */
  readonly body: Json
  /** The body of a route with `body: 'raw'`: to be read once, as JSON or as a bounded stream. */
  readonly raw: Body
  readonly headers: Headers
  readonly requestId: string
  /** The transport's clock. Whatever is written into an answer, or compared with, comes from it. */
  readonly clock: Clock
  readonly limits: HttpLimits
  /** Absolute URLs of this transport, plain and signed. */
  readonly links: Links
  /** Aborts when the client goes away, as far as the server tells. */
  readonly signal: AbortSignal
  /** An answer of server-sent events or another long stream; counted, and refused above the limit of open streams. */
  openStream(make: (signal: AbortSignal) => AsyncIterable<string>, contentType?: string): Response
}

interface Described<Params, Query, Json> {
  method: Method
  /** Pattern below the transport's base path, as Hono reads it: `/batch/jobs/:batch_job_id/cancel`. */
  path: string
  /** A key needs one of them (or `*`). Empty: any key. */
  scopes: readonly string[]
  /** One line, for OpenAPI and for reports of tests. */
  summary: string
  /** Path parameters; default: any text. Failing it counts as a missing route parameter (`invalid` in `params`). */
  params?: z.ZodType<Params>
  /** Query; default: none is accepted. */
  query?: z.ZodType<Query>
  /**
   * The JSON body; `'raw'`: the handler reads it itself, as JSON or as a stream. Default: none, an empty one or `{}`.
   * It is a schema of its own and refuses unknown fields: nothing is accepted and ignored.
   */
  body?: z.ZodType<Json> | 'raw'
  /** Bytes of body that this route takes. Default: `limits.body`, for raw ones `limits.upload`. */
  maxBody?: number
  /** The URL is its own key: made by `links.signed`, checked by the frame, asked for without headers. */
  signed?: boolean
  /** Anybody may ask, at the rate of those without a key: it tells nothing of any organization, and has no desk to speak of. */
  open?: boolean
  /** What documents say of it beside its schemas. */
  document?: RouteDocument
  handle(context: RouteContext<Params, Query, Json>): Promise<Response> | Response
}

/** A route as the frame keeps it: its types are between its schemas and its handler. */
export type Route = Readonly<Described<unknown, unknown, unknown>>

/** Describes a route; its handler gets what its schemas make of a request. */
export function route<Params = Record<string, string>, Query = unknown, Json = undefined>(
  described: Described<Params, Query, Json>,
): Route {
  return described as unknown as Route
}
