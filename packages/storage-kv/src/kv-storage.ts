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
  type StorageCapabilities,
  type TaskQuery,
  type TaskRecord,
  type Usage,
} from '@outdial/core'
import * as rules from '@outdial/core/store'
import { expectChunk, expectExchange } from './expect.js'
import { Housekeeping } from './housekeeping.js'
import { converse, createJob, editList, redact, removeJob } from './intents.js'
import type { Kv } from './kv.js'
import * as layout from './layout.js'
import { acknowledge, takeLedger } from './ledger-rows.js'
import { eventPage, known, listJobs, scanTasks, visible } from './looks.js'
import { Steps } from './steps.js'
import type { Unit } from './unit.js'
import { WorkSignals } from './work-signals.js'

/** Options of {@link kvStorage}. */
export interface KvStorageOptions {
  /** Events kept per job, at least; older ones are trimmed. Default 10,000. */
  events?: number
  /**
   * With a key-value store that several processes share: how often, in milliseconds, a worker that waits for work looks for
   * what the others have signaled. More often costs reads, less often idle lines. Default 250.
   */
  lookEveryMs?: number
}

/**
 * A whole storage over a key-value store: runs the rules of the port on records that it reads in a transaction, and
 * writes back what has changed. How to bring a database of your own: see {@link Kv}.
 *
 * One transaction is under way at a time. Several engines of one process may use the same instance; several instances, in
 * one process or more, may use the same data only if the key-value store is `shared`.
 *
 * `close` waits for what was begun and closes the key-value store.
 */
export function kvStorage(kv: Kv, options: KvStorageOptions = {}): Storage {
  const { events = 10_000, lookEveryMs = 250 } = options
  for (const [field, value] of Object.entries({ events, lookEveryMs })) {
    if (Number.isInteger(value) && value >= 1) continue
    throw new OutdialError('invalid_options', `\`${field}\` has to be a whole number from 1.`, { field })
  }
  return new KvStorage(kv, events, lookEveryMs)
}

class KvStorage implements Storage {
  readonly capabilities: StorageCapabilities
  readonly #kv: Kv
  readonly #steps: Steps
  readonly #signals: WorkSignals
  readonly #housekeeping: Housekeeping

  constructor(kv: Kv, events: number, lookEveryMs: number) {
    const { shared, durable } = kv.capabilities
    this.capabilities = { portVersion: STORAGE_PORT_VERSION, shared, durable, batch: 256, channels: 1 }
    this.#kv = kv
    this.#steps = new Steps(kv, events)
    this.#signals = new WorkSignals(this.#steps, shared ? lookEveryMs : undefined)
    this.#housekeeping = new Housekeeping(this.#steps)
  }

  async open({ clock, random }: { clock: Clock; random: Parameters<Storage['open']>[0]['random'] }): Promise<void> {
    this.#steps.open(clock, random)
    await this.#steps.run(() => {})
  }

