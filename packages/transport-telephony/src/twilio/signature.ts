import { createHash, createHmac } from 'node:crypto'
import { sameText } from '../webhooks/forged.js'

/** A request as its signature is made of it. */
export interface Signed {
  /** As Twilio called it. */
  readonly url: string
  /** Of a form; nothing with other bodies, whose hash is in the query. */
  readonly parameters: URLSearchParams | undefined
}

/** The header `X-Twilio-Signature`. Source: twilio.com/docs/usage/security. */
export function signatureOf(authToken: string, { url, parameters }: Signed): string {
  const names = [...new Set(parameters?.keys() ?? [])].sort()
  const text = names.reduce((made, name) => {
    const values = [...new Set(parameters?.getAll(name))].sort()
    return made + values.map((value) => name + value).join('')
  }, url)
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

/** Whether a signature is that of a request to any of these addresses. */
export function holds(
  authToken: string,
  signature: string,
  urls: Iterable<string>,
  parameters: Signed['parameters'],
): boolean {
  let found = false
  for (const url of urls) if (sameText(signature, signatureOf(authToken, { url, parameters }))) found = true
  return found
}

/** What the query of a request with another body than a form has as `bodySHA256`. */
export function bodyHash(body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('hex')
}

/**
 * Ways in which Twilio may have written an address into a signature: with the standard port and without, and with a fragment
 * that was never sent.
 */
export function* spellings(url: string): Generator<string> {
  const [address = '', fragment] = url.split('#', 2)
  const match = /^(https?):\/\/([^/?]+)(.*)$/is.exec(address)
  if (!match) return
  const [, scheme = '', authority = '', rest = ''] = match
  const standard = scheme.toLowerCase() === 'https' ? ':443' : ':80'
  const host = authority.replace(/:\d+$/, '')
  const hosts = authority === host || authority.endsWith(standard) ? [host, host + standard] : [authority, host]
  for (const one of hosts) {
    const made = `${scheme}://${one}${rest}`
    yield made
    if (fragment !== undefined) yield `${made}#${fragment}`
  }
}
