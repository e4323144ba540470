export { bearer as credential } from '../../frame/credentials.js'

/** What keys may be used for. */
export const SCOPES = {
  readNumbers: ['numbers.read', 'numbers.manage'],
  manageNumbers: ['numbers.manage'],
} as const satisfies Record<string, readonly string[]>
