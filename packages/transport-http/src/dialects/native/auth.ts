import type { Credential } from '../../frame/credentials.js'
import { bearer, keyHeader } from '../../frame/credentials.js'

/** What keys may be used for. */
export const SCOPES = {
  readCalls: ['calls.read', 'calls.manage'],
  manageCalls: ['calls.manage'],
  readOperations: ['operations.read', 'operations.manage'],
  manageOperations: ['operations.manage'],
  readSuppression: ['suppression.read', 'suppression.manage'],
  manageSuppression: ['suppression.manage'],
  manageLimits: ['limits.manage'],
  /** Any key of the organization. */
  member: [],
} as const satisfies Record<string, readonly string[]>

const inHeader = keyHeader('x-api-key')

/** `Authorization: Bearer KEY`, or `X-API-Key: KEY`. */
export function credential(headers: Headers): Credential | undefined {
  return bearer(headers) ?? inHeader(headers)
}
