import { createHmac, timingSafeEqual } from 'node:crypto'

/** Header with the time at which a webhook was signed, milliseconds since the epoch. */
export const TIMESTAMP_HEADER = 'x-simulation-timestamp'
/** Header with the signature, hexadecimal. */
export const SIGNATURE_HEADER = 'x-simulation-signature'

/** Signs a body together with the time, so that neither can be exchanged: HMAC-SHA256 over `timestamp.body`. */
export function sign(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}

/** Whether a signature holds. Takes equally long for every wrong one. */
export function verify(secret: string, timestamp: string, body: string, signature: string): boolean {
  const expected = Buffer.from(sign(secret, timestamp, body))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
