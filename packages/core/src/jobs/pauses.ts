import type { JobState } from '../lifecycle/job.js'
import { phaseOf } from '../lifecycle/phase.js'
import type { Change, JobRecord, Timers } from '../ports/storage-jobs.js'
import { step, timersOf } from './change-job.js'
import { resumesAt } from './snapshot.js'
import type { JobSpec } from './spec.js'

/** A pause: why, and until when, if it ends by itself. */
export interface Pause {
  reason?: string | undefined
  /** Store time. Absent: until somebody resumes the job. */
  until?: number | undefined
}

/** Has the engine pause a job, unless it is paused or does not dial anyway. Never throws; a store that is away is told of. */
export type PauseJob = (jobId: string, reason: string, until?: number) => void

/** The timers of a job as it is now, with what its definition says now: the end of its pause among them. */
export function timersNow(job: JobRecord, spec: JobSpec): Timers {
  const at = resumesAt(job)
  const timers = timersOf(spec, job.phase.state === 'scheduled')
  return at === undefined ? timers : { ...timers, start: ending(at, spec) }
}

/**
 * Pauses a job at somebody's request. One whose pause ends by itself may be paused anew, with another reason and end or none:
 * what a person asks for goes before what the engine has done. A pause without an end is only ended by `resume`.
 */
export function pausing(job: JobRecord, spec: JobSpec, { reason, until }: Pause): Change {
  const timers = timersOf(spec, false)
  if (until !== undefined) timers.start = ending(until, spec)
  if (resumesAt(job) === undefined) return { ...step(job, spec, 'pause', reason), timers }
  const given = { keepOpen: spec.keepOpen, ...(reason !== undefined && { reason }) }
  return { phase: phaseOf('paused', given), timers }
}

/**
 * Pauses a job for a reason that the engine has found: only one that dials, so that no pause that is there already, a user's
 * above all, is replaced or gets an end.
 */
export function pausingItself(job: JobRecord, spec: JobSpec, pause: Pause): Change {
  return job.phase.dialable ? pausing(job, spec, pause) : {}
}

/** Goes on, by hand: an end that the pause had is forgotten. */
export function resuming(job: JobRecord, spec: JobSpec): Change {
  return { ...step(job, spec, 'resume'), timers: timersOf(spec, false) }
}

function ending(at: number, { keepOpen }: JobSpec): NonNullable<Timers['start']> {
  const resumed: JobState = 'running'
  return { at, phase: phaseOf(resumed, { keepOpen }) }
}
