/**
 * What a carrier can be asked or do:
 * - `placed`: a person is being called. Twice for one ref means two calls.
 * - `replayed`: the same ref again, answered with the first call.
 * - `refused`: said no before placing; `detail` has the reason.
 * - `notSent`: the request was ready and may no longer be started; nothing was written.
 * - `lost`: the request never arrived (a fault).
 * - `answered`, `ended`: what became of a placed call; `detail` has the outcome of an end.
 * - `hangup`, `lookup`: asked; `detail` has the answer.
 */
export type LedgerKind =
  | 'placed'
  | 'replayed'
  | 'refused'
  | 'notSent'
  | 'lost'
  | 'answered'
  | 'ended'
  | 'hangup'
  | 'lookup'

/** One line of a carrier's ledger. */
export interface LedgerEntry {
  /** Wall time of the carrier, milliseconds since the epoch. */
  at: number
  kind: LedgerKind
  /** `job:index:attempt:nonce`, as the engine sent it. */
  ref: string
  to: string
  from: string
  /** Absent where a call is only named: `hangup` and `lookup` of calls that the carrier does not know. */
  organization?: string
  /** The carrier's id of the call, where there is one. Two calls of one ref have two while the first is remembered. */
  callId?: string
  detail?: string
}

/** Reads a ledger written as JSON Lines. A last line that a crash cut off is left out; any other broken line throws. */
export function readLedger(text: string): LedgerEntry[] {
  const lines = text.split('\n')
  // What stands behind the last line feed is empty, or was never finished.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as LedgerEntry)
}
