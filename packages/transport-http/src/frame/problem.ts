import { WireError } from './wire-error.js'

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  402: 'Payment required',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Content too large',
  414: 'URI too long',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  431: 'Header fields too large',
  501: 'Not supported',
  503: 'Unavailable',
}

/** Problem details (RFC 9457). `code` is stable; the type is a name that leads nowhere but tells problems apart. */
export function problem(
  status: number,
  code: string,
  detail: string | undefined,
  more: Readonly<Record<string, unknown>> = {},
): WireError {
  const title = TITLES[status] ?? 'Internal error'
  const body = {
    type: `urn:outdial:problem:${code}`,
    title,
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...more,
  }
  return new WireError(status, body, { 'content-type': 'application/problem+json; charset=utf-8' })
}
