import { cors } from 'hono/cors'

/** Which web pages of other origins may ask. Default: none, and nothing is said about it. */
export interface CorsOptions {
  /** Origins as browsers send them, e.g. `https://app.example.com`. `*` is every page there is. */
  origins: readonly string[] | '*'
  /** Seconds for which browsers may keep the answer. Default 600. */
  maxAge?: number
}

const EXPOSED = ['etag', 'x-request-id', 'retry-after', 'idempotent-replayed', 'location']

/** Hono's middleware with our settings. Keys are in headers, so cookies are never allowed. */
export function corsFor({ origins, maxAge = 600 }: CorsOptions): ReturnType<typeof cors> {
  return cors({
    origin: origins === '*' ? '*' : [...origins],
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposeHeaders: EXPOSED,
    maxAge,
  })
}
