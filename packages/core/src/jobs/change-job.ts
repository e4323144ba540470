import type { Host } from '../engine/host.js'
import { isOutdialError, OutdialError } from '../errors/outdial-error.js'
import { type JobEvent, type JobState, requestJob } from '../lifecycle/job.js'
import { phaseOf, type Stop, stopping } from '../lifecycle/phase.js'
import type { Change, JobRecord, Timers } from '../ports/storage-jobs.js'
import { isOver } from './snapshot.js'
import type { JobSpec } from './spec.js'

/** Reading and changing again this often means that somebody else changes the job all the time. */
const TRIES = 20

/**
 * Changes a job by what it is: reads it, has `make` decide, and stores the change if nobody else was faster; else again.
 * With `ifRevision`, the user's own condition, there is no second try.
 */
export async function changeJob(
  host: Host,
  jobId: string,
  make: (job: JobRecord, spec: JobSpec) => Change,
  ifRevision?: number,
): Promise<JobRecord> {
  for (let tries = 1; ; tries++) {
    const job = await host.storage.getJob(jobId)
    if (!job) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
    try {
      const change = make(job, JSON.parse(job.spec) as JobSpec)
      if (Object.keys(change).length === 0 && (ifRevision ?? job.revision) === job.revision) return job
      const changed = await host.storage.control(jobId, change, ifRevision ?? job.revision)
      tellState(host, job, changed)
      return changed
    } catch (error) {
      if (ifRevision !== undefined || tries >= TRIES || !isOutdialError(error, 'revision_conflict')) throw error
    }
  }
}

/** The same for jobs that were found a while ago, in a list say: one that somebody has deleted since is none to be changed. */
export async function changeIfThere(
  host: Host,
  jobId: string,
  make: (job: JobRecord, spec: JobSpec) => Change,
): Promise<void> {
  try {
    await changeJob(host, jobId, make)
  } catch (error) {
    if (!isOutdialError(error, 'job_not_found')) throw error
  }
}

/** Tells of a job that has got into another state, in this process. */
function tellState(host: Host, before: JobRecord, after: JobRecord): void {
  if (before.phase.state === after.phase.state && before.phase.reason === after.phase.reason) return
  const { state, reason } = after.phase
  const told = { jobId: after.id, state: state as JobState, ...(reason !== undefined && { reason }) }
  host.events.emit('job.changed', told)
  if (isOver(after)) host.events.emit('job.ended', told)
}

/** A step of the job's life that a user asks for. */
export function step(job: JobRecord, spec: JobSpec, event: JobEvent, reason?: string): Change {
  const state = requestJob(job.id, job.phase.state as JobState, event)
  return { phase: phaseOf(state, { keepOpen: spec.keepOpen, ...(reason !== undefined && { reason }) }) }
}

/** Ends a job: what waits ends now, what is live ends by itself. */
export function stop(job: JobRecord, how: Stop, reason: string): Change {
  requestJob(job.id, job.phase.state as JobState, how)
  return { ...stopping(how, reason), timers: {} }
}

/** The timers of a job: its start, unless it has begun, and its expiry. */
export function timersOf(spec: JobSpec, scheduled: boolean): Timers {
  const timers: Timers = {}
  if (scheduled && spec.startAt !== undefined) {
    timers.start = { at: spec.startAt, phase: phaseOf('queued', { keepOpen: spec.keepOpen }) }
  }
  if (spec.expiresAt !== undefined) timers.expiry = { at: spec.expiresAt, ...stopping('expire', 'expired') }
  return timers
}
