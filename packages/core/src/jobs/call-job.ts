import type * as z from 'zod'
import { askForNumbers } from '../caller-ids/gated-jobs.js'
import { callerIdLimits, cappedNumbers, keptCallerIds, keptLimits } from '../caller-ids/job-numbers.js'
import { resumeWaiting } from '../caller-ids/keeper.js'
import type { ParsedCallerIds } from '../caller-ids/pool-options.js'
import type { Host } from '../engine/host.js'
import { OutdialError } from '../errors/outdial-error.js'
import { explain } from '../foresight/explain.js'
import type { Explanation } from '../foresight/explanation.js'
import { type JobSeed, jobSeed, type SeedOptions } from '../foresight/job-seed.js'
import type { KnownRates } from '../foresight/judge.js'
import { type Preflight, type PreflightOptions, preflight } from '../foresight/preflight.js'
import { type JobState, requestJob } from '../lifecycle/job.js'
import { isIllegal, transition } from '../lifecycle/table.js'
import { TASK_TABLE, type TaskEvent, type TaskState, taskState } from '../lifecycle/task.js'
import { budgetChange } from '../money/budget-change.js'
import { allCaps } from '../policy/rules/rules-for.js'
import type { ContactColumn, ContactSource } from '../ports/contacts.js'
import type { JobRecord, Terminal } from '../ports/storage-jobs.js'
import type { TaskPlace, TaskRecord } from '../ports/storage-read.js'
import { type CallJobChanges, changedSpec, type ParsedCallChanges, parseCallChanges } from './call-options.js'
import { capLimitsOf } from './caps.js'
import { stop } from './change-job.js'
import { checkExpected, type ExpectCount } from './expected-count.js'
import { scopeLimits } from './gates.js'
import type { IntakeReport, RowReport } from './intake-report.js'
import { type IfRevision, JobHandle } from './job-handle.js'
import { laneAt } from './lanes.js'
import { jobLimitRevision } from './limit-revision.js'
import { timersNow } from './pauses.js'
import { parseReason } from './reasons.js'
import { csvResults, jsonlResults } from './results.js'
import type { JobSnapshot } from './snapshot.js'
import { type CallSpec, type JobContext, type JobSpec, jobContext } from './spec.js'
import { type CallTaskSnapshot, callTaskSnapshot, isPosition } from './task-view.js'

/** How contacts are added to a job that exists. */
export interface AppendOptions {
  /** Appending twice with the same key adds once. */
  idempotencyKey?: string
  rows?: 'partial' | 'all'
  onRow?: (row: RowReport) => void
  /** As at creation: the job does not keep its schema, so rows are checked only if it is given again. */
  variables?: z.ZodType
  columns?: Partial<Record<ContactColumn, string | false>>
  defaultRegion?: string
}

/** How a campaign is canceled. */
export interface CancelOptions extends IfRevision {
  /** Hangs up the live calls too. Default: they end by themselves. */
  hangUp?: boolean
  /** Kept with the job. Default `canceled`. */
  reason?: string
  /** Replaces the job's metadata. */
  metadata?: Readonly<Record<string, unknown>>
}

/** What the engine does for a job's handle. */
export interface CallDesk {
  append(
    jobId: string,
    contacts: ContactSource,
    options: AppendOptions,
  ): Promise<{ intake: IntakeReport; replayed: boolean }>
  /** Throws `invalid_options` when the job's carrier has no such agent. */
  checkAgent(jobId: string, agent: string): Promise<void>
  /** Throws `invalid_options` when the job's carrier does not let calls last so long. */
  checkMaxDuration(jobId: string, maxDuration: number): Promise<void>
  /** The numbers of `from` in E.164; throws `invalid_options` for one that is none, `carrier_misconfigured` for one of others. */
  numbers(jobId: string, from: string | readonly string[]): Promise<string[]>
  /** The same for the numbers of options, which are some of the job's. */
  callerIds(given: ParsedCallerIds, from: readonly string[]): ParsedCallerIds
  /** Throws `not_supported` when the job's carrier cannot hang up. */
  canHangUp(jobId: string): Promise<void>
  hangUp(jobId: string): Promise<number>
  /** The rates of a carrier that this engine has; `undefined` for one of another process. */
  rates(route: string): KnownRates | undefined
  /** Sets aside on its account what a job needs to begin; `insufficient_balance` when there is less. */
  fund(jobId: string): Promise<void>
  /** Books what an ended job has spent, if that has not been done. */
  settle(jobId: string): Promise<void>
}

