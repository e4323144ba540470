import {
  type Change,
  type Clock,
  type CreatedJob,
  type EventPage,
  type Exchange,
  type ExchangeReply,
  type JobQuery,
  type JobRecord,
  type LedgerPage,
  type Limit,
  type ListEdit,
  type ListedMember,
  type ListState,
  type LiveRecord,
  type NewJob,
  OutdialError,
  type Page,
  type Recount,
  STORAGE_PORT_VERSION,
  type Storage,
  type TaskQuery,
  type TaskRecord,
  type Usage,
} from '@outdial/core'
import * as rules from '@outdial/core/store'
import { Records } from './records.js'

/** Options of {@link memoryStorage}. */
export interface MemoryStorageOptions {
  /** Events kept per job, at least; older ones are trimmed. Default 10,000. */
  events?: number
}

/**
 * Keeps everything in this process. The default for a single process and for tests, and the reference for every other
 * store: it runs the rules of the port directly on its records.
 *
 * Not shared with other processes, and gone with this one. Several engines of one process may use the same instance, and
 * an engine made anew over it takes up everything where the last one left it.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  const { events = 10_000 } = options
  if (!Number.isInteger(events) || events < 1) {
    throw new OutdialError('invalid_options', '`events` is the number of events to keep: a whole number from 1.', {
      field: 'events',
    })
  }
  return new MemoryStorage(events)
}

const CAPABILITIES = {
  portVersion: STORAGE_PORT_VERSION,
  shared: false,
  durable: false,
  batch: 256,
  channels: 1,
} as const

class MemoryStorage implements Storage {
  readonly capabilities: typeof CAPABILITIES = CAPABILITIES
  readonly #records: Records
  readonly #waiters: rules.Waiters = new rules.Waiters()
  readonly #replies: Map<string, { seq: number; reply: ExchangeReply }> = new Map()
  readonly #keys: Map<string, string> = new Map()
  #clock: Clock | undefined

  constructor(events: number) {
    this.#records = new Records(events)
  }

  async open({ clock, random }: Parameters<Storage['open']>[0]): Promise<void> {
    this.#clock = clock
    this.#records.open(clock, random)
  }

  async createJob(job: NewJob): Promise<CreatedJob> {
    return this.#step((records) => {
      const key = job.idempotencyKey === undefined ? undefined : JSON.stringify([job.organization, job.idempotencyKey])
      const id = key === undefined ? job.id : (this.#keys.get(key) ?? job.id)
      const known = records.job(id)
      if (known) {
        if (known.fingerprint !== job.fingerprint) {
          throw new OutdialError(
            'idempotency_conflict',
            `The idempotency key "${job.idempotencyKey}" was used for a different job (${id}). Use a new key for a new request.`,
            { field: 'idempotencyKey', jobId: id },
          )
        }
        return { job: rules.jobRecord(records, known), replayed: true, sealed: known.batches.length > 0 }
      }
      const made = rules.newJob(records, job)
      records.add(made)
      if (key !== undefined) this.#keys.set(key, made.id)
      records.organization(made.route, made.organization).weight = made.organizationWeight
      rules.armTimers(records, made, job.timers)
      return { job: rules.jobRecord(records, made), replayed: false, sealed: false }
    })
  }

  async openBatch(...args: Parameters<Storage['openBatch']>): ReturnType<Storage['openBatch']> {
    return this.#step((records) => rules.openBatch(records, ...args))
  }
  async stage(...args: Parameters<Storage['stage']>): ReturnType<Storage['stage']> {
    return this.#step((records) => rules.stage(records, ...args))
  }
  async seal(...args: Parameters<Storage['seal']>): ReturnType<Storage['seal']> {
    return this.#step((records) => rules.seal(records, ...args))
  }
  async discard(jobId: string, batch: string): Promise<void> {
    this.#step((records) => {
      if (rules.discard(records, jobId, batch)) this.#forget(jobId)
    })
  }

  async control(jobId: string, change: Change, ifRevision?: number): Promise<JobRecord> {
    return this.#step((records) => rules.jobRecord(records, rules.control(records, jobId, change, ifRevision)))
  }
  async setLimits(limits: readonly Limit[]): Promise<void> {
    this.#step((records) => {
      for (const limit of limits) rules.setLimit(records, limit)
    })
  }
  async setList(name: string, edit: ListEdit): Promise<{ size: number }> {
    return this.#step((records) => rules.editList(records, name, edit))
  }
  async getList(name: string, members: readonly string[]): Promise<ListState> {
    this.#records.advance()
    return rules.listState(this.#records, name, members)
  }
  async scanList(name: string, { cursor, max }: { cursor?: string; max: number }): Promise<Page<ListedMember>> {
    this.#records.advance()
    return this.#records.list(name)?.scan(cursor, max) ?? { items: [] }
  }
  async usage(holds: Parameters<Storage['usage']>[0]): Promise<Usage[]> {
    this.#records.advance()
    return holds.map((hold) => rules.usage(this.#records, hold))
  }

  async exchange(request: Exchange): Promise<ExchangeReply> {
    if (request.durable) {
      throw new OutdialError(
        'not_durable',
        'Memory forgets with its process; leave `durable` out or use a durable store.',
      )
    }
    const { channel, seq } = request
    const last = this.#replies.get(channel)
    if (last?.seq === seq) return last.reply
    if (last ? seq !== last.seq + 1 : seq < 1) {
      throw new OutdialError(
        'sequence_broken',
        `Exchange ${seq} of channel ${channel} came after ${last?.seq ?? 'none'}.`,
      )
    }
    return this.#step((records) => {
      empty(records.touched)
      const told = rules.exchange(records, request)
      // What it has just been offered is no news to this channel.
      this.#waiters.signal(records.signaled, channel, request.claims)
      empty(records.signaled)
      const reply: ExchangeReply = Object.assign(told, { jobs: changed(records.touched) })
      this.#replies.set(channel, { seq, reply })
      return reply
    })
  }

  async load(refs: readonly string[]): Promise<(LiveRecord | undefined)[]> {
    const records = this.#records
    return refs.map((ref) => {
      const live = records.live(ref)
      return live && rules.liveRecord(records, live)
    })
  }
  async overdue(query: Parameters<Storage['overdue']>[0]): Promise<LiveRecord[]> {
    return this.#step((records) => rules.overdue(records, query))
  }
  async waitForWork(query: Parameters<Storage['waitForWork']>[0]): Promise<void> {
    const records = this.#records
    records.advance()
    if (!this.#clock) return
    const until = Math.min(query.until, records.nextWake)
    await this.#waiters.wait(this.#clock, records.now, { ...query, until })
  }

  async getJob(jobId: string): Promise<JobRecord | undefined> {
    this.#records.advance()
    const job = this.#visible(jobId)
    return job && rules.jobRecord(this.#records, job)
  }
  async listJobs({ organization, states, cursor, max }: JobQuery): Promise<Page<JobRecord>> {
    this.#records.advance()
    const items: JobRecord[] = []
    for (const job of this.#records.jobsById.values()) {
      const { ordinal } = this.#records.parts(job.id)
      if (ordinal < Number(cursor ?? 0) || job.batches.length === 0) continue
      if (organization !== undefined && job.organization !== organization) continue
      if (states && !states.includes(job.phase.state)) continue
      if (items.length === max) return { items, cursor: String(ordinal) }
      items.push(rules.jobRecord(this.#records, job))
    }
    return { items }
  }
  async getTask(jobId: string, index: number): Promise<TaskRecord | undefined> {
    const job = this.#visible(jobId)
    return job && index < job.counts.total ? rules.taskRecord(this.#records, job, index) : undefined
  }
  async scanTasks(jobId: string, { places, cursor, max }: TaskQuery): Promise<Page<TaskRecord>> {
    const records = this.#records
    const job = this.#known(jobId)
    const tasks = records.tasks(job)
    const items: TaskRecord[] = []
    for (let index = Number(cursor ?? 0); index < job.counts.total; index++) {
      if (places && !places.includes(rules.placeOf(job, tasks, index))) continue
      if (items.length === max) return { items, cursor: String(index) }
      items.push(rules.taskRecord(records, job, index))
    }
    return { items }
  }
  async findTask(jobId: string, key: string): Promise<number | undefined> {
    const job = this.#known(jobId)
    const index = this.#records.tasks(job).find(key)
    return index !== undefined && index < job.counts.total ? index : undefined
  }
  async events(jobId: string, after: number, max: number): Promise<EventPage> {
    const job = this.#known(jobId)
    const { events } = this.#records.parts(jobId)
    const last = job.lastEvent
    if (after + 1 < events.oldest) {
      return { status: 'trimmed', oldest: events.oldest, last, job: rules.jobRecord(this.#records, job) }
    }
    return { status: 'ok', events: events.after(after, max), last }
  }
  async recount(jobId: string): Promise<Recount> {
    return rules.recount(this.#records, this.#known(jobId))
  }

  async takeLedger(query: Parameters<Storage['takeLedger']>[0]): Promise<LedgerPage> {
    return this.#step((records) => records.ledger.take(records.now, `${records.nextTag()}:${records.nonce()}`, query))
  }
  async acknowledgeLedger(page: string): Promise<void> {
    this.#step(({ ledger }) => ledger.acknowledge(page))
  }

  async redact(jobId: string, index: number): Promise<void> {
    this.#step((records) => {
      const job = this.#known(jobId)
      const tasks = records.tasks(job)
      if (index >= job.counts.total) {
        throw new OutdialError('task_not_found', `Job ${jobId} has no task ${index}.`, { jobId, index })
      }
      if (rules.PLACES.indexOf(rules.placeOf(job, tasks, index)) < rules.ENDED) {
        throw new OutdialError('task_not_ended', `Task ${index} of job ${jobId} has not ended.`, { jobId, index })
      }
      tasks.redact(index)
      rules.forgetTold(job, index)
      records.parts(jobId).events.redact(index)
      records.ledger.redact(jobId, index)
      for (const [channel, { seq, reply }] of this.#replies) {
        const redacted = rules.redactReply(reply, jobId, index)
        if (redacted) this.#replies.set(channel, { seq, reply: redacted })
      }
    })
  }
  async purge(jobId: string): Promise<void> {
    this.#step((records) => {
      const job = records.job(jobId)
      if (!job) return
      if (job.endedAt === undefined) {
        throw new OutdialError('job_not_ended', `Job ${jobId} is ${job.phase.state}; cancel it first.`, { jobId })
      }
      this.#forget(jobId)
    })
  }
  async close(): Promise<void> {}

  /** One atomic step at one instant; whoever waits for what it made claimable is told afterwards. */
  #step<T>(rule: (records: Records) => T): T {
    const records = this.#records
    records.advance()
    try {
      return rule(records)
    } finally {
      // Also after an error: what was due by the clock has happened before it.
      this.#waiters.signal(records.signaled)
      empty(records.signaled)
      if (this.#clock) this.#waiters.expect(this.#clock, records.now, records.nextWake)
    }
  }

  #visible(jobId: string): rules.JobEntry | undefined {
    const job = this.#records.job(jobId)
    return job && job.batches.length > 0 ? job : undefined
  }
  #known(jobId: string): rules.JobEntry {
    const job = this.#visible(jobId)
    if (!job) throw new OutdialError('job_not_found', `There is no job ${jobId}.`, { jobId })
    return job
  }
  #forget(jobId: string): void {
    const job = this.#records.job(jobId)
    if (job?.idempotencyKey !== undefined) this.#keys.delete(JSON.stringify([job.organization, job.idempotencyKey]))
    this.#records.forget(jobId)
  }
}

/** To clear a set makes a new table for it, even when there is nothing in it. */
function empty(set: Set<unknown>): void {
  if (set.size > 0) set.clear()
}

function changed(jobs: ReadonlySet<rules.JobEntry>): ExchangeReply['jobs'] {
  if (jobs.size === 0) return []
  return [...jobs].map(({ id, phase, revision }) => ({
    id,
    state: phase.state,
    revision,
    ...(phase.reason !== undefined && { reason: phase.reason }),
  }))
}
