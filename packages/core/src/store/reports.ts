import { parseRef } from '../lifecycle/ref.js'
import { release } from '../limits/holds.js'
import type { Report } from '../ports/storage-exchange.js'
import { wakeAll } from './fair-order.js'
import { free } from './gates.js'
import { addMember } from './lists.js'
import { follow, heldClaim, move } from './moves.js'
import { noteText } from './notes.js'
import { settle } from './phases.js'
import { ACTIVE, CLAIMED, DEFERRED, FRESH, UNKNOWN } from './places.js'
import type { JobEntry, LiveEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** Applies one report; false when it is stale and has changed nothing. */
export function report(ws: Workspace, told: Report): boolean {
  switch (told.kind) {
    case 'return':
      return giveBack(ws, told)
    case 'progress':
      return progress(ws, told)
    case 'doubt':
      return doubt(ws, told)
    case 'close':
      return close(ws, told)
    case 'note':
      return note(ws, told)
    case 'adopt':
      return adopt(ws, told)
  }
}

type Told<Kind extends Report['kind']> = Extract<Report, { kind: Kind }>

function giveBack(ws: Workspace, { claim, next }: Told<'return'>): boolean {
  const held = heldClaim(ws, claim)
  if (!held) return false
  const { job, tasks, index } = held
  free(ws, job, 1, false)
  const waitUntil = follow(ws, job, tasks, index, next)
  if (waitUntil !== undefined) {
    const reasons = 'reasons' in next && next.reasons ? { reasons: next.reasons } : {}
    ws.log(job, { type: 'returned', index, waitUntil, ...reasons })
  }
  settle(ws, job)
  return true
}

function progress(ws: Workspace, { ref, rank, state, memo, callId, checkAt }: Told<'progress'>): boolean {
  const live = ws.live(ref)
  if (!live || (live.unknown ? rank < live.rank : rank <= live.rank)) return false
  const job = ws.job(live.jobId) as JobEntry
  live.rank = rank
  live.state = state
  live.since = ws.now
  const unknown = state === 'unknown'
  if (live.unknown !== unknown) {
    live.unknown = unknown
    move(job, ws.tasks(job), live.index, unknown ? UNKNOWN : ACTIVE)
  }
  if (memo !== undefined) live.memo = memo
  if (callId !== undefined) live.callId = callId
  if (checkAt !== undefined) live.checkAt = checkAt
  ws.log(job, { type: 'progress', index: live.index, ref, state })
  return true
}

function doubt(ws: Workspace, { ref, memo, checkAt }: Told<'doubt'>): boolean {
  const live = ws.live(ref)
  if (!live || live.unknown) return false
  const job = ws.job(live.jobId) as JobEntry
  live.unknown = true
  live.state = 'unknown'
  live.since = ws.now
  if (memo !== undefined) live.memo = memo
  move(job, ws.tasks(job), live.index, UNKNOWN)
  live.checkAt = checkAt
  ws.log(job, { type: 'progress', index: live.index, ref, state: 'unknown' })
  return true
}

function close(ws: Workspace, told: Told<'close'>): boolean {
  const live = ws.live(told.ref)
  if (!live || (live.notes ?? 0) > (told.heard ?? 0)) return false
  const { index, ref } = live
  const { placed, outcome, result } = told
  const job = ws.job(live.jobId) as JobEntry
  const tasks = ws.tasks(job)
  ws.dropLive(live)
  tasks.setRef(index, undefined)
  free(ws, job, 1, true)
  for (const held of live.held) {
    release(ws, held, placed, told.spent)
    if (held.kind === 'slots') wakeAll(ws, ws.parked(held.key))
  }
  if (outcome !== '') job.outcomes[outcome] = (job.outcomes[outcome] ?? 0) + 1
  if (placed) job.placed++
  tasks.addResult(index, result)
  keep(ws, job, index, told)
  const waits = job.sweep || 'terminal' in told.next ? {} : { waitUntil: Math.max(told.next.waitUntil, ws.now) }
  ws.log(job, { type: 'closed', index, ref, placed, outcome, result, ...waits })
  follow(ws, job, tasks, index, told.next)
  settle(ws, job)
  return true
}

function note(ws: Workspace, told: Told<'note'>): boolean {
  const { ref, id, data, spent, amend, memo } = told
  const parts = parseRef(ref)
  const job = parts && ws.job(parts.jobId)
  if (!job || parts.index >= job.counts.total) return false
  const live = memo === undefined ? undefined : ws.live(ref)
  if (memo !== undefined && !live) return false
  if (!ws.tasks(job).noteOnce(parts.index, noteText(told))) return false
  for (const { key, n } of spent ?? []) ws.limit(key).spent += n
  if (amend) ws.tasks(job).setResult(parts.index, amend.position, amend.result)
  if (live && memo !== undefined) {
    live.memo = memo
    live.notes = (live.notes ?? 0) + 1
  }
  keep(ws, job, parts.index, told)
  ws.log(job, { type: 'note', index: parts.index, ref, id, data })
  return true
}

/** What a report leaves behind besides its attempt: people on lists, and an entry of the ledger. */
function keep(ws: Workspace, job: JobEntry, index: number, { enlist, ledger }: Told<'close' | 'note'>): void {
  for (const { list, ...member } of enlist ?? []) addMember(ws.makeList(list), member, ws.now)
  if (ledger !== undefined) ws.addLedger(job, index, ledger)
}

function adopt(ws: Workspace, { ref, rank, memo, checkAt }: Told<'adopt'>): boolean {
  const parts = parseRef(ref)
  const job = parts && ws.job(parts.jobId)
  if (!job || parts.index >= job.counts.total) return false
  const { index, attempt } = parts
  const tasks = ws.tasks(job)
  const place = tasks.place(index)
  const waits = (place === FRESH || place === DEFERRED) && !job.sweep
  if ((!waits && place !== CLAIMED) || attempt <= tasks.attempts(index)) return false
  if (place === CLAIMED) free(ws, job, 1, false)
  for (const { slots } of ws.gates(job)) {
    slots.used++
    slots.live++
  }
  tasks.setAttempts(index, attempt)
  tasks.setRef(index, ref)
  move(job, tasks, index, UNKNOWN)
  job.fenced++
  const live: LiveEntry = {
    ref,
    jobId: job.id,
    index,
    attempt,
    rank,
    state: 'unknown',
    unknown: true,
    choice: -1,
    fencedAt: ws.now,
    startBy: ws.now,
    checkAt,
    since: ws.now,
    memo,
    held: [],
  }
  ws.addLive(live)
  ws.log(job, { type: 'progress', index, ref, state: 'unknown' })
  return true
}
