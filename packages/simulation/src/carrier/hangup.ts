import type { CallHandle } from '@outdial/core'
import type { Board } from './board.js'
import { chanceOf } from './draws.js'
import { FAULT_SLOT, hits } from './faults.js'
import { end } from './life.js'

/** Ends a call: the talk of one that was answered, the ringing of another, which is `canceled` then. */
export async function hangup(board: Board, handle: CallHandle): Promise<'done' | 'gone' | 'refused'> {
  const answer = tryHangup(board, handle)
  const { ref, to, from } = handle
  board.ledger.append(board.clock.now(), 'hangup', { ref, to, from }, answer)
  return answer
}

function tryHangup(board: Board, handle: CallHandle): 'done' | 'gone' | 'refused' {
  const now = board.clock.now()
  const chance = chanceOf(board.settings.seed, handle.to, now % 4_294_967_296)
  if (hits(board.faults.hangupRefused, FAULT_SLOT.hangupRefused, chance, handle, now)) return 'refused'
  const call = board.calls.get(handle.ref)
  if (!call?.live) return 'gone'
  if (call.state !== 'answered') end(board, call, call.live, 'canceled')
  else end(board, call, call.live, call.live.endsAs, Math.round(board.clock.monotonic() - call.live.answeredAt))
  return 'done'
}
