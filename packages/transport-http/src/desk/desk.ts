import type {
  AppendOptions,
  CallerNumber,
  CallJob,
  CallJobChanges,
  CallJobOptions,
  CallRecord,
  CallTaskSnapshot,
  ContactSource,
  Disposition,
  Erased,
  EraseOptions,
  IfRevision,
  JobList,
  JobListQuery,
  JobSnapshot,
  OperationJob,
  OperationJobOptions,
  Organization,
  OrganizationLimits,
  Reported,
  ResourceBackend,
} from '@outdial/core'
import { isOutdialError, OutdialError, parseRef } from '@outdial/core'
import { type RulesGiven, rulesOf, withPolicy } from '../campaign-policy.js'
import type { ForecastAnswer, Forecaster } from '../forecaster.js'
import { RequestFailed } from '../frame/failure.js'
import { CallerIdDesk } from './caller-id-desk.js'
import type { DeskHost } from './desk-host.js'
import { type JobListing, listedJobs } from './job-list.js'
import type { Slice } from './pages.js'
import { SuppressionDesk } from './suppression-desk.js'
import { factsOf, ownMetadata, transportMetadata, type WireFacts } from './wire-facts.js'

/** A job of this organization: its handle, and what it was when it was looked up. */
export interface Found<Job> {
  /** What clients know it by: stays the same when a draft is replaced. */
  readonly id: string
  readonly job: Job
  readonly snapshot: JobSnapshot
}

/** What a request adds to each job it makes. */
export interface RequestFacts {
  readonly dialect: string
  readonly idempotencyKey?: string
  /** Tells two requests with the same key apart. */
  readonly fingerprint?: string
}

/** Whatever an option of the engine says that is the desk's to say is left out. */
type Given<Options> = Options extends unknown
  ? Omit<Options, 'organization' | 'idempotencyKey' | 'fingerprint' | 'carrier' | 'metadata'> & {
      /** The host's own facts; names that begin with `$` are left out. */
      metadata?: Readonly<Record<string, unknown>> | undefined
      /** The dialect's fields of the job, JSON: given back by `wireOf`. */
      wire?: unknown
      /**
       * What the request was, for a route that reads its body itself, at most 100 characters: a digest. Without it two
       * uploads with one idempotency key are the same request when they have the same size.
       */
      content?: string
    }
  : never

/** A campaign to create through a dialect. The carrier is the transport's, unless a route lets its client choose. */
export type CallsGiven = Omit<Given<CallJobOptions>, 'rules'> & {
  carrier?: string
  /** Written out, or by the names that the transport has for them. */
  rules?: RulesGiven | undefined
}
/** Changes of a campaign likewise. */
export type CallsChange = Omit<CallJobChanges, 'rules'> & { rules?: RulesGiven | undefined }
/** A bulk operation likewise. */
export type OperationsGiven = Given<OperationJobOptions>

/**
 * One organization's view of the engine: what a dialect works with. Nothing of another organization can be reached
 * through it, whatever id it is asked for; that is decided here and nowhere else.
 */
export class Desk {
  readonly organization: string
  readonly #host: DeskHost
  readonly #facts: RequestFacts

  constructor(host: DeskHost, organization: string, facts: RequestFacts) {
    this.organization = organization
    this.#host = host
    this.#facts = facts
  }

