import { hindered } from '../breaker/hindered.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import type { Listener, Unsubscribe } from '../events/emitter.js'
import type { EngineEvents } from '../events/event-map.js'
import { isJobOver, type JobState } from '../lifecycle/job.js'
import { resolveSchedule, type ScheduleTime } from '../policy/schedule.js'
import type { Change, JobRecord } from '../ports/storage-jobs.js'
import { changeJob, step, stop, timersOf } from './change-job.js'
import { type JobLogEntry, logEntry } from './event-view.js'
import { checkExpected, type ExpectCount } from './expected-count.js'
import type { IntakeReport } from './intake-report.js'
import { pausing, resuming, timersNow } from './pauses.js'
import { parsePauseReason, parseReason } from './reasons.js'
import { isOver, type JobSnapshot, jobSnapshot } from './snapshot.js'
import type { JobSpec } from './spec.js'

/** A condition on a change: the revision that was last read. Another one now: `revision_conflict`, and nothing changes. */
export interface IfRevision {
  ifRevision?: number
}

/** Another process may have ended the job: so often its record is read. */
const POLL = 5000
const PAGE = 500

/**
 * A job of either kind. Every method may be called in any process that has the store, at any time; one that the job's
 * state does not allow throws `illegal_transition`, an unknown job `job_not_found`.
 */
export class JobHandle<Variables = Record<string, unknown>> {
  readonly id: string
  /** What became of the rows this handle was created with; of a handle got by id, those of the job's creation. */
  readonly intake: IntakeReport
  /** Creating found the job there already: the same idempotency key. */
  readonly replayed: boolean
  protected readonly host: Host

  constructor(host: Host, id: string, intake: IntakeReport, replayed: boolean) {
    this.host = host
    this.id = id
    this.intake = intake
    this.replayed = replayed
  }

  /** The job as it is now. */
  async snapshot(): Promise<JobSnapshot> {
    const job = await this.read()
    return hindered(this.host, job.route, jobSnapshot(job, this.host.now()))
  }

  /**
   * Resolves when the job has reached a final state, wherever that happened. The engine of some process has to run for it.
   * Rejects with `aborted` when the signal aborts, with `engine_stopped` when this engine is stopped before the job has ended.
   */
  async finished(options: { signal?: AbortSignal } = {}): Promise<JobSnapshot> {
    const { signal } = options
    let poke: (() => void) | undefined
    const off = this.host.events.on('job.changed', ({ jobId }) => {
      if (jobId === this.id) poke?.()
    })
    const abort = () => poke?.()
    signal?.addEventListener('abort', abort)
    this.host.ended.addEventListener('abort', abort)
    try {
      for (;;) {
        if (signal?.aborted)
          throw new OutdialError('aborted', `Stopped waiting for job ${this.id}.`, { jobId: this.id })
        const woken = new Promise<void>((resolve) => {
          poke = resolve
        })
        const job = await this.read()
        if (isOver(job)) return jobSnapshot(job, this.host.now())
        if (this.host.ended.aborted) {
          throw new OutdialError(
            'engine_stopped',
            `This engine was stopped before job ${this.id} ended. Get the job from another engine over the same storage.`,
            { jobId: this.id },
          )
        }
        const cancel = this.host.later(() => poke?.(), POLL)
        await woken
        cancel()
      }
    } finally {
      off()
      signal?.removeEventListener('abort', abort)
      this.host.ended.removeEventListener('abort', abort)
    }
  }

  /** Begins a draft, or a scheduled job before its time. With `expect`, only if so many tasks wait. */
  start(options: IfRevision & ExpectCount = {}): Promise<JobSnapshot> {
    return this.change((job, spec) => {
      const begun = step(job, spec, 'start')
      checkExpected(job, options)
      return { ...begun, timers: timersOf(spec, false) }
    }, options)
  }

  /**
   * Lets a job that waits for review go: at once, or at its time if that is still to come. With `expect`, only if so many
   * tasks wait, in the same step: what was reviewed is what is done, else it is `unexpected_count`.
   */
  approve(options: IfRevision & ExpectCount = {}): Promise<JobSnapshot> {
    return this.change((job, spec) => {
      const later = spec.startAt !== undefined && spec.startAt > this.host.now()
      const approved = step(job, spec, later ? 'approve_later' : 'approve')
      checkExpected(job, options)
      return { ...approved, timers: timersOf(spec, later) }
    }, options)
  }

  /** Sets another time for a draft or a job that has not begun. Naive times are read in the job's zone. */
  schedule(start: ScheduleTime, options: IfRevision & { timezone?: string } = {}): Promise<JobSnapshot> {
    return this.change((job, spec) => {
      const zone = options.timezone ?? (spec.kind === 'calls' ? spec.timezone : 'UTC')
      const startAt = resolveSchedule(start, { zone, now: this.host.now(), field: 'start' })
      const changed = { ...spec, startAt }
      return { ...step(job, changed, 'schedule'), spec: JSON.stringify(changed), timers: timersOf(changed, true) }
    }, options)
  }

