import { formatRef } from '../lifecycle/ref.js'
import { afterStart, startTime } from '../limits/gcra.js'
import { type Held, refusal, take } from '../limits/holds.js'
import type { Fence, Fenced } from '../ports/storage-exchange.js'
import type { Hold } from '../ports/storage-limits.js'
import { closesAt, laneOf, opensAt } from './lanes.js'
import { isListed } from './lists.js'
import { heldClaim, move } from './moves.js'
import { ACTIVE } from './places.js'
import type { JobEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** A start is granted at most this far ahead: a key that many share does not idle because one of them starts late. */
const AHEAD = 50
const NONE: readonly string[] = []
/** A granted start is used within this time or never. */
const START_WITHIN = 2000

/**
 * Fences a claim: everything that limits the start of this call is checked and taken in one step, and the attempt exists
 * from here on. A refusal names every reason and takes nothing.
 */
export function fence(ws: Workspace, request: Fence): Fenced {
  const claim = heldClaim(ws, request.claim)
  if (!claim) return { status: 'gone' }
  const { job, tasks, index } = claim
  const refused = new Refusals(ws.now)
  if (tasks.tag(index) <= (job.outdated ?? 0)) {
    // What was asked is not what would be asked now: nothing that it says counts.
    refused.add('changed', ws.now)
    return refused.told(ws, job, index)
  }
  if (!job.phase.dialable) refused.add(job.phase.state, Number.POSITIVE_INFINITY)
  const startAt = paced(ws, job, refused)
  // The worker decided by the expiry and the hours that it knew; they may have changed since.
  const until = Math.min(request.until, job.timers.expiry?.at ?? Number.POSITIVE_INFINITY)
  if (startAt >= until) refused.add('until', Number.POSITIVE_INFINITY)
  const lane = laneOf(job, tasks.lane(index))
  const closes = closesAt(lane, startAt)
  if (closes === undefined) refused.add('lane', opensAt(lane, startAt))
  for (const { list, member } of request.absent) {
    const entry = ws.list(list)
    if (!entry) continue
    const { asOf = 0, maxAgeMs } = entry
    if (maxAgeMs !== undefined && ws.now - asOf > maxAgeMs) refused.add(`list_stale:${list}`, ws.now + 60_000)
    else if (isListed(entry, member, startAt)) refused.add(`list:${list}`, entry.end(member) as number)
  }
  admits(ws, request.all, [], startAt, refused)
  const choice = choose(ws, request, startAt, refused)
  if (refused.reasons.length > 0) return refused.told(ws, job, index)

  for (const { slots, rate } of ws.gates(job)) {
    slots.live++
    if ('rate' in rate.rule) rate.tat = afterStart(rate.rule, rate.tat, startAt)
  }
  const held: Held[] = []
  for (const hold of request.all) if (hold.n !== 0) held.push(take(ws, hold, startAt))
  for (const hold of request.anyOf[choice] ?? []) if (hold.n !== 0) held.push(take(ws, hold, startAt))

  const attempt = tasks.attempts(index) + 1
  const ref = formatRef(job.id, index, attempt, ws.nonce())
  const startBy = Math.min(startAt + START_WITHIN, until, closes ?? startAt)
  const checkAt = startBy + request.checkAfter
  tasks.setAttempts(index, attempt)
  tasks.setRef(index, ref)
  move(job, tasks, index, ACTIVE)
  job.fenced++
  const { memo } = request
  ws.addLive({
    ref,
    jobId: job.id,
    index,
    attempt,
    rank: 0,
    state: 'fenced',
    unknown: false,
    choice,
    fencedAt: ws.now,
    startBy,
    checkAt,
    since: ws.now,
    memo,
    held,
  })
  ws.log(job, { type: 'fenced', index, ref, choice, startAt, memo })
  return { status: 'fenced', ref, attempt, choice, startAt, startBy }
}

/** When the call may start by every gate of its job. */
function paced(ws: Workspace, job: JobEntry, refused: Refusals): number {
  let startAt = ws.now
  for (const { gate, slots, rate } of ws.gates(job)) {
    // A limit that was lowered since the claim lets the live calls drain before it lets another start.
    if ('slots' in slots.rule && slots.live >= slots.rule.slots) refused.add(gate.slots, ws.now + 1000)
    if ('closedUntil' in slots.rule && slots.rule.closedUntil > ws.now) refused.add(gate.slots, slots.rule.closedUntil)
    if (!('rate' in rate.rule)) continue
    const at = startTime(rate.rule, rate.tat, ws.now, 1)
    if (at > ws.now + AHEAD) refused.add(gate.rate, at - AHEAD)
    else if (at > startAt) startAt = at
  }
  return startAt
}

/** Adds what refuses these holds, each on top of those before it. */
function admits(
  ws: Workspace,
  holds: readonly Hold[],
  before: readonly Hold[],
  startAt: number,
  refused: Refusals,
): void {
  for (const [i, hold] of holds.entries()) {
    let { n } = hold
    for (const other of before) if (other.key === hold.key) n += other.n
    for (let j = 0; j < i; j++) if (holds[j]?.key === hold.key) n += holds[j]?.n ?? 0
    const again = refusal(ws, n === hold.n ? hold : { ...hold, n }, startAt)
    if (again !== undefined) refused.add(hold.limit ?? hold.key, again)
  }
}

/** The first alternative that is admitted; -1 if none was asked for, and refusals of all of them if none is. */
function choose(ws: Workspace, { all, anyOf }: Fence, startAt: number, refused: Refusals): number {
  if (anyOf.length === 0) return -1
  let soonest = Number.POSITIVE_INFINITY
  const reasons: string[] = []
  for (const [choice, holds] of anyOf.entries()) {
    const tried = new Refusals(ws.now)
    admits(ws, holds, all, startAt, tried)
    if (tried.reasons.length === 0) return choice
    reasons.push(...tried.reasons)
    soonest = Math.min(soonest, tried.retryAt)
  }
  for (const reason of reasons) refused.add(reason, soonest)
  return -1
}

/** All reasons that say no, and when the last of them may say yes. */
class Refusals {
  reasons: readonly string[] = NONE
  retryAt: number
  constructor(now: number) {
    this.retryAt = now
  }
  add(reason: string, until: number): void {
    this.reasons = [...this.reasons, reason]
    if (until > this.retryAt) this.retryAt = until
  }
  told(ws: Workspace, job: JobEntry, index: number): Fenced {
    const { reasons, retryAt } = this
    ws.log(job, { type: 'refused', index, reasons, retryAt })
    return { status: 'refused', reasons, retryAt }
  }
}
