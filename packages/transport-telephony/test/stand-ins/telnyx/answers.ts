/** An answer before it is written. */
export interface Answer {
  readonly code: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const ok = (data: unknown, more: object = {}): Answer => ({ code: 200, body: { data, ...more } })

/** An error as the service writes it. */
export function refused(code: number, error: string, title: string, detail?: string, pointer?: string): Answer {
  const source = pointer === undefined ? {} : { source: { pointer } }
  return { code, body: { errors: [{ code: error, title, ...(detail !== undefined && { detail }), ...source }] } }
}

/** A 403 of the platform, as POST /v2/calls gives it. */
export function forbidden(platform: string, detail: string): Answer {
  const { body } = refused(403, '10010', 'Authorization failed', `${detail} ${platform}. ${detail}.`)
  return { code: 403, body: { ...(body as object), telnyx_error: { error_code: platform } } }
}

export const unauthorized = refused(
  401,
  '10009',
  'Authentication failed',
  'The required authentication headers were either invalid or not included in the request.',
)
export const notFound = refused(404, '10005', 'Resource not found', 'The requested resource or URL could not be found.')
export const unexpected = refused(500, '10007', 'Unexpected error', 'An unexpected error occured.')
export const tooMany: Answer = {
  ...refused(429, '10011', 'Too many requests', 'You have exceeded the maximum number of allowed requests.'),
  headers: { 'x-ratelimit-limit': '150', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' },
}
export const dialsPerSecond: Answer = {
  ...refused(429, '90103', 'Dials per second limit reached', 'The limit of dials per second has been reached.'),
  headers: { 'x-ratelimit-reset': '7' },
}

/** A page of a list. */
export function paged(all: readonly unknown[], query: URLSearchParams): Answer {
  const number = Number(query.get('page[number]') ?? 1)
  const size = Number(query.get('page[size]') ?? 20)
  const meta = {
    total_pages: Math.ceil(all.length / size),
    total_results: all.length,
    page_number: number,
    page_size: size,
  }
  return ok(all.slice((number - 1) * size, number * size), { meta })
}
