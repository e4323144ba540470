import type { Board } from './board.js'
import type { Call, LiveCall } from './call.js'
import { drawWithin, SLOT } from './draws.js'
import { announce } from './events.js'
import { COURSES, type ReportableOutcome } from './outcomes.js'

/** A step of a call's life. */
type Step = (board: Board, call: Call, live: LiveCall) => void

/** Lets a placed call take its course: dialing → ringing → answered → ended, each step by a timer. */
export function dial(board: Board, call: Call, live: LiveCall): void {
  call.state = 'dialing'
  after(board, call, live, drawWithin(call.chance, SLOT.setup, board.settings.setup), reach)
}

/** Lets a call that the carrier has queued begin when it is its turn, `live.queued` from now. */
export function wait(board: Board, call: Call, live: LiveCall): void {
  announce(call, 'queued', live, board.hosts, board.faults)
  after(board, call, live, live.queued, dial)
}

/** The network has found the phone, or has not. */
export function reach(board: Board, call: Call, live: LiveCall): void {
  const { ring = drawWithin(call.chance, SLOT.ring, board.settings.ring) } = live.script
  const { course } = COURSES[live.endsAs]
  if (course === 'dead') {
    endAsPlanned(board, call, live)
    return
  }
  enter(board, call, live, 'ringing')
  const patience = live.attempt.ringTimeout
  if (course !== 'unanswered' && ring < patience) after(board, call, live, ring, react)
  else {
    live.endsAs = 'no_answer'
    after(board, call, live, patience, endAsPlanned)
  }
}

/** Somebody or something reacts to the ringing. */
function react(board: Board, call: Call, live: LiveCall): void {
  const { talk = drawWithin(call.chance, SLOT.talk, board.settings.talk) } = live.script
  if (COURSES[live.endsAs].course === 'declined') {
    endAsPlanned(board, call, live)
    return
  }
  const { maxDuration = Number.POSITIVE_INFINITY } = board.settings.capabilities
  live.answeredAt = board.clock.monotonic()
  live.talk = Math.min(talk, live.attempt.maxDuration, maxDuration)
  board.ledger.append(board.clock.now(), 'answered', call.party)
  enter(board, call, live, 'answered')
  after(board, call, live, live.talk, endAsPlanned)
}

function endAsPlanned(board: Board, call: Call, live: LiveCall): void {
  end(board, call, live, live.endsAs, live.talk)
}

/** The call is over. `duration` is what was talked, in milliseconds. */
export function end(board: Board, call: Call, live: LiveCall, outcome: ReportableOutcome, duration = 0): void {
  if (live.timer) board.clock.clearTimeout(live.timer)
  const { script } = live
  const answered = call.state === 'answered'
  const { raw } = COURSES[outcome]
  call.end = {
    outcome,
    duration,
    cost: script.cost ?? (answered ? Math.max(1, Math.ceil(duration / 60_000)) * board.settings.costPerMinute : 0),
    raw: script.raw ? { ...raw, ...script.raw } : raw,
  }
  board.live--
  board.ledger.append(board.clock.now(), 'ended', call.party, outcome)
  enter(board, call, live, 'ended')
  call.live = undefined
  board.remember(call)
}

function enter(board: Board, call: Call, live: LiveCall, state: 'ringing' | 'answered' | 'ended'): void {
  call.state = state
  call.since = board.clock.now()
  announce(call, state, live, board.hosts, board.faults)
}

/** Takes the next step in `ms`; instant calls do not wait. */
export function after(board: Board, call: Call, live: LiveCall, ms: number, step: Step): void {
  // Whoever heard of the last step may have hung up at once.
  if (call.live !== live) return
  if (board.settings.instant) step(board, call, live)
  else live.timer = board.clock.setTimeout(() => step(board, call, live), ms)
}
