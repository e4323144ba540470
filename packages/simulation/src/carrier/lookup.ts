import type { CallHandle, Lookup } from '@outdial/core'
import type { Board } from './board.js'
import { eventOf } from './call.js'
import { chanceOf, drawWithin, SLOT } from './draws.js'
import { FAULT_SLOT, hits } from './faults.js'

/** What the carrier says about a call, once its own books show it. */
export async function lookup(board: Board, handle: CallHandle): Promise<Lookup> {
  const { clock, faults, ledger, settings } = board
  const now = clock.now()
  const { ref, to, from } = handle
  // Asked again at another time, luck is another.
  const chance = chanceOf(settings.seed, to, now % 4_294_967_296)
  if (hits(faults.lookupThrows, FAULT_SLOT.lookupThrows, chance, handle, now)) {
    ledger.append(now, 'lookup', { ref, to, from }, 'threw')
    throw new Error('simulated fault: the lookup failed')
  }
  const answer: Lookup = hits(faults.lookupFails, FAULT_SLOT.lookupFails, chance, handle, now)
    ? { status: 'cannotTell', message: 'simulated fault: the lookup was refused' }
    : find(board, handle, now)
  ledger.append(now, 'lookup', { ref, to, from }, answer.status)
  return answer
}

function find(board: Board, handle: CallHandle, now: number): Lookup {
  const declared = board.settings.capabilities.lookup
  if (!declared) return { status: 'cannotTell', message: 'this carrier has no lookup' }
  const call = board.calls.get(handle.ref)
  if (!call) {
    // Calls that it no longer keeps are not calls that never were.
    return now - handle.fencedAt < declared.horizon
      ? { status: 'notFound', asOf: now }
      : { status: 'cannotTell', message: 'the call is older than the carrier remembers' }
  }
  const lag = drawWithin(call.chance, SLOT.visible, board.faults.lookupLag ?? [0, declared.visibilityLag])
  if (now < call.placedAt + lag) return { status: 'notFound', asOf: now }
  const { ref: _, ...event } = eventOf(call, call.state === 'dialing' ? 'queued' : call.state)
  return { status: 'found', event }
}
