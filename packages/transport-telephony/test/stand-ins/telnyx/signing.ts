import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { WebhookRequest } from '@outdial/core'

/** A key pair as an account of the service has it. */
export interface SigningKeys {
  readonly privateKey: KeyObject
  /** 32 bytes in base64, as the portal shows it. */
  readonly publicKey: string
}

export function signingKeys(): SigningKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return { privateKey, publicKey: spki.subarray(-32).toString('base64') }
}

/** A webhook as the service sends it: signed over the time and the very bytes of the body. */
export function signedWebhook(url: string, body: string, key: KeyObject, at: number): WebhookRequest {
  const timestamp = String(Math.floor(at / 1000))
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'telnyx-webhooks',
      'telnyx-timestamp': timestamp,
      'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64'),
    },
    body,
  }
}
