import { type Attempt, OutdialError, type Placed, type Rejection } from '@outdial/core'
import { hashText } from '../random/hash.js'
import { sixLetters } from '../random/letters.js'
import type { Board } from './board.js'
import { type Call, type LiveCall, partyOf } from './call.js'
import { FAULT_SLOT, hits, REASONS } from './faults.js'
import { after, dial, reach, wait } from './life.js'
import { type CallScript, isReportable, type ReportableOutcome } from './outcomes.js'

type Rejected = Extract<Placed, { status: 'rejected' }>
type Accepted = Extract<Placed, { status: 'accepted' }>

/** What the carrier makes of a request that has arrived. */
export function accept(board: Board, attempt: Attempt, chance: number): Accepted | Rejected {
  const { clock, ledger, settings } = board
  const now = clock.now()
  board.forgetOld(now)
  const first = board.calls.get(attempt.ref)
  if (first && replays(board, first, now)) {
    ledger.append(now, 'replayed', first.party)
    return accepted(first)
  }

  const queued = board.throttle?.wait(clock.monotonic()) ?? 0
  const decided =
    refusalByFault(board, attempt, chance, now) ??
    (queued > 0 && !settings.queue
      ? ({ refuse: 'throttled', code: '429', retryAfter: queued } as const)
      : board.decide(attempt, chance))
  if ('refuse' in decided) {
    const { refuse: reason, code, retryAfter } = decided
    ledger.append(now, 'refused', partyOf(attempt), reason)
    const answer: Rejected = { status: 'rejected', reason }
    if (code !== undefined) answer.code = code
    if (retryAfter !== undefined) answer.retryAfter = retryAfter
    return answer
  }

  const outcome = reportable(decided, settings.capabilities.amd)
  const live: LiveCall = {
    attempt,
    script: decided,
    queued,
    endsAs: outcome,
    answeredAt: 0,
    talk: 0,
    timer: undefined,
    overtaken: undefined,
  }
  const call: Call = {
    party: {
      ref: attempt.ref,
      to: attempt.to,
      from: attempt.from,
      organization: attempt.organization,
      callId: callIdOf(attempt.ref, chance, first),
    },
    chance,
    placedAt: now,
    state: queued > 0 ? 'queued' : 'dialing',
    since: now,
    live,
    end: undefined,
  }
  board.throttle?.take(clock.monotonic())
  board.calls.set(attempt.ref, call)
  board.live++
  ledger.append(now, 'placed', call.party)
  start(board, call, live)
  return accepted(call)
}

function start(board: Board, call: Call, live: LiveCall): void {
  const { faults, settings } = board
  const early = hits(faults.eventsEarly, FAULT_SLOT.eventsEarly, call.chance, live.attempt, call.placedAt)
  const first = live.queued > 0 ? wait : reach
  if (early) first(board, call, live)
  else if (settings.instant) board.pump.add(() => first(board, call, live))
  else if (first === wait) after(board, call, live, 0, wait)
  else dial(board, call, live)
}

/** Whether a ref that was placed before stands for the first call instead of a second. */
function replays(board: Board, first: Call, now: number): boolean {
  const { idempotency } = board.settings.capabilities
  if (idempotency === 'none') return false
  return idempotency === 'durable' || now - first.placedAt < idempotency.window
}

function accepted({ state, party }: Call): Accepted {
  const { callId } = party
  const known = state === 'queued' || state === 'ringing' || state === 'answered'
  return known ? { status: 'accepted', callId, state } : { status: 'accepted', callId }
}

function refusalByFault(
  board: Board,
  attempt: Attempt,
  chance: number,
  now: number,
): { refuse: Rejection; code?: string; retryAfter?: number } | undefined {
  const { refuse } = board.faults
  if (!refuse) return undefined
  for (const [index, reason] of REASONS.entries()) {
    if (hits(refuse[reason], FAULT_SLOT.refuse + index, chance, attempt, now)) return { refuse: reason }
  }
  return undefined
}

/** The outcome that the carrier will report: without answering machine detection a machine is somebody who answered. */
function reportable({ outcome }: CallScript, amd: boolean): ReportableOutcome {
  if (!isReportable(outcome)) {
    throw new OutdialError('invalid_options', `outcomes came to ${String(outcome)}, which no carrier reports`, {
      field: 'outcomes',
    })
  }
  return amd || (outcome !== 'voicemail' && outcome !== 'fax') ? outcome : 'answered'
}

/** Looks random, but is the same for the same seed, ref and number. A second call of a ref has another one. */
function callIdOf(ref: string, chance: number, first: Call | undefined): string {
  if (first) return `${first.party.callId}_2`
  return `sim_${sixLetters(hashText(ref, chance))}${sixLetters(chance)}`
}
