import { OutdialError } from '@outdial/core'

/** What a transport takes before it refuses. Sizes in bytes, times in milliseconds; `Infinity` switches one off. */
export interface HttpLimits {
  /** Body of a JSON request, which is held in memory. Default 8 MiB. */
  body: number
  /** Body of an upload, which is read as a stream. Default 64 MiB. */
  upload: number
  /** Rows of one upload or list. Default 100,000. A dialect may take fewer. */
  rows: number
  /** Names and values of all headers. Default 16 KiB. */
  headers: number
  /** Query, as it was sent. Default 8 KiB. */
  query: number
  /** Levels of nesting in JSON. Default 32. */
  depth: number
  /** Pause between two pieces of a body. Default 15 s. */
  bodyIdle: number
  /** Whole JSON body. Default 30 s. */
  bodyTime: number
  /** Whole upload. Default 10 min. */
  uploadTime: number
  /** Event streams and other long answers open at once: for one organization, and for all. Default 20 and 1,000. */
  streams: number
  allStreams: number
  /** Requests per second of one organization, and how many may come at once after a pause. Default 100 and 200. */
  rate: number
  burst: number
  /** Requests per second that show no valid key, of all clients together: the rest is told to wait. Default 50. */
  unknownRate: number
}

export const DEFAULT_HTTP_LIMITS: Readonly<HttpLimits> = {
  body: 8 * 1024 ** 2,
  upload: 64 * 1024 ** 2,
  rows: 100_000,
  headers: 16 * 1024,
  query: 8 * 1024,
  depth: 32,
  bodyIdle: 15_000,
  bodyTime: 30_000,
  uploadTime: 600_000,
  streams: 20,
  allStreams: 1000,
  rate: 100,
  burst: 200,
  unknownRate: 50,
}

/** The limits in force. Throws `invalid_options` naming one that is no number above 0. */
export function httpLimits(given: Partial<HttpLimits> = {}): HttpLimits {
  const limits = { ...DEFAULT_HTTP_LIMITS }
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const field = `limits.${name}`
    if (!Object.hasOwn(limits, name)) throw new OutdialError('invalid_options', `${field}: is not known`, { field })
    if (!(typeof value === 'number' && value > 0))
      throw new OutdialError('invalid_options', `${field}: expected a number above 0, or Infinity`, { field })
    limits[name as keyof HttpLimits] = value
  }
  return limits
}

/** Throws for a request whose head is too large, before anything of it is looked at. */
export function oversize(request: Request, search: string, limits: HttpLimits) {
  if (search.length > limits.query) return { kind: 'too_large', what: 'query', limit: limits.query } as const
  let size = 0
  for (const [name, value] of request.headers) size += name.length + value.length + 4
  return size > limits.headers ? ({ kind: 'too_large', what: 'headers', limit: limits.headers } as const) : undefined
}
