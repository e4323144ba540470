import { type Clock, isOutdialError, OutdialError } from '@outdial/core'
import * as z from 'zod'
import { Desk } from '../desk/desk.js'
import type { DeskHost } from '../desk/desk-host.js'
import type { Dialect } from '../dialect.js'
import type { RequestLog } from '../options.js'
import { json } from './answers.js'
import { Body } from './body.js'
import { digest } from './digest.js'
import { type FailedRequest, type Failure, RequestFailed, statusOf } from './failure.js'
import { idempotencyKey } from './idempotency.js'
import { type HttpLimits, oversize } from './limits.js'
import type { LinkSigner } from './links.js'
import { noBody } from './no-body.js'
import type { OpenStreams } from './open-streams.js'
import { parsed } from './parse.js'
import { plainFailure } from './plain-failure.js'
import type { Authenticate, Principal } from './principal.js'
import { queryObject } from './query.js'
import { RateGate } from './rate.js'
import { requestIdOf } from './request-id.js'
import type { Route } from './route.js'
import { isGranted } from './scopes.js'
import { WireError } from './wire-error.js'

/** What requests of all dialects share. */
export interface PipelineParts {
  clock: Clock
  limits: HttpLimits
  streams: OpenStreams
  basePath: string
  publicUrl: string | undefined
  signer: LinkSigner
  auth: Authenticate
  desks: DeskHost
  onError: (error: unknown, request: FailedRequest) => void
  onRequest: (log: RequestLog) => void
}

const NO_QUERY = z.strictObject({})
/** Who asks an open route. There is no organization without a name. */
const NOBODY: Principal = { organization: '', scopes: ['*'] }
const STOPPING = new OutdialError('engine_stopped', 'The server is stopping.')
const SEEN_BY_ALL = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

/** The way of a request: limits, key, scopes, rate, query and body, handler, answer. The same for every route of every dialect. */
export class Pipeline {
  readonly #parts: PipelineParts
  readonly #rate: RateGate
  readonly #unknown: RateGate
  readonly #underWay: Set<Promise<Response>> = new Set()
  #closed = false

  constructor(parts: PipelineParts) {
    const { clock, limits } = parts
    this.#parts = parts
    this.#rate = new RateGate(clock, limits.rate, limits.burst)
    this.#unknown = new RateGate(clock, limits.unknownRate, Math.max(1, limits.unknownRate))
  }

