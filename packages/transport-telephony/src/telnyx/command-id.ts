import { createHash } from 'node:crypto'

/**
 * The id by which the service knows a command again, a UUID as it suggests: the same for the same purpose of the same call, so
 * that a command that is given twice within {@link COMMAND_MEMORY} is obeyed once.
 */
export function commandId(ref: string, purpose: string): string {
  const hash = createHash('sha256').update(`${purpose} ${ref}`).digest('hex')
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0b0011) | 0b1000).toString(16)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-')
}

/**
 * For so long a command id is remembered, in milliseconds.
 * Source: developers.telnyx.com/docs/voice/programmable-voice/receiving-webhooks.
 */
export const COMMAND_MEMORY = 60_000
