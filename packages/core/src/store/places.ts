import { TERMINALS, type Terminal } from '../ports/storage-jobs.js'
import type { TaskPlace } from '../ports/storage-read.js'

/** Where a task is, as a small number: stores keep one byte per task. */
export const FRESH = 0
export const DEFERRED = 1
export const CLAIMED = 2
export const ACTIVE = 3
export const UNKNOWN = 4
/** The first terminal code; the terminals follow in the order of `TERMINALS`. */
export const ENDED = 5

/** Names by code. */
export const PLACES: readonly TaskPlace[] = ['fresh', 'deferred', 'claimed', 'active', 'unknown', ...TERMINALS]

/** The code of a terminal state. */
export function terminalCode(terminal: Terminal): number {
  return ENDED + TERMINALS.indexOf(terminal)
}
