export { bearer as credential } from '../../frame/credentials.js'

/** What keys may be used for. */
export const SCOPES = {
  create: ['batch.manage', 'batch.create'],
  read: ['batch.manage', 'batch.read'],
  update: ['batch.manage', 'batch.update'],
  delete: ['batch.manage', 'batch.delete'],
} as const satisfies Record<string, readonly string[]>
