import { type Engine, OutdialError } from '@outdial/core'
import { Hono } from 'hono'
import { mountCarriers } from './carriers.js'
import type { Dialect } from './dialect.js'
import { checkDialects, underRoot } from './frame/check-dialects.js'
import { corsFor } from './frame/cors.js'
import { httpLimits } from './frame/limits.js'
import { LinkSigner } from './frame/links.js'
import { OpenStreams } from './frame/open-streams.js'
import { Pipeline } from './frame/pipeline.js'
import { directoryAuth } from './frame/principal.js'
import type { Route } from './frame/route.js'
import { systemClock } from './frame/system-clock.js'
import type { HttpTransport, HttpTransportOptions } from './options.js'

/**
 * Makes the function that answers HTTP requests for an engine: mount it wherever there are `Request` and `Response`, or
 * with `nodeHandler` in Node's own server, Express or Fastify.
 *
 * Throws `invalid_options` naming what is wrong. It starts nothing and opens nothing; `close` prepares it for the end.
 */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { engine, directory, dialects, clock = systemClock, basePath = '' } = options
  checkDialects(dialects)
  check(basePath === '' || /^(?:\/[\w.~-]+)+$/.test(basePath), 'basePath', "expected a path such as '/telephony'")
  const { signingKey } = options
  check(signingKey === undefined || signingKey.length >= 32, 'signingKey', 'expected at least 32 characters')
  const limits = httpLimits(options.limits)
  const streams = new OpenStreams(limits)
  const pipeline = new Pipeline({
    clock,
    limits,
    streams,
    basePath,
    publicUrl: options.publicUrl?.replace(/\/+$/, ''),
    signer: new LinkSigner(signingKey, clock),
    auth: options.auth ?? directoryAuth(directory),
    desks: {
      engine: engine as Engine,
      directory,
      ...(options.accounts && { accounts: options.accounts }),
      ...(options.forecast && { forecast: options.forecast }),
      resources: options.resources ?? [],
      carrier: options.carrier ?? '',
      callerIds: options.callerIds ?? 'own',
      campaigns: options.campaigns ?? {},
    },
    onError: options.onError ?? (() => {}),
    onRequest: options.onRequest ?? (() => {}),
  })

  const app = new Hono()
  if (options.cors) app.use('*', corsFor(options.cors))
  if (options.carriers !== false) mountCarriers(app, `${basePath}${options.carriers ?? '/carriers'}`, engine, pipeline)
  for (const dialect of dialects) mountDialect(app, basePath, dialect, pipeline)
  app.all('*', ({ req: { raw } }) => {
    const path = new URL(raw.url).pathname
    const dialect = dialects.find(({ roots }) => roots.some((root) => underRoot(path, `${basePath}${root}`)))
    return pipeline.refuse(raw, dialect, { kind: 'not_found' })
  })

  const transport = async (request: Request): Promise<Response> => app.fetch(request)
  return Object.defineProperties(transport, {
    dialects: { value: dialects },
    openStreams: { get: () => streams.size },
    close: { value: () => pipeline.close() },
  }) as unknown as HttpTransport
}

function mountDialect(app: Hono, basePath: string, dialect: Dialect, pipeline: Pipeline): void {
  const byPath = new Map<string, Route[]>()
  for (const route of dialect.routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route])
  for (const route of dialect.routes) {
    app.on(route.method, `${basePath}${route.path}`, ({ req }) => pipeline.run(req.raw, dialect, route, req.param()))
  }
  // After all routes: a path of the form `/list` is also one of the form `/:id`, with other methods.
  for (const [path, routes] of byPath) {
    const allowed = routes.map(({ method }) => method)
    app.all(`${basePath}${path}`, ({ req }) =>
      pipeline.refuse(req.raw, dialect, { kind: 'method_not_allowed', allowed }),
    )
  }
}

function check(ok: boolean, field: string, problem: string): void {
  if (!ok) throw new OutdialError('invalid_options', `${field}: ${problem}`, { field })
}
