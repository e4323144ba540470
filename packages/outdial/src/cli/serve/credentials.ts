import { randomBytes } from 'node:crypto'
import type { ApiKey } from '../../directory/memory-directory.js'
import type { Config, Credential } from './config.js'
import { secretFrom } from './config-file.js'

/** A key that was made now; it is shown once and kept nowhere. */
export interface MadeKey {
  organization: string
  key: string
  secret?: string
}

/** Shorter ones could be guessed. */
const SHORTEST = 16

/** The keys of the configuration, and those of them that were made now. */
export function credentials({ keys }: Config): { keys: ApiKey[]; made: MadeKey[]; secrets: string[] } {
  const result = { keys: [] as ApiKey[], made: [] as MadeKey[], secrets: [] as string[] }
  for (const [i, given] of keys.entries()) {
    const { organization, scopes } = given
    const key = credentialOf(given.key, `keys[${i}].key`, 'ok')
    const secret = given.secret && credentialOf(given.secret, `keys[${i}].secret`, 'os')
    const rights = { organization, ...(scopes && { scopes }) }
    // Services that use a pair ask for both; the others for the key alone.
    result.keys.push({ key, ...rights })
    if (secret !== undefined) result.keys.push({ key, secret, ...rights })
    result.secrets.push(key, ...(secret === undefined ? [] : [secret]))
    if ('generate' in given.key || (given.secret && 'generate' in given.secret))
      result.made.push({ organization, key, ...(secret !== undefined && { secret }) })
  }
  return result
}

function credentialOf(credential: Credential, field: string, prefix: string): string {
  if ('env' in credential) return secretFrom(credential, field, SHORTEST)
  return `${prefix}_${randomBytes(24).toString('base64url')}`
}