  /**
   * Creates a campaign. Its caller ids have to be the organization's own (unless the transport says otherwise), and rows
   * may not bring theirs. `replayed` when the request's idempotency key has made it before.
   */
  async createCalls(options: CallsGiven): Promise<Found<CallJob> & { replayed: boolean }> {
    await this.#ownCallerIds(options.from)
    await this.#ownAccount(options.account)
    const { carrier = this.#host.carrier, wire, metadata, content, ...rest } = withPolicy(this.#host.campaigns, options)
    const job = await this.#host.engine.calls.create({
      ...rest,
      carrier,
      columns: { ...options.columns, callerId: false },
      metadata: this.#metadata(metadata, wire),
      ...this.#common(content),
    })
    return { ...(await this.#found(job)), replayed: job.replayed }
  }

  /** Creates a bulk operation on resources. */
  async createOperations(options: OperationsGiven): Promise<Found<OperationJob> & { replayed: boolean }> {
    const { wire, metadata, content, ...rest } = options
    const job = await this.#host.engine.operations.create({
      ...rest,
      metadata: this.#metadata(metadata, wire),
      ...this.#common(content),
    } as OperationJobOptions)
    return { ...(await this.#found(job)), replayed: job.replayed }
  }

  /**
   * Adds contacts to a campaign, all or nothing. The request's idempotency key makes it happen once per campaign; columns
   * of caller ids are variables, as at creation.
   */
  append({ job }: Found<CallJob>, contacts: ContactSource, options: AppendOptions = {}): ReturnType<CallJob['append']> {
    const { idempotencyKey } = this.#facts
    return job.append(contacts, {
      ...options,
      columns: { ...options.columns, callerId: false },
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    })
  }

  /**
   * Puts a new campaign in the place of a draft or a scheduled one that nobody has been called for; it keeps the id. The
   * new one is made as a draft, then the old one is canceled in the step that names its successor, so that never both can
   * run; then the new one is begun as `start` says. When the server dies in between, what is left is the new draft.
   */
  async replaceCalls(old: Found<CallJob>, options: CallsGiven): Promise<Found<CallJob>> {
    const { start, ...rest } = options
    const facts: WireFacts = { $id: old.id }
    const made = await this.#withFacts(facts).createCalls({ ...rest, start: 'draft' } as CallsGiven)
    // The request is a repeated one, and has taken the place already.
    if (made.job.id === old.job.id) return made
    const { job } = made
    const metadata = { ...old.snapshot.metadata, $replacedBy: job.id }
    try {
      await old.job.cancel({ ifRevision: old.snapshot.revision, reason: 'replaced', metadata })
    } catch (error) {
      // Somebody was faster: the new draft has no place to take. Canceled, it has ended, and can be removed.
      await job.cancel({ reason: 'replaced' })
      await job.delete()
      throw error
    }
    if (start !== undefined && start !== 'draft') await (start === 'now' ? job.start() : job.schedule(start))
    return this.#found(job)
  }

  /**
   * Removes a campaign that has ended, and those whose place it took: nothing of its contacts is left. `job_not_ended`
   * before. The id means nothing from the first step on.
   */
  async removeCalls({ id, job }: Found<CallJob>): Promise<void> {
    const replaced: CallJob[] = []
    for (let next: string | undefined = id; next !== undefined && next !== job.id; ) {
      const old: CallJob | undefined = await this.#host.engine.calls.get(next)
      if (!old) break
      replaced.push(old)
      next = factsOf(await old.snapshot()).$replacedBy
    }
    await job.delete()
    for (const old of replaced) await old.delete()
  }

  /** Changes a campaign. What transports keep with it stays; new metadata are taken only of the revision that was read. */
  async changeCalls(id: string, changes: CallsChange, condition: IfRevision): Promise<Found<CallJob>> {
    const found = await this.callJob(id)
    const { metadata, rules: given, ...others } = changes
    if (others.from !== undefined) await this.#ownCallerIds(others.from)
    const rules = given && rulesOf(this.#host.campaigns, given)
    const rest: CallJobChanges = { ...others, ...(rules && { rules }) }
    const { revision, metadata: there } = found.snapshot
    const snapshot = await (metadata === undefined
      ? found.job.update(rest, condition)
      : found.job.update(
          { ...rest, metadata: { ...ownMetadata(metadata), ...transportMetadata(there) } },
          { ifRevision: revision, ...condition },
        ))
    return { id: found.id, job: found.job, snapshot }
  }

  /** The campaign with this id: `missing` when there is none, when it is another's, or no campaign. */
  async callJob(id: string): Promise<Found<CallJob>> {
    const job = await this.#host.engine.calls.get(id)
    const found = job && (await this.#mine(job))
    if (!found) throw missing('job', id)
    const { $replacedBy } = factsOf(found.snapshot)
    return $replacedBy === undefined ? found : this.callJob($replacedBy)
  }

  /** The operations job with this id, likewise. */
  async operationJob(id: string): Promise<Found<OperationJob>> {
    const job = await this.#host.engine.operations.get(id)
    const found = job && (await this.#mine(job))
    if (!found) throw missing('job', id)
    return found
  }

  /** The job with this id, of either kind. */
  async job(id: string): Promise<Found<CallJob> | Found<OperationJob>> {
    return (await this.#host.engine.calls.get(id)) ? this.callJob(id) : this.operationJob(id)
  }

  /** Jobs by filter and order, and how many there are. */
  list(listing: JobListing): Promise<Slice<JobSnapshot>> {
    return listedJobs(this.#host.engine, this.organization, listing)
  }

  /** Jobs of one kind in the order they were made, a page at a time. Those whose place another has taken are left out. */
  async page(kind: JobSnapshot['kind'], query: Omit<JobListQuery, 'organization'>): Promise<JobList> {
    const { engine } = this.#host
    const own = { ...query, organization: this.organization }
    const page = await (kind === 'calls' ? engine.calls.list(own) : engine.operations.list(own))
    return { ...page, items: page.items.filter((job) => factsOf(job).$replacedBy === undefined) }
  }

  /** What clients know a listed job by. */
  idOf(snapshot: JobSnapshot): string {
    return factsOf(snapshot).$id ?? snapshot.id
  }

  /**
   * Takes what an agent learned in a call; `missing` for a call of nobody or of others. An organization's agents opt out of its
   * calls, and of nobody else's.
   */
  async report(ref: string, learned: Disposition): Promise<Reported> {
    if (typeof learned.optOut === 'object' && learned.optOut.list === 'global') {
      throw new OutdialError('invalid_options', 'optOut.list: expected job or organization', { field: 'optOut.list' })
    }
    const parts = parseRef(ref)
    const job = parts && (await this.#host.engine.calls.get(parts.jobId))
    if (!job || !(await this.#mine(job))) throw missing('call', ref)
    return this.#host.engine.calls.report(ref, learned)
  }

  /** A call of this organization's with the contact it was for: `missing` for a call of nobody or of others. */
  async call(ref: string): Promise<{ id: string; task: CallTaskSnapshot; record?: CallRecord }> {
    const parts = parseRef(ref)
    const job = parts && (await this.#host.engine.calls.get(parts.jobId))
    const found = job && (await this.#mine(job))
    if (!parts || !found) throw missing('call', ref)
    const task = await job.task(parts.index).catch((error: unknown) => {
      throw isOutdialError(error, 'task_not_found') ? missing('call', ref) : error
    })
    const record = task.calls.find((call) => call.ref === ref)
    if (!record && task.liveCall !== ref) throw missing('call', ref)
    return { id: found.id, task, ...(record && { record }) }
  }

  /** The do-not-call list of the organization, or of one of its campaigns. */
  async suppression(jobId?: string): Promise<SuppressionDesk> {
    const job = jobId === undefined ? undefined : (await this.callJob(jobId)).job.id
    return new SuppressionDesk(this.#host.engine, this.organization, job)
  }

  /** The numbers that the organization calls from. */
  callerIds(): CallerIdDesk {
    return new CallerIdDesk(this.#host.engine, this.organization, (number) => this.#ownCallerIds(number))
  }

  /** Removes what is known of one person from all campaigns of the organization; see `engine.erase`. */
  erase(person: Omit<EraseOptions, 'organization'>): Promise<Erased> {
    return this.#host.engine.erase({ ...person, organization: this.organization })
  }

  /**
   * Changes how many calls and operations the organization may have live and begin per second, and what it may spend in a day: at
   * once, for all processes, also for jobs that run. `not_supported` when the directory cannot keep it.
   */
  async limit(limits: OrganizationLimits, at: number): Promise<Organization> {
    const { directory, engine } = this.#host
    if (!directory.changeLimits)
      throw new OutdialError('not_supported', "This directory's limits are not changed through an API.")
    await directory.changeLimits(this.organization, limits, at)
    await engine.setLimits({ organization: this.organization }, limits)
    return this.profile()
  }

  /** The organization as the directory knows it; one that it does not know has an id and no limits. */
  async profile(): Promise<Organization> {
    return (await this.#host.directory.organization(this.organization)) ?? { id: this.organization }
  }

  /** The organization's number with this id: `missing` when it is another's. */
  async callerNumber(id: string): Promise<CallerNumber> {
    const number = await this.#host.directory.callerNumber(id)
    if (number?.organization !== this.organization) throw missing('number', id)
    return number
  }

  /** The organization's own number with this phone, or `undefined`. */
  ownNumber(phone: string): Promise<CallerNumber | undefined> {
    return this.#host.directory.ownNumber(this.organization, phone)
  }

  /** What the organization has left, in the smallest unit of its account; `undefined` without accounts or an account. */
  async balance(): Promise<{ available: number; reserved: number } | undefined> {
    const { account } = await this.profile()
    return account === undefined ? undefined : this.#host.accounts?.balance(account)
  }

  /** What a campaign of the organization will probably come to. `not_supported` when the transport was given nobody who looks ahead. */
  async forecast(wireId: string, options: Parameters<Forecaster>[1]): Promise<{ id: string; told: ForecastAnswer }> {
    const { id, job } = await this.callJob(wireId)
    const { forecast } = this.#host
    if (!forecast) {
      throw new OutdialError('not_supported', 'This server does not look ahead. Give its transport a `forecast`.')
    }
    return { id, told: await forecast(job, options) }
  }

  /** Whether the engine sets money aside for campaigns on the organization's account. */
  async books(): Promise<boolean> {
    const { account } = await this.profile()
    return account !== undefined && this.#host.engine.calls.books(this.#host.carrier)
  }

  /** The back end of a type, as far as the transport was given it. Always pass it {@link organization}. */
  backend(type: string): ResourceBackend | undefined {
    return this.#host.resources.find((backend) => backend.type === type)
  }

  #withFacts(facts: WireFacts): Desk {
    const host = { ...this.#host, facts: { ...this.#host.facts, ...facts } }
    return new Desk(host, this.organization, this.#facts)
  }

  #metadata(own: Readonly<Record<string, unknown>> | undefined, wire: unknown): Record<string, unknown> {
    return {
      ...ownMetadata(own),
      ...this.#host.facts,
      $dialect: this.#facts.dialect,
      ...(wire !== undefined && { $wire: wire }),
    }
  }

  #common(content?: string) {
    const { idempotencyKey, fingerprint } = this.#facts
    return {
      organization: this.organization,
      ...(idempotencyKey !== undefined && { idempotencyKey }),
      ...(fingerprint !== undefined && {
        fingerprint: content === undefined ? fingerprint : `${fingerprint}:${content}`,
      }),
    }
  }

  async #ownCallerIds(from: string | readonly string[]): Promise<void> {
    if (this.#host.callerIds === 'any') return
    for (const phone of [from].flat()) if (!(await this.ownNumber(phone))) throw missing('number', phone)
  }

  /** Money is taken from the organization's account, or from none. */
  async #ownAccount(account: string | undefined): Promise<void> {
    if (account === undefined || account === (await this.profile()).account) return
    throw new OutdialError('invalid_options', "account: is not the organization's", { field: 'account' })
  }

  async #mine<Job extends CallJob | OperationJob>(job: Job): Promise<Found<Job> | undefined> {
    const found = await this.#found(job)
    return found.snapshot.organization === this.organization ? found : undefined
  }

  async #found<Job extends CallJob | OperationJob>(job: Job): Promise<Found<Job>> {
    const snapshot = await job.snapshot()
    return { id: this.idOf(snapshot), job, snapshot }
  }
}

function missing(what: 'job' | 'call' | 'number', id: string): RequestFailed {
  return new RequestFailed({ kind: 'missing', what, id })
}