  /**
   * Stops new calls; live ones go on. When this resolves, nothing is begun any more but what was fenced before. With `until`
   * (naive times are read in the job's zone) the job goes on by itself then, unless it has been resumed, stopped or paused
   * anew; without, when somebody resumes it. A job whose pause ends by itself may be paused anew; any other paused one may
   * not. `invalid_schedule` for a time that has passed; `invalid_options` for a `reason` of the engine's own, such as `caller_id_closed`:
   * it ends such pauses by itself.
   */
  async pause(
    options: IfRevision & { reason?: string | undefined; until?: ScheduleTime | undefined } = {},
  ): Promise<JobSnapshot> {
    const reason = parsePauseReason(options.reason)
    return this.change((job, spec) => pausing(job, spec, { reason, until: this.#future(options.until, spec) }), options)
  }

  /** Goes on after a pause, also before its end. */
  resume(options: IfRevision = {}): Promise<JobSnapshot> {
    return this.change((job, spec) => resuming(job, spec), options)
  }

  #future(until: ScheduleTime | undefined, spec: JobSpec): number | undefined {
    if (until === undefined) return undefined
    const now = this.host.now()
    const at = resolveSchedule(until, { zone: spec.kind === 'calls' ? spec.timezone : 'UTC', now, field: 'until' })
    if (at > now) return at
    throw new OutdialError('invalid_schedule', 'until: has passed, so there would be no pause', { field: 'until' })
  }

  /** A job that was kept open completes when its tasks have ended. */
  close(options: IfRevision = {}): Promise<JobSnapshot> {
    return this.change((job, spec) => {
      const state = job.phase.state as JobState
      // A job that is being stopped has its end already, and one that has ended keeps it.
      if (isJobOver(state) || state === 'canceling' || !spec.keepOpen) return {}
      const changed = { ...spec, keepOpen: false }
      const event = { phase: { ...job.phase } }
      const end = { state: 'completed', dialable: false }
      event.phase.onDrained = end
      if (event.phase.onClaim) event.phase.onClaim = { ...event.phase.onClaim, onDrained: end }
      return { spec: JSON.stringify(changed), timers: timersNow(job, changed), ...event }
    }, options)
  }

  /** Ends every waiting task as failed, and the job when the live ones have ended. */
  async fail(reason: string, options: IfRevision = {}): Promise<JobSnapshot> {
    const why = parseReason(reason)
    return this.change((job) => stop(job, 'fail', why), options)
  }

  /** Removes an ended job and everything of it from the store. `job_not_ended` before. Twice: nothing. */
  async delete(): Promise<void> {
    await this.host.storage.purge(this.id)
  }

  /**
   * The job's event log from a point on, as written by all processes. Ends at its present end, or goes on for as long as
   * the job lives with `follow`. What the store no longer keeps comes as one `trimmed` entry with a snapshot.
   */
  async *log(
    options: { after?: number; follow?: boolean; signal?: AbortSignal } = {},
  ): AsyncGenerator<JobLogEntry, void, undefined> {
    const never = new AbortController().signal
    let after = options.after ?? 0
    for (;;) {
      const page = await this.host.storage.events(this.id, after, PAGE)
      if (page.status === 'trimmed') {
        const at = this.host.now()
        yield { seq: page.last, at, type: 'trimmed', oldest: page.oldest, job: jobSnapshot(page.job, at) }
        after = page.last
        continue
      }
      for (const event of page.events) yield logEntry(event)
      after = page.events.at(-1)?.seq ?? after
      if (after < page.last) continue
      if (!options.follow || options.signal?.aborted || isOver(await this.read())) return
      await this.host.pause(1000, options.signal ?? never)
    }
  }

  /** Events of this job alone, in this process. */
  on<Name extends keyof EngineEvents<Variables>>(
    name: Name,
    listener: Listener<EngineEvents<Variables>[Name]>,
  ): Unsubscribe {
    return this.host.events.on(name, (payload) => {
      const about = payload as { jobId?: string; task?: { jobId: string } }
      if ((about.jobId ?? about.task?.jobId) === this.id) return listener(payload as EngineEvents<Variables>[Name])
      return undefined
    })
  }

  protected async read(): Promise<JobRecord> {
    const job = await this.host.storage.getJob(this.id)
    if (!job) throw new OutdialError('job_not_found', `There is no job ${this.id}.`, { jobId: this.id })
    return job
  }

  protected async change(
    make: (job: JobRecord, spec: JobSpec) => Change,
    { ifRevision }: IfRevision,
  ): Promise<JobSnapshot> {
    return jobSnapshot(await changeJob(this.host, this.id, make, ifRevision), this.host.now())
  }
}
