import type { TransitionTable } from './table.js'

/** The states of a call, one attempt to reach a contact. */
export const CALL_STATES = [
  'fenced',
  'dialing',
  'queued',
  'ringing',
  'answered',
  'ended',
  'rejected',
  'unknown',
] as const
/** See {@link CALL_STATES}. */
export type CallState = (typeof CALL_STATES)[number]

/** What can be learned about a call. `lost` means that nobody can say: a time-out, a crash, an end that never came. */
export const CALL_EVENTS = ['dial', 'queue', 'ring', 'answer', 'end', 'reject', 'lose'] as const
/** See {@link CALL_EVENTS}. */
export type CallEvent = (typeof CALL_EVENTS)[number]

/**
 * The life of a call.
 *
 * It is `fenced` when it is durably recorded and nothing has left the process, `dialing` while the carrier is being
 * asked (known only to the worker that asks: losing that knowledge proves nothing, so it is not stored), and then
 * `queued` at the carrier, `ringing`, `answered` and `ended`, of which any may be skipped. `rejected` is the proof that
 * it was never placed; it can only come before the carrier has shown any sign of the call.
 *
 * From every state but the last two it can be lost: `unknown`. An unknown call goes on to any state that is proven
 * later, also to the one it was in. Evidence never moves a call backwards: see {@link RANK}.
 */
export const CALL_TABLE: TransitionTable<CallState, CallEvent> = {
  fenced: {
    dial: 'dialing',
    queue: 'queued',
    ring: 'ringing',
    answer: 'answered',
    end: 'ended',
    reject: 'rejected',
    lose: 'unknown',
  },
  dialing: { queue: 'queued', ring: 'ringing', answer: 'answered', end: 'ended', reject: 'rejected', lose: 'unknown' },
  queued: { ring: 'ringing', answer: 'answered', end: 'ended', lose: 'unknown' },
  ringing: { answer: 'answered', end: 'ended', lose: 'unknown' },
  answered: { end: 'ended', lose: 'unknown' },
  unknown: { queue: 'queued', ring: 'ringing', answer: 'answered', end: 'ended', reject: 'rejected' },
  ended: {},
  rejected: {},
}

/** How much a state proves. Evidence is applied when its rank is higher than what is known, so its order does not matter. */
export const RANK: Readonly<Record<Exclude<CallState, 'unknown'>, number>> = {
  fenced: 0,
  dialing: 1,
  queued: 2,
  ringing: 3,
  answered: 4,
  ended: 5,
  rejected: 5,
}
