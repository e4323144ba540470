import type { JobState } from '../lifecycle/job.js'
import { isJobOver } from '../lifecycle/job.js'
import { shown } from '../operations/secrets.js'
import type { JobRecord, Terminal } from '../ports/storage-jobs.js'
import type { JobSpec } from './spec.js'

/** Why a running job does not dial right now, and until when, if that is known. */
export interface Hindrance {
  /**
   * `window`: closed hours. `retry`: everybody waits for a time of their own, whatever set it: a retry, a callback, a cap, a cool-down, a
   * budget; `job.explain(contact)` says which. `capacity`: as many calls are live as the job's `concurrency` allows. `pacing`: it has a `cps`
   * and contacts that are due; another limit (of its number, organization or route) may be what holds them. `breaker`: its route fails, and is only probed until that is over.
   */
  reason: 'window' | 'retry' | 'capacity' | 'pacing' | 'breaker'
  until?: number
}

/** A job at a moment. All times in milliseconds since the epoch. */
export interface JobSnapshot {
  id: string
  organization: string
  kind: 'calls' | 'operations'
  name: string
  description?: string
  metadata?: Readonly<Record<string, unknown>>
  state: JobState
  /** Why it is in this state, e.g. why it is paused. */
  reason?: string
  /** With `running`: why nothing can be started right now. */
  waitingFor?: Hindrance
  /** Goes up with every change of the job itself. */
  revision: number
  createdAt: number
  startAt?: number
  startedAt?: number
  /** It started more than a minute after its time: nobody was there to start it. */
  late?: boolean
  endedAt?: number
  /** With `paused`: when it goes on by itself. Absent: when somebody resumes it. */
  resumeAt?: number
  expiresAt?: number
  /** Share among the organization's backlogged jobs. */
  weight: number
  /** Share of the calls that goes to contacts never called while others are due again. Absent: those due again come first. */
  freshShare?: number
  /** By where they are. `deferred` ones are part of `waiting`: tried before and to be retried, or given back. */
  tasks: { total: number; open: number; waiting: number; deferred: number; active: number; unknown: number } & Record<
    Terminal,
    number
  >
  /** Tasks ended, by `state/reason`. */
  reasons: Readonly<Record<string, number>>
  /** Attempts: begun, proven or presumed placed, live now. */
  calls: { begun: number; placed: number; live: number }
  /** Attempts ended, by outcome: placed calls, and numbers that the carrier refused as `invalid_number` without placing. */
  byOutcome: Readonly<Record<string, number>>
  /** The definition: options with durations in milliseconds, without secrets. */
  spec: JobSpec
}

const LATE = 60_000

/** A job for users. */
export function jobSnapshot(job: JobRecord, now: number): JobSnapshot {
  const spec = shownSpec(JSON.parse(job.spec) as JobSpec)
  const { total, fresh, deferred, claimed, active, unknown, ...ended } = job.counts
  const waiting = fresh + deferred + claimed
  const waitingFor = hindrance(job, spec, now)
  const state = job.phase.state as JobState
  const resumeAt = resumesAt(job)
  return {
    id: job.id,
    organization: job.organization,
    kind: spec.kind,
    name: spec.name,
    ...(spec.description !== undefined && { description: spec.description }),
    ...(spec.metadata !== undefined && { metadata: spec.metadata }),
    state,
    ...(job.phase.reason !== undefined && { reason: job.phase.reason }),
    ...(waitingFor && { waitingFor }),
    revision: job.revision,
    createdAt: job.createdAt,
    ...(spec.startAt !== undefined && { startAt: spec.startAt }),
    ...(job.startedAt !== undefined && { startedAt: job.startedAt }),
    ...(isLate(job, spec) && { late: true }),
    ...(job.endedAt !== undefined && { endedAt: job.endedAt }),
    ...(resumeAt !== undefined && { resumeAt }),
    ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
    weight: job.weight,
    ...(job.freshShare !== undefined && { freshShare: job.freshShare }),
    tasks: { total, open: waiting + active + unknown, waiting, deferred, active, unknown, ...ended },
    reasons: job.reasons,
    calls: { begun: job.fenced, placed: job.placed, live: active + unknown },
    byOutcome: job.outcomes,
    spec,
  }
}

function shownSpec(spec: JobSpec): JobSpec {
  return spec.kind === 'operations' && spec.data ? { ...spec, data: shown(spec.data, spec.secrets) } : spec
}

/** When the pause of a job ends by itself; `undefined` when it is not paused, or until somebody resumes it. */
export function resumesAt({ phase, timers }: JobRecord): number | undefined {
  return phase.state === 'paused' ? timers.start?.at : undefined
}

/** Whether a job has reached a final state. */
export function isOver(job: JobRecord): boolean {
  return isJobOver(job.phase.state as JobState)
}

function isLate(job: JobRecord, spec: JobSpec): boolean {
  return spec.startAt !== undefined && job.startedAt !== undefined && job.startedAt > spec.startAt + LATE
}

function hindrance(job: JobRecord, spec: JobSpec, now: number): Hindrance | undefined {
  const { fresh, deferred, active, unknown } = job.counts
  if (job.phase.state !== 'running' || fresh + deferred === 0) return undefined
  const closed = job.lanes.every(({ open }) => open !== null && !isOpenAt(open, now))
  if (closed) return { reason: 'window', ...(job.nextDue !== undefined && { until: job.nextDue }) }
  if (job.nextDue !== undefined) return { reason: 'retry', until: job.nextDue }
  if (spec.concurrency !== undefined && active + unknown >= spec.concurrency) return { reason: 'capacity' }
  return spec.cps === undefined ? undefined : { reason: 'pacing' }
}

function isOpenAt(open: readonly number[], now: number): boolean {
  for (let i = 0; i + 1 < open.length; i += 2) {
    if (now >= (open[i] as number) && now < (open[i + 1] as number)) return true
  }
  return false
}