const PAGE = 500
const PLACES: Readonly<Record<TaskState, readonly TaskPlace[]>> = {
  waiting: ['fresh', 'deferred'],
  claimed: ['claimed'],
  active: ['active'],
  unknown: ['unknown'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  skipped: ['skipped'],
  canceled: ['canceled'],
  expired: ['expired'],
}

/** A campaign. `Variables` is what its zod schema makes of a row. */
export class CallJob<Variables = Record<string, unknown>> extends JobHandle<Variables> {
  readonly #desk: CallDesk

  constructor(host: Host, desk: CallDesk, id: string, intake: IntakeReport, replayed: boolean) {
    super(host, id, intake, replayed)
    this.#desk = desk
  }

  /**
   * As for every job. One with an account sets money aside first: `insufficient_balance` when there is less, `account_unavailable` when the
   * account cannot be asked; the job has not begun then. A scheduled job does that when its time has come, and is paused for it.
   */
  override async start(options: IfRevision & ExpectCount = {}): Promise<JobSnapshot> {
    return super.start(await this.#funded('start', options))
  }

  /** As for every job; one that goes at once sets money aside first, see {@link start}. */
  override async approve(options: IfRevision & ExpectCount = {}): Promise<JobSnapshot> {
    return super.approve(await this.#funded('approve', options))
  }

  /** As for every job; one with an account is booked before: `account_unavailable`, and it stays, while that cannot be done. */
  override async delete(): Promise<void> {
    await this.#desk.settle(this.id)
    await super.delete()
  }

  async #funded(event: 'start' | 'approve', options: IfRevision & ExpectCount): Promise<IfRevision & ExpectCount> {
    const job = await this.read()
    const spec = JSON.parse(job.spec) as JobSpec
    const later = event === 'approve' && (spec.startAt ?? 0) > this.host.now()
    if (spec.kind !== 'calls' || spec.money?.account === undefined || later) return options
    const { ifRevision } = options
    // All that could refuse it is asked before there is money to give back.
    if (ifRevision !== undefined && ifRevision !== job.revision) {
      const problem = `Job ${this.id} is at revision ${job.revision}, not ${ifRevision}.`
      throw new OutdialError('revision_conflict', problem, { jobId: this.id, revision: job.revision, ifRevision })
    }
    requestJob(this.id, job.phase.state as JobState, event)
    checkExpected(job, options)
    await this.#desk.fund(this.id)
    return ifRevision === undefined ? options : { ...options, ifRevision: (await this.read()).revision }
  }

  /**
   * Ends every waiting contact as canceled; the job is canceled when its live calls have ended. With `hangUp`, they are
   * hung up (`not_supported`, and nothing is changed, where the carrier cannot), else they end by themselves. `metadata`
   * replaces the job's in the same step: what takes its place, say.
   */
  async cancel(options: CancelOptions = {}): Promise<JobSnapshot> {
    const { metadata } = parseCallChanges({ ...(options.metadata && { metadata: options.metadata }) })
    const reason = parseReason(options.reason ?? 'canceled')
    if (options.hangUp) await this.#desk.canHangUp(this.id)
    const canceled = await this.change(
      (job, spec) => ({
        ...stop(job, 'cancel', reason),
        ...(metadata && { spec: JSON.stringify({ ...spec, metadata }) }),
      }),
      options,
    )
    if (options.hangUp) await this.#desk.hangUp(this.id)
    return canceled
  }

  /**
   * Changes a draft, or a job that runs: for every call that is fenced from now on; waiting retries, and those who were put off to the next
   * opening when hours ended, keep the time they
   * have. What is left out stays; `window: null` and the like lift a rule. Contacts are not looked through for what a new
   * agent says of them: where a variable is missing, the carrier refuses and the job is paused. Throws `invalid_options` or `invalid_schedule`
   * naming the field.
   */
  async update(changes: CallJobChanges, options: IfRevision = {}): Promise<JobSnapshot> {
    const given = parseCallChanges(changes)
    if (given.agent !== undefined) await this.#desk.checkAgent(this.id, given.agent)
    if (given.maxDuration !== undefined) await this.#desk.checkMaxDuration(this.id, given.maxDuration)
    const from = given.from === undefined ? undefined : await this.#desk.numbers(this.id, given.from)
    let capped: readonly string[] = []
    let freer: readonly string[] = []
    const changed = await this.change((job, spec) => {
      if (spec.kind !== 'calls') throw notCalls(this.id)
      const now = this.host.now()
      const next = changedSpec(spec, given, now, from)
      const [callerIds, numbers] = this.#numbersSet(spec, next, given)
      // Whoever waits for a number finds out whether there is one now.
      freer = callerIds || given.from !== undefined ? next.from : []
      capped = callerIds ? cappedNumbers(numbers, callerIds) : []
      const revision = jobLimitRevision(job)
      // Limits of numbers belong to all jobs that call from them.
      const shared = now * 1000 + job.revision
      const money = given.budget === undefined ? {} : budgetChange(job, spec, next, now)
      return {
        spec: JSON.stringify(next),
        ...(given.weight !== undefined && { weight: given.weight }),
        ...(given.freshShare !== undefined && { freshShare: given.freshShare }),
        ...(given.expires !== undefined && { timers: timersNow(job, next) }),
        ...money,
        limits: [
          ...(money.limits ?? []),
          ...scopeLimits(
            { job: job.id },
            {
              ...(given.concurrency !== undefined && { concurrency: given.concurrency }),
              ...(given.cps !== undefined && { cps: given.cps }),
            },
            revision,
          ),
          ...(callerIds ? callerIdLimits(job.organization, numbers, callerIds, shared) : []),
          ...(given.caps || given.rules ? capLimitsOf(job.organization, allCaps(next)) : []),
        ],
        ...((given.window !== undefined || given.rules !== undefined || given.spread !== undefined) && {
          lanes: job.lanes.map(({ lane, name }) => ({ ...laneAt(lane, name, next, now), name })),
        }),
      }
    }, options)
    await askForNumbers(this.host, changed.organization, capped)
    if (freer.length === 0) return changed
    await resumeWaiting(this.host, changed.organization, freer)
    return this.snapshot()
  }

  /** The limits that a change sets, and of which numbers: of all when it says some, else of those that are new. */
  #numbersSet(
    was: CallSpec,
    next: CallSpec,
    given: ParsedCallChanges,
  ): [ParsedCallerIds | undefined, readonly string[]] {
    if (given.callerIds) {
      const said = this.#desk.callerIds(given.callerIds, next.from)
      next.callerIds = keptCallerIds(said, was.callerIds)
      return [said, next.from]
    }
    return [keptLimits(next), next.from.filter((number) => !was.from.includes(number))]
  }

  /** Adds contacts, also while the job runs. The same number twice in a job is called once. */
  append(contacts: ContactSource, options: AppendOptions = {}): Promise<{ intake: IntakeReport; replayed: boolean }> {
    return this.#desk.append(this.id, contacts, options)
  }

  /** The job's contacts in the order they were added, read as far as they are wanted. */
  async *tasks(
    query: { states?: readonly TaskState[] } = {},
  ): AsyncGenerator<CallTaskSnapshot<Variables>, void, undefined> {
    let cursor: string | undefined
    do {
      const page = await this.taskPage({ ...query, max: PAGE, ...(cursor !== undefined && { cursor }) })
      yield* page.items
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /** A page of the job's contacts, at most `max` (default 100); give `cursor` back for the next. */
  async taskPage(
    query: { states?: readonly TaskState[]; cursor?: string; max?: number } = {},
  ): Promise<{ items: CallTaskSnapshot<Variables>[]; cursor?: string }> {
    const job = await this.#context()
    const { states, cursor, max = 100 } = query
    const page = await this.host.storage.scanTasks(this.id, {
      max,
      ...(cursor !== undefined && { cursor }),
      ...(states && { places: states.flatMap((state) => PLACES[state]) }),
    })
    const items = page.items.map((record) => callTaskSnapshot<Variables>(job, record))
    return { items, ...(page.cursor !== undefined && { cursor: page.cursor }) }
  }

  /** One contact, by its position or its number. `task_not_found` if there is none. */
  async task(which: number | string): Promise<CallTaskSnapshot<Variables>> {
    return callTaskSnapshot<Variables>(await this.#context(), await this.#record(which))
  }

  /**
   * Why a contact was called, was not, or will be, by its position or its number: every call with what was decided before it and what
   * followed, and if it waits everything that says no, with its end, and when it may be dialed next. Changes nothing.
   * `task_not_found` if there is none.
   */
  async explain(which: number | string): Promise<Explanation<Variables>> {
    const [record, spec] = await this.#calls()
    return explain<Variables>(this.host, record, spec, await this.#record(which), this.#desk.rates(record.route))
  }

  /**
   * What would become of every contact that waits, before anything rings: dialed from now on (or from when the job starts by itself),
   * later, never, or nobody can say, by reason. By the code that decides about each call, and by lists, caps and limits as they are now. Changes
   * nothing, reads in batches, and lets others have their turn. Errors: `invalid_options`, `aborted`.
   */
  async preflight(options: PreflightOptions = {}): Promise<Preflight> {
    const [record, spec] = await this.#calls()
    return preflight(this.host, record, spec, options, this.#desk.rates(record.route))
  }

  /** What remains of the job, to be run in another store where nobody is called: what forecasts are made of. Changes nothing. */
  async seed(options: SeedOptions = {}): Promise<JobSeed> {
    const [record, spec] = await this.#calls()
    return jobSeed(this.host, record, spec, options, this.#desk.rates(record.route))
  }

  /** A contact that waits is not called any more. Being dialed: `task_busy`; ended: `task_ended`. */
  cancelTask(which: number | string, reason = 'canceled'): Promise<CallTaskSnapshot<Variables>> {
    return this.#endTask(which, 'cancel', 'canceled', reason)
  }

  /** The same, but it counts as skipped. */
  skipTask(which: number | string, reason = 'skipped'): Promise<CallTaskSnapshot<Variables>> {
    return this.#endTask(which, 'skip', 'skipped', reason)
  }

  /** Removes the personal data of an ended contact for good; counters stay. */
  async redactTask(which: number | string): Promise<void> {
    const { index } = await this.#record(which)
    await this.host.storage.redact(this.id, index)
  }

  /** Results of every contact as text to write to a file, piece by piece. */
  results(format: 'csv' | 'jsonl'): AsyncGenerator<string, void, undefined> {
    const tasks = () => this.tasks() as AsyncIterable<CallTaskSnapshot<unknown>>
    return format === 'csv' ? csvResults(tasks) : jsonlResults(tasks)
  }

  async #endTask(
    which: number | string,
    event: TaskEvent,
    terminal: Terminal,
    reason: string,
  ): Promise<CallTaskSnapshot<Variables>> {
    parseReason(reason)
    const record = await this.#record(which)
    const state = taskState(record.place)
    if (isIllegal(transition(TASK_TABLE, state, event))) {
      throw new OutdialError('task_ended', `Task ${record.index} of job ${this.id} has ended: it is ${state}.`, {
        jobId: this.id,
        index: record.index,
      })
    }
    await this.change(() => ({ task: { index: record.index, next: { terminal, reason } } }), {})
    const ended = await this.task(record.index)
    this.host.events.emit('task.ended', { task: ended as CallTaskSnapshot, state: terminal, reason })
    return ended
  }

  async #record(which: number | string): Promise<TaskRecord> {
    const { storage } = this.host
    const index = typeof which === 'string' ? await storage.findTask(this.id, which.replace(/^\+/, '')) : which
    const record = isPosition(index) ? await storage.getTask(this.id, index) : undefined
    if (!record)
      throw new OutdialError('task_not_found', `Job ${this.id} has no task ${which}.`, { jobId: this.id, task: which })
    return record
  }

  async #context(): Promise<JobContext<CallSpec>> {
    return jobContext(...(await this.#calls()))
  }

  async #calls(): Promise<[JobRecord, CallSpec]> {
    const record = await this.read()
    const parsed = JSON.parse(record.spec) as JobSpec
    if (parsed.kind !== 'calls') throw notCalls(this.id)
    return [record, parsed]
  }
}

function notCalls(jobId: string): OutdialError {
  return new OutdialError('job_not_found', `Job ${jobId} is not a campaign.`, { jobId })
}
