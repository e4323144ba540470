import type { Limit, Next, Phase, Report, Sweep } from '@outdial/core'
import { repace } from './pace.js'
import { keep } from './people.js'
import {
  claimedTask,
  isLive,
  isOver,
  isWaiting,
  limitOf,
  liveTask,
  type ModelHeld,
  type ModelJob,
  type ModelTask,
  type World,
} from './world.js'

/** What happens by time: timers, then leases. */
export function tick(world: World): void {
  for (const job of world.jobs.values()) {
    const { start, expiry } = job.timers
    if (expiry && expiry.at <= world.now) {
      sweep(job, expiry.sweep)
      enter(world, job, expiry.phase)
    } else if (start && start.at <= world.now && job.batches.length > 0) {
      job.timers = expiry ? { expiry } : {}
      enter(world, job, start.phase)
    }
  }
  for (const job of world.jobs.values()) {
    for (const task of job.tasks)
      if (task.claim && task.claim.until <= world.now) follow(world, job, task, { waitUntil: 0 })
    settle(world, job)
  }
}

export function enter(world: World, job: ModelJob, phase: Phase): void {
  job.phase = phase
  settle(world, job)
}

/** A job without anything to do any more ends. */
export function settle(world: World, job: ModelJob): void {
  const { onDrained } = job.phase
  if (!onDrained || job.loading || job.batches.length === 0 || !job.tasks.every(isOver)) return
  job.endedAt = world.now
  job.timers = {}
  enter(world, job, onDrained)
}

/** Ends what waits. The first sweep counts, and ends the timers too: they are about a job that goes on. */
export function sweep(job: ModelJob, how: Sweep): void {
  if (job.sweep) return
  job.sweep = how
  job.timers = {}
  if (job.batches.length > 0) delete job.loading
  for (const task of job.tasks) if (isWaiting(task)) end(task, how.terminal, how.reason)
}

function end(task: ModelTask, terminal: ModelTask['place'], reason: string): void {
  task.place = terminal
  task.reason = reason
}

/** A task leaves its claim or its attempt. */
export function follow(world: World, job: ModelJob, task: ModelTask, next: Next): void {
  delete task.claim
  delete task.live
  if (next.memo !== undefined) task.memo = next.memo
  if ('terminal' in next) {
    end(task, next.terminal, next.reason)
  } else if (job.sweep) {
    end(task, job.sweep.terminal, job.sweep.reason)
  } else {
    task.place = 'deferred'
    task.waitUntil = Math.max(next.waitUntil, world.now)
  }
}

export function setLimit(world: World, { key, revision, ...rule }: Limit): void {
  const limit = limitOf(world, key)
  if (revision <= limit.revision) return
  limit.revision = revision
  repace(world, key, rule as typeof limit.rule)
}

/** Applies a report; false when it is stale. */
export function tell(world: World, report: Report): boolean {
  if (report.kind === 'return') return giveBack(world, report)
  if (report.kind === 'note') return note(world, report)
  if (report.kind === 'adopt') return adopt(world, report)
  const found = liveTask(world, report.ref)
  if (!found) return false
  const { job, task, live } = found
  if (report.kind === 'close') {
    if ((live.notes ?? 0) > (report.heard ?? 0)) return false
    close(world, job, task, live.held, report)
    settle(world, job)
    return true
  }
  if (report.kind === 'doubt' ? live.unknown : live.unknown ? report.rank < live.rank : report.rank <= live.rank)
    return false
  live.state = report.kind === 'doubt' ? 'unknown' : report.state
  live.unknown = live.state === 'unknown'
  task.place = live.unknown ? 'unknown' : 'active'
  live.since = world.now
  if (report.kind === 'progress') live.rank = report.rank
  if (report.kind === 'progress' && report.callId !== undefined) live.callId = report.callId
  if (report.memo !== undefined) live.memo = report.memo
  if (report.checkAt !== undefined) live.checkAt = report.checkAt
  return true
}

type Told<Kind extends Report['kind']> = Extract<Report, { kind: Kind }>

function giveBack(world: World, { claim, next }: Told<'return'>): boolean {
  const found = claimedTask(world, claim)
  if (!found) return false
  follow(world, found.job, found.task, next)
  settle(world, found.job)
  return true
}

function close(world: World, job: ModelJob, task: ModelTask, held: readonly ModelHeld[], told: Told<'close'>): void {
  for (const { key, limit, kind, n, at } of held) {
    const stored = limitOf(world, limit)
    if (kind === 'money' && told.placed) limitOf(world, key).spent += told.spent ?? n
    if (kind !== 'cap' || told.placed) continue
    const stamps = stored.stamps.get(key) ?? []
    for (let i = 0; i < n; i++) if (stamps.includes(at)) stamps.splice(stamps.indexOf(at), 1)
  }
  if (told.outcome !== '') job.outcomes[told.outcome] = (job.outcomes[told.outcome] ?? 0) + 1
  if (told.placed) job.placed++
  task.results.push(told.result)
  keep(world, job, job.tasks.indexOf(task), told)
  follow(world, job, task, told.next)
}

function note(world: World, told: Told<'note'>): boolean {
  const { ref, id, spent, amend, memo } = told
  const [jobId, index] = ref.split(':') as [string, string]
  const job = world.jobs.get(jobId)
  const task = job?.tasks[Number(index)]
  if (!job || !task || task.notes.includes(`${ref} ${id}`)) return false
  if (memo !== undefined) {
    if (task.live?.ref !== ref) return false
    task.live.memo = memo
    task.live.notes = (task.live.notes ?? 0) + 1
  }
  task.notes.push(`${ref} ${id}`)
  for (const { key, n } of spent ?? []) limitOf(world, key).spent += n
  if (amend && amend.position < task.results.length) task.results[amend.position] = amend.result
  keep(world, job, Number(index), told)
  return true
}

function adopt(world: World, { ref, rank, memo, checkAt }: Told<'adopt'>): boolean {
  const [jobId, index, attempt] = ref.split(':') as [string, string, string]
  const job = world.jobs.get(jobId)
  const task = job?.tasks[Number(index)]
  if (!job || !task || isOver(task) || isLive(task) || Number(attempt) <= task.attempts) return false
  delete task.claim
  task.place = 'unknown'
  task.attempts = Number(attempt)
  job.fenced++
  world.refs.push(ref)
  const { now } = world
  task.live = {
    ref,
    attempt: task.attempts,
    rank,
    state: 'unknown',
    unknown: true,
    choice: -1,
    startBy: now,
    fencedAt: now,
    checkAt,
    since: now,
    memo,
    held: [],
  }
  return true
}
