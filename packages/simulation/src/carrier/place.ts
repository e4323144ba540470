import type { Attempt, Placed } from '@outdial/core'
import { accept } from './accept.js'
import type { Board } from './board.js'
import { partyOf } from './call.js'
import { chanceOf, drawWithin, SLOT } from './draws.js'
import { FAULT_SLOT, hits } from './faults.js'

/** The way of a request: out to the carrier, what the carrier makes of it, and the answer back, each of which can fail. */
export async function place(board: Board, attempt: Attempt): Promise<Placed> {
  const { settings } = board
  const chance = chanceOf(settings.seed, attempt.to, attempt.attempt)
  if (settings.sendDelay[1] > 0) await pause(board, drawWithin(chance, SLOT.sendDelay, settings.sendDelay))
  if (!attempt.startable()) {
    board.ledger.append(board.clock.now(), 'notSent', partyOf(attempt))
    return { status: 'notSent', message: 'the attempt may no longer be started' }
  }
  const answer = send(board, attempt, chance)
  if (settings.replyDelay[1] > 0) await pause(board, drawWithin(chance, SLOT.replyDelay, settings.replyDelay))
  if (strikes(board, 'throwOnPlace', attempt, chance)) throw new Error('simulated fault: the connection was reset')
  return answer
}

/** Writes the request, and knows what will come back. */
function send(board: Board, attempt: Attempt, chance: number): Placed {
  const { clock, faults, ledger } = board
  if (strikes(board, 'timeoutNotPlaced', attempt, chance)) {
    ledger.append(clock.now(), 'lost', partyOf(attempt))
    return { status: 'unknown', message: 'simulated fault: the request timed out' }
  }
  if (!strikes(board, 'timeoutPlaced', attempt, chance)) return accept(board, attempt, chance)
  const transit = faults.transit ? drawWithin(chance, SLOT.transit, faults.transit) : 0
  if (transit > 0) clock.setTimeout(() => accept(board, attempt, chance), transit)
  else accept(board, attempt, chance)
  return { status: 'unknown', message: 'simulated fault: the request timed out' }
}

function strikes(
  board: Board,
  fault: 'timeoutPlaced' | 'timeoutNotPlaced' | 'throwOnPlace',
  attempt: Attempt,
  chance: number,
): boolean {
  const set = board.faults[fault]
  return set !== undefined && hits(set, FAULT_SLOT[fault], chance, attempt, board.clock.now())
}

function pause(board: Board, ms: number): Promise<void> {
  return new Promise((resolve) => board.clock.setTimeout(resolve, ms))
}
