import type { Next, Terminal } from '../ports/storage-jobs.js'
import { jobWaker, ready, wakeAt } from './fair-order.js'
import { CLAIMED, DEFERRED, PLACES, terminalCode } from './places.js'
import type { JobEntry } from './records.js'
import type { Tasks, Workspace } from './workspace.js'

/** Moves a task and keeps the counters. */
export function move(job: JobEntry, tasks: Tasks, index: number, to: number): void {
  const { counts } = job
  counts[PLACES[tasks.place(index)] as keyof typeof counts]--
  counts[PLACES[to] as keyof typeof counts]++
  tasks.setPlace(index, to)
}

/** The index of a claim that still holds its task, else `undefined`. */
export function heldClaim(ws: Workspace, claim: string): { job: JobEntry; tasks: Tasks; index: number } | undefined {
  const tagAt = claim.lastIndexOf(':')
  const indexAt = claim.lastIndexOf(':', tagAt - 1)
  const job = ws.job(claim.slice(0, indexAt))
  if (!job) return undefined
  const tasks = ws.tasks(job)
  const index = Number(claim.slice(indexAt + 1, tagAt))
  if (tasks.place(index) !== CLAIMED || tasks.tag(index) !== Number(claim.slice(tagAt + 1))) return undefined
  return { job, tasks, index }
}

/**
 * What happens to a task that leaves a claim or an attempt. In a swept job nothing waits: the task ends as the sweep says.
 * Returns when it waits until; `undefined` when it has ended. Ending the last task of a job is left to `settle`.
 */
export function follow(ws: Workspace, job: JobEntry, tasks: Tasks, index: number, next: Next): number | undefined {
  if (next.memo !== undefined) tasks.setMemo(index, next.memo)
  if ('terminal' in next) {
    end(ws, job, tasks, index, next.terminal, next.reason)
    return undefined
  }
  if (job.sweep) {
    end(ws, job, tasks, index, job.sweep.terminal, job.sweep.reason)
    return undefined
  }
  const at = Math.max(next.waitUntil, ws.now)
  move(job, tasks, index, DEFERRED)
  defer(ws, job, tasks, index, at)
  return at
}

/** Has a deferred task come up at a time. */
export function defer(ws: Workspace, job: JobEntry, tasks: Tasks, index: number, at: number): void {
  tasks.setWaitUntil(index, at)
  ws.due(job, tasks.lane(index)).add(at, index)
  if (at <= ws.now) ready(ws, job)
  else wakeAt(ws, jobWaker(job), at)
}

function end(ws: Workspace, job: JobEntry, tasks: Tasks, index: number, terminal: Terminal, reason: string): void {
  move(job, tasks, index, terminalCode(terminal))
  tasks.setReason(index, reason)
  const label = `${terminal}/${reason}`
  job.reasons[label] = (job.reasons[label] ?? 0) + 1
  ws.log(job, { type: 'ended', index, terminal, reason })
}