  createJob(job: NewJob): Promise<CreatedJob> {
    return this.#steps.run((unit) => createJob(unit, job))
  }
  openBatch(...args: Parameters<Storage['openBatch']>): ReturnType<Storage['openBatch']> {
    return this.#steps.run((unit) => rules.openBatch(unit, ...args))
  }
  stage(...args: Parameters<Storage['stage']>): ReturnType<Storage['stage']> {
    return this.#steps.run((unit) => {
      expectChunk(unit, ...args)
      return rules.stage(unit, ...args)
    })
  }
  seal(...args: Parameters<Storage['seal']>): ReturnType<Storage['seal']> {
    return this.#steps.run((unit) => rules.seal(unit, ...args))
  }
  discard(jobId: string, batch: string): Promise<void> {
    return this.#steps.run((unit) => {
      const job = unit.job(jobId)
      if (rules.discard(unit, jobId, batch) && job) unit.removeJob(job)
    })
  }

  control(jobId: string, change: Change, ifRevision?: number): Promise<JobRecord> {
    return this.#steps.run((unit) => rules.jobRecord(unit, rules.control(unit, jobId, change, ifRevision)))
  }
  setLimits(limits: readonly Limit[]): Promise<void> {
    return this.#steps.run((unit) => {
      for (const limit of limits) rules.setLimit(unit, limit)
    })
  }
  setList(list: string, edit: ListEdit): Promise<{ size: number }> {
    return this.#steps.run((unit) => editList(unit, list, edit))
  }

  getList(list: string, members: readonly string[]): Promise<ListState> {
    return this.#look((unit) => {
      const known = unit.list(list)
      if (known) unit.reads.expect(members.map((member) => known.key(member)))
      return rules.listState(unit, list, members)
    })
  }
  scanList(list: string, { cursor, max }: { cursor?: string; max: number }): Promise<Page<ListedMember>> {
    return this.#look((unit) => unit.list(list)?.scan(cursor, max, unit.now) ?? { items: [] })
  }
  usage(holds: Parameters<Storage['usage']>[0]): Promise<Usage[]> {
    return this.#look((unit) => {
      unit.reads.expect(holds.map(({ key, limit = key }) => layout.limitKey(limit)))
      return holds.map((hold) => rules.usage(unit, hold))
    })
  }

  async exchange(request: Exchange): Promise<ExchangeReply> {
    const { durable = false } = request
    if (durable && !this.capabilities.durable) {
      throw new OutdialError(
        'not_durable',
        'This store may forget what it answered when it crashes; leave `durable` out or use a durable store.',
      )
    }
    const reply = await this.#steps.run(
      (unit) => {
        expectExchange(unit, request)
        const reply = converse(unit, request)
        return { reply, signals: this.#signals.counted(unit, request) }
      },
      { durable, done: (unit, { signals }) => this.#signals.saw(unit, request, signals) },
    )
    this.#housekeeping.remind()
    return reply.reply
  }

  load(refs: readonly string[]): Promise<(LiveRecord | undefined)[]> {
    return this.#look((unit) =>
      refs.map((ref) => {
        const live = unit.live(ref)
        return live && rules.liveRecord(unit, live)
      }),
    )
  }
  overdue(query: Parameters<Storage['overdue']>[0]): Promise<LiveRecord[]> {
    return this.#steps.run((unit) => rules.overdue(unit, query))
  }
  waitForWork(query: Parameters<Storage['waitForWork']>[0]): Promise<void> {
    return this.#signals.wait(query)
  }

  getJob(jobId: string): Promise<JobRecord | undefined> {
    return this.#look((unit) => {
      const job = visible(unit, jobId)
      return job && rules.jobRecord(unit, job)
    })
  }
  listJobs(query: JobQuery): Promise<Page<JobRecord>> {
    return this.#look((unit) => listJobs(unit, query))
  }
  getTask(jobId: string, index: number): Promise<TaskRecord | undefined> {
    return this.#look((unit) => {
      const job = visible(unit, jobId)
      return job && index < job.counts.total ? rules.taskRecord(unit, job, index) : undefined
    })
  }
  scanTasks(jobId: string, query: TaskQuery): Promise<Page<TaskRecord>> {
    return this.#look((unit) => scanTasks(unit, jobId, query))
  }
  findTask(jobId: string, key: string): Promise<number | undefined> {
    return this.#look((unit) => {
      const job = known(unit, jobId)
      const index = unit.tasks(job).find(key)
      return index !== undefined && index < job.counts.total ? index : undefined
    })
  }
  events(jobId: string, after: number, max: number): Promise<EventPage> {
    return this.#look((unit) => eventPage(unit, jobId, after, max))
  }
  recount(jobId: string): Promise<Recount> {
    return this.#look((unit) => rules.recount(unit, known(unit, jobId)))
  }

  takeLedger(query: Parameters<Storage['takeLedger']>[0]): Promise<LedgerPage> {
    return this.#steps.run((unit) => takeLedger(unit, `${unit.nextTag()}:${unit.nonce()}`, query))
  }
  acknowledgeLedger(page: string): Promise<void> {
    return this.#steps.run((unit) => acknowledge(unit, page))
  }

  redact(jobId: string, index: number): Promise<void> {
    return this.#steps.run((unit) => redact(unit, jobId, index))
  }
  async purge(jobId: string): Promise<void> {
    await this.#steps.run((unit) => removeJob(unit, jobId))
    // Also of a purge that was interrupted before it came to this.
    await this.#housekeeping.emptyTrash()
  }
  async close(): Promise<void> {
    this.#housekeeping.stop()
    await this.#steps.settled()
    await this.#kv.close()
  }

  #look<T>(rule: (unit: Unit) => T): Promise<T> {
    return this.#steps.run(rule, { reads: true })
  }
}