  /** Ends the streams, and answers requests of routes as a server that stops, from now on. Resolves when those under way are answered. */
  async close(): Promise<void> {
    const { streams } = this.#parts
    this.#closed = true
    streams.end()
    await Promise.all(this.#underWay)
    // What they have opened meanwhile.
    streams.end()
  }

  /** Answers a request of a route. */
  async run(request: Request, dialect: Dialect, route: Route, params: Record<string, string>): Promise<Response> {
    const answer = this.#run(request, dialect, route, params)
    this.#underWay.add(answer)
    try {
      return await answer
    } finally {
      this.#underWay.delete(answer)
    }
  }

  #run(request: Request, dialect: Dialect, route: Route, params: Record<string, string>): Promise<Response> {
    return this.#answer(request, dialect, route, async (url, about, log) => {
      const { limits } = this.#parts
      if (this.#closed) throw new RequestFailed({ kind: 'refused', error: STOPPING })
      const large = oversize(request, url.search, limits)
      if (large) throw new RequestFailed(large)
      const principal = await this.#principal(request, dialect, route, url)
      if (principal !== NOBODY) {
        log.organization = principal.organization
        this.#pace(principal.organization)
      }
      if (!isGranted(principal.scopes, route.scopes))
        throw new RequestFailed({ kind: 'forbidden', scopes: route.scopes })
      return this.#handle(request, dialect, route, params, url, about, principal)
    })
  }

  /** Answers a request that has no handler: of no route, or of another method. */
  refuse(request: Request, dialect: Dialect | undefined, failure: Failure): Promise<Response> {
    return this.#answer(request, dialect, undefined, async (url) => {
      const large = oversize(request, url.search, this.#parts.limits)
      throw new RequestFailed(large ?? failure)
    })
  }

  /** Answers a request that is no dialect's, with everything around it. */
  plain(request: Request, name: string, handle: (publicUrl: string) => Promise<Response>): Promise<Response> {
    return this.#answer(request, undefined, undefined, async (url, _, log) => {
      log.route = name
      const large = oversize(request, url.search, this.#parts.limits)
      if (large) throw new RequestFailed(large)
      const { publicUrl, basePath } = this.#parts
      const path = url.pathname.slice(basePath.length) + url.search
      return handle(`${publicUrl ?? `${url.origin}${basePath}`}${path}`)
    })
  }

  /** A body of such a request. */
  body(request: Request): Body {
    return new Body(request, this.#parts.clock, this.#parts.limits, this.#parts.limits.body)
  }

  async #handle(
    request: Request,
    dialect: Dialect,
    route: Route,
    given: Record<string, string>,
    url: URL,
    { requestId }: FailedRequest,
    { organization }: Principal,
  ): Promise<Response> {
    const { clock, limits, streams, signer, desks, publicUrl, basePath } = this.#parts
    const read = dialect.query ?? queryObject
    const query = parsed(route.query ?? NO_QUERY, read(url.searchParams), 'query')
    const params: unknown = route.params ? parsed(route.params, given, 'params') : given
    const max = route.maxBody ?? (route.body === 'raw' ? limits.upload : limits.body)
    const raw = new Body(request, clock, limits, max)
    const body = await this.#body(route, raw, request)
    const key = idempotencyKey(request.headers, dialect.name)
    // What two requests with one key have to have in common. An upload is not held to be compared; its size is.
    const sent = route.body === 'raw' ? (request.headers.get('content-length') ?? '') : await raw.text()
    const desk = new Desk(desks, organization, {
      dialect: dialect.name,
      ...(key !== undefined && { idempotencyKey: key }),
      ...(key !== undefined && { fingerprint: await digest(request.method, url.pathname, url.search, sent) }),
    })
    return route.handle({
      desk,
      params,
      query,
      body,
      raw,
      headers: request.headers,
      requestId,
      clock,
      limits,
      links: signer.links(organization, publicUrl ?? `${url.origin}${basePath}`),
      signal: request.signal,
      openStream: (make, contentType = 'text/event-stream; charset=utf-8') =>
        streams.open(organization, request.signal, contentType, make),
    })
  }

  async #body(route: Route, raw: Body, request: Request): Promise<unknown> {
    if (route.body === 'raw' || request.method === 'GET' || request.method === 'HEAD') return undefined
    return route.body ? raw.json(route.body) : raw.json(noBody)
  }

  async #principal(request: Request, dialect: Dialect, route: Route, url: URL): Promise<Principal> {
    const { signer, auth, basePath } = this.#parts
    let shown = false
    if (route.signed) {
      const path = url.pathname.slice(basePath.length)
      const organization = await signer.verify(path, url.searchParams)
      if (organization !== undefined) return { organization, scopes: ['*'] }
    } else if (!route.open) {
      const credential = dialect.credential(request.headers)
      shown = credential !== undefined
      const principal = credential && (await auth(credential))
      if (principal) return principal
    }
    const wait = this.#unknown.take('')
    const { unknownRate } = this.#parts.limits
    if (wait !== 'taken') throw new RequestFailed({ kind: 'rate_limited', limit: unknownRate, retryAfter: wait })
    if (route.open) return NOBODY
    throw new RequestFailed({ kind: 'unauthenticated', shown })
  }

  #pace(organization: string): void {
    const wait = this.#rate.take(organization)
    if (wait === 'taken') return
    throw new RequestFailed({ kind: 'rate_limited', limit: this.#parts.limits.rate, retryAfter: wait })
  }

  /** Makes an answer of whatever `make` answers or throws. It never rejects. */
  async #answer(
    request: Request,
    dialect: Dialect | undefined,
    route: Route | undefined,
    make: (url: URL, about: FailedRequest, log: Partial<RequestLog>) => Promise<Response>,
  ): Promise<Response> {
    const { clock, onRequest } = this.#parts
    const began = clock.monotonic()
    const url = new URL(request.url)
    const requestId = requestIdOf(request.headers)
    const about: FailedRequest = {
      requestId,
      method: request.method,
      path: url.pathname,
      ...(route && { route: route.path }),
    }
    const log: Partial<RequestLog> = {}
    let response: Response
    try {
      response = await make(url, about, log)
    } catch (error) {
      const told = this.#words(error, dialect, about)
      response = json(told.status, told.body, told.headers)
    }
    for (const [name, value] of Object.entries({ ...SEEN_BY_ALL, 'x-request-id': requestId }))
      if (!response.headers.has(name)) response.headers.set(name, value)
    onRequest({
      ...(route && { route: route.path }),
      ...(dialect && { dialect: dialect.name }),
      ...log,
      requestId,
      method: request.method,
      status: response.status,
      duration: clock.monotonic() - began,
    })
    return response
  }

  #words(error: unknown, dialect: Dialect | undefined, about: FailedRequest): WireError {
    if (error instanceof WireError) return error
    const failure = this.#failure(error, about)
    const words = dialect ? dialect.failure(failure, about) : plainFailure(failure, about)
    return new WireError(words.status, words.body, { ...headersOf(failure), ...words.headers })
  }

  #failure(error: unknown, about: FailedRequest): Failure {
    if (error instanceof RequestFailed) return error.failure
    const failure: Failure = isOutdialError(error) ? { kind: 'refused', error } : { kind: 'internal' }
    // 501 is what the host has set up, no defect.
    const status = statusOf(failure)
    if (status >= 500 && status !== 501) this.#parts.onError(error, about)
    return failure
  }
}

/** What HTTP wants to be said in headers, whatever the dialect. */
function headersOf(failure: Failure): Record<string, string> {
  switch (failure.kind) {
    case 'unauthenticated':
      return { 'www-authenticate': 'Bearer' }
    case 'method_not_allowed':
      return { allow: failure.allowed.join(', ') }
    case 'rate_limited':
      return { 'retry-after': String(failure.retryAfter) }
    case 'too_many_streams':
      return { 'retry-after': '5' }
    case 'too_slow':
    case 'too_large':
      // The rest of the body is not waited for.
      return { connection: 'close' }
    default:
      return {}
  }
}
