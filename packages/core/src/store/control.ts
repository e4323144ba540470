import { OutdialError } from '../errors/outdial-error.js'
import type { Change } from '../ports/storage-jobs.js'
import { ready } from './fair-order.js'
import { setLimit } from './gates.js'
import { defer, follow, move } from './moves.js'
import { noteText } from './notes.js'
import { bump, enter, setTimers, settle, sweep } from './phases.js'
import { CLAIMED, DEFERRED, ENDED, FRESH } from './places.js'
import type { JobEntry } from './records.js'
import { tick } from './tick.js'
import type { Workspace } from './workspace.js'

/** The rules of `Storage.control`. */
export function control(ws: Workspace, jobId: string, change: Change, ifRevision: number | undefined): JobEntry {
  tick(ws)
  const job = ws.job(jobId)
  if (!job) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
  const text = JSON.stringify([change, ifRevision])
  if (job.told?.text === text && (ifRevision !== undefined || job.told.lastEvent === job.lastEvent)) return job
  if (ifRevision !== undefined && ifRevision !== job.revision) {
    throw new OutdialError(
      'revision_conflict',
      `Job ${jobId} is at revision ${job.revision}, not ${ifRevision}. Read it again and repeat the change.`,
      { jobId, revision: job.revision, ifRevision },
    )
  }
  if (change.task) {
    const { index, unlessNoted } = change.task
    checkTask(ws, job, index)
    if (unlessNoted && ws.tasks(job).hasNote(index, noteText(unlessNoted))) return job
  }

  if (change.spec !== undefined) {
    job.spec = change.spec
    job.outdated = ws.nextTag()
  }
  if (change.weight !== undefined) job.weight = change.weight
  if (change.freshShare === null) {
    delete job.freshShare
    // Whoever gets a share again begins anew.
    for (const lane of job.lanes) delete lane.owed
  } else if (change.freshShare !== undefined) job.freshShare = change.freshShare
  for (const limit of change.limits ?? []) setLimit(ws, limit)
  for (const lane of change.lanes ?? []) setLane(ws, job, lane)
  if (change.timers) setTimers(ws, job, change.timers)
  if (change.task) changeTask(ws, job, change.task.index, change.task.next)
  if (change.sweep) sweep(ws, job, change.sweep)
  const { state, reason } = job.phase
  if (change.phase) enter(ws, job, change.phase)
  else bump(ws, job)
  if ((state === job.phase.state && reason === job.phase.reason) || change.note !== undefined) {
    ws.log(job, { type: 'changed', revision: job.revision, ...(change.note !== undefined && { note: change.note }) })
  }
  settle(ws, job)
  tick(ws)
  job.told = { text, lastEvent: job.lastEvent }
  return job
}

/** Forgets what a job was told of a task last, whose memo says something of a person. Repeated, it is judged anew. */
export function forgetTold(job: JobEntry, index: number): void {
  if (!job.told) return
  const [change] = JSON.parse(job.told.text) as [Change]
  if (change.task?.index === index) delete job.told
}

function setLane(ws: Workspace, job: JobEntry, change: NonNullable<Change['lanes']>[number]): void {
  const lane = job.lanes.find((known) => known.lane === change.lane)
  if (!lane) return
  lane.open = change.open
  if (lane.priority !== change.priority) {
    lane.priority = change.priority
    job.lanes.sort((a, b) => b.priority - a.priority || a.lane - b.lane)
  }
  ready(ws, job)
}

function checkTask(ws: Workspace, job: JobEntry, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= job.counts.total) {
    throw new OutdialError('task_not_found', `Job ${job.id} has no task ${index}.`, { jobId: job.id, index })
  }
  const place = ws.tasks(job).place(index)
  if (place >= ENDED || (job.sweep && (place === FRESH || place === DEFERRED))) {
    throw new OutdialError('task_ended', `Task ${index} of job ${job.id} has ended.`, { jobId: job.id, index })
  }
  if (place >= CLAIMED) {
    throw new OutdialError('task_busy', `Task ${index} of job ${job.id} is being dialed.`, { jobId: job.id, index })
  }
}

function changeTask(ws: Workspace, job: JobEntry, index: number, next: NonNullable<Change['task']>['next']): void {
  const tasks = ws.tasks(job)
  if ('terminal' in next) {
    follow(ws, job, tasks, index, next)
    return
  }
  if (next.memo !== undefined) tasks.setMemo(index, next.memo)
  move(job, tasks, index, DEFERRED)
  defer(ws, job, tasks, index, Math.max(next.waitUntil, ws.now))
}
