/** The id of a request: the client's or a proxy's own, if it is harmless to write down, or a new one. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get('x-request-id') ?? ''
  return /^[\w.-]{1,128}$/.test(given) ? given : crypto.randomUUID()
}
