import type { Credential } from '../../frame/credentials.js'
import { bearer, keyHeader } from '../../frame/credentials.js'

/** What keys may be used for. The service has no scopes of its own, so these are the native ones. */
export const SCOPES = {
  readCalls: ['calls.read', 'calls.manage'],
  manageCalls: ['calls.manage'],
} as const satisfies Record<string, readonly string[]>

const inHeader = keyHeader('x-api-key')

/** `Authorization: Bearer KEY`, or `x-api-key: KEY`: its pages name both. */
export function credential(headers: Headers): Credential | undefined {
  return bearer(headers) ?? inHeader(headers)
}
