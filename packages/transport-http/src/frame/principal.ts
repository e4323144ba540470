import type { Directory } from '@outdial/core'
import type { Credential } from './credentials.js'

/** Who a request speaks for, and what it may do. */
export interface Principal {
  organization: string
  /** See `isGranted`: `*` for everything. */
  scopes: readonly string[]
}

/**
 * Says whose a credential is; `undefined`: nobody's. The default asks the directory. Give another to accept tokens of the
 * host's own. What it throws is answered as an internal error, never as a valid key.
 */
export type Authenticate = (credential: Credential) => Promise<Principal | undefined>

/** The directory's word. */
export function directoryAuth(directory: Directory): Authenticate {
  return (credential) => directory.authenticate(credential)
}
