import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { OutdialError, type WebhookRequest } from '@outdial/core'
import { forged } from '../webhooks/forged.js'

/** A key that signatures are checked with. */
export type PublicKey = KeyObject

/** Before the 32 bytes of an Ed25519 key, as a SubjectPublicKeyInfo has it (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')
/** A webhook that was sent longer ago, or later than now, is a copy of one. */
const TOLERANCE = 300_000

/** Reads the account's public key as the portal shows it: 32 bytes in base64. */
export function readPublicKey(text: unknown): PublicKey {
  const bytes = typeof text === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(text) ? Buffer.from(text, 'base64') : undefined
  if (bytes?.length !== 32) {
    throw new OutdialError('invalid_options', 'publicKey: expected 32 bytes in base64, as the portal shows the key', {
      field: 'publicKey',
    })
  }
  return createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' })
}

/** Throws `webhook_forged` unless the service signed exactly this, not long ago. */
export function verifyWebhook({ headers, body }: WebhookRequest, key: PublicKey, now: number): void {
  const signature = headers['telnyx-signature-ed25519'] ?? ''
  const timestamp = headers['telnyx-timestamp'] ?? ''
  const bytes = /^[A-Za-z0-9+/]{86}==$/.test(signature) ? Buffer.from(signature, 'base64') : undefined
  if (!bytes || !/^\d{1,12}$/.test(timestamp)) throw forged('it is not signed')
  if (!verify(null, Buffer.from(`${timestamp}|${body}`, 'utf8'), key, bytes))
    throw forged('it is of another key, or of another text; compare `publicKey`, and hand over the body byte for byte')
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE)
    throw forged('it is more than five minutes old, or the clocks differ')
}
