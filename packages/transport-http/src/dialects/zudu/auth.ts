import { keyPair } from '../../frame/credentials.js'

/** What keys may be used for: the same as in the native API, so that one key has one meaning. */
export const SCOPES = {
  readCalls: ['calls.read', 'calls.manage'],
  manageCalls: ['calls.manage'],
} as const satisfies Record<string, readonly string[]>

/** `X-API-KEY` and `X-API-SECRET`, both. */
export const credential: ReturnType<typeof keyPair> = keyPair('x-api-key', 'x-api-secret')
