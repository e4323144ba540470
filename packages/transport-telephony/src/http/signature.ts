import { createHmac } from 'node:crypto'
import { OutdialError } from '@outdial/core'
import { sameText } from '../webhooks/forged.js'

/** What tells who sent something, and when. */
export interface SignatureHeaders {
  'webhook-id': string
  /** Seconds since the epoch. */
  'webhook-timestamp': string
  'webhook-signature': string
}

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/

/** The bytes of a secret as Standard Webhooks write it. Throws `invalid_options` with the field, and never the secret. */
export function signingKey(secret: string, field: string): Buffer {
  const base64 = typeof secret === 'string' ? SECRET.exec(secret)?.[1] : undefined
  const key = Buffer.from(base64 ?? '', 'base64')
  if (key.length >= 24 && key.length <= 64) return key
  const make = `node -p "'whsec_' + crypto.randomBytes(32).toString('base64')"`
  throw new OutdialError(
    'invalid_options',
    `${field}: expected whsec_ and 24 to 64 bytes in base64; make one with: ${make}`,
    { field },
  )
}

/** HMAC-SHA256 over `id.timestamp.content`, in base64: version 1 of Standard Webhooks. */
function signature(key: Buffer, id: string, timestamp: string, content: string): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.${content}`).digest('base64')
}

/** Signs something that is sent at `now`, in milliseconds. */
export function signed(key: Buffer, id: string, now: number, content: string): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature(key, id, timestamp, content)}`,
  }
}

/** Whether somebody who has one of the keys signed it. Takes as long for every wrong signature. */
export function signatureHolds(
  keys: readonly Buffer[],
  headers: Readonly<Record<string, string>>,
  content: string,
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': list } = headers
  if (!id || !timestamp || !list) return false
  const given = list
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => one.slice(3))
  return keys.some((key) => {
    const expected = signature(key, id, timestamp, content)
    return given.some((one) => sameText(one, expected))
  })
}
