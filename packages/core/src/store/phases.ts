import type { Phase, Sweep, Timers } from '../ports/storage-jobs.js'
import { ready, timerWaker, unready, wakeAt } from './fair-order.js'
import type { JobEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** Tasks that have not ended. */
function openTasks(job: JobEntry): number {
  const { fresh, deferred, claimed, active, unknown } = job.counts
  return fresh + deferred + claimed + active + unknown
}

/** Enters a phase, and the ones that follow from it at once. */
export function enter(ws: Workspace, job: JobEntry, phase: Phase): void {
  const was = job.phase
  job.phase = phase
  bump(ws, job)
  if (was.state !== phase.state || was.reason !== phase.reason) {
    ws.log(job, {
      type: 'job',
      state: phase.state,
      revision: job.revision,
      ...(phase.reason !== undefined && { reason: phase.reason }),
    })
  }
  if (phase.dialable) ready(ws, job)
  else unready(ws, job)
  settle(ws, job)
}

/** Ends a job that has nothing left to do. */
export function settle(ws: Workspace, job: JobEntry): void {
  const { onDrained } = job.phase
  if (!onDrained || job.loading || job.batches.length === 0 || openTasks(job) > 0) return
  job.endedAt = ws.now
  job.timers = {}
  ws.wakes.delete(timerWaker(job))
  enter(ws, job, onDrained)
}

/** Counts a change of the job. */
export function bump(ws: Workspace, job: JobEntry): void {
  job.revision++
  ws.changed(job)
}

/** Sets both timers. A swept job keeps none. */
export function setTimers(ws: Workspace, job: JobEntry, given: Timers): void {
  const timers = job.sweep ? {} : given
  job.timers = timers
  const next = Math.min(timers.start?.at ?? Number.POSITIVE_INFINITY, timers.expiry?.at ?? Number.POSITIVE_INFINITY)
  ws.wakes.delete(timerWaker(job))
  if (next < Number.POSITIVE_INFINITY) wakeAt(ws, timerWaker(job), next)
}

/** Does what a job's timers have due. A job that is over has none. */
export function fireTimers(ws: Workspace, job: JobEntry): void {
  const { start, expiry } = job.timers
  if (expiry && expiry.at <= ws.now) {
    sweep(ws, job, expiry.sweep)
    enter(ws, job, expiry.phase)
    return
  }
  if (!start || start.at > ws.now) return
  // A job without tasks does not start; its first batch sets the timers anew.
  if (job.batches.length === 0) {
    if (expiry) wakeAt(ws, timerWaker(job), expiry.at)
    return
  }
  setTimers(ws, job, expiry ? { expiry } : {})
  enter(ws, job, start.phase)
}

/**
 * Ends every waiting task at once, by arithmetic. The first sweep counts. A swept job has no use for its timers any more,
 * nor for a batch that is being added: what was staged stays invisible.
 */
export function sweep(ws: Workspace, job: JobEntry, how: Sweep): void {
  if (job.sweep) return
  job.sweep = how
  setTimers(ws, job, {})
  unready(ws, job)
  if (job.batches.length > 0) delete job.loading
  const { counts } = job
  const count = counts.fresh + counts.deferred
  counts.fresh = 0
  counts.deferred = 0
  counts[how.terminal] += count
  if (count === 0) return
  const label = `${how.terminal}/${how.reason}`
  job.reasons[label] = (job.reasons[label] ?? 0) + count
  ws.log(job, { type: 'swept', count, terminal: how.terminal, reason: how.reason })
}
