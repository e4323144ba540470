import type { Clock } from './clock.js'
import type { Random } from './ids.js'
import type { Exchange, ExchangeReply, LiveRecord } from './storage-exchange.js'
import type { BatchOpened, Chunk, Sealed, Staged } from './storage-intake.js'
import type { Change, CreatedJob, JobRecord, NewJob } from './storage-jobs.js'
import type { Hold, Limit, ListEdit, ListedMember, ListState, Usage } from './storage-limits.js'
import type { EventPage, JobQuery, LedgerPage, Page, Recount, TaskQuery, TaskRecord } from './storage-read.js'

/** Version of this port. An adapter says which one it was written for; a mismatch fails in `createEngine`. */
export const STORAGE_PORT_VERSION = 2

/** What a store can do, as data: the engine reads it and the conformance kit proves it. */
export interface StorageCapabilities {
  readonly portVersion: number
  /** Several processes may use the same data at once. */
  readonly shared: boolean
  /** What was answered survives a crash of the process, and with `exchange({ durable: true })` of the store itself. */
  readonly durable: boolean
  /**
   * Reports, fences and claims it likes best in one exchange. The engine never sends more of a kind, except that reports of progress are
   * not counted: all reports together are four times as many at most.
   */
  readonly batch: number
  /** Exchanges worth having under way at once from one process, each on its own channel. */
  readonly channels: number
}

/**
 * Where the engine keeps everything.
 *
 * A store knows no lifecycle rules. It keeps jobs, task payloads and states, live attempts, limits and counters, lists
 * and the event log, and executes the mechanical rules of this port; which state follows which, what is retried and who
 * may be called is decided by the engine and handed over as data.
 *
 * Every method is atomic: it happens whole or not at all, and nobody sees it half done. Three may go in steps where a database can do no
 * more in one, each of which is atomic: a long `setList` without `clear` is seen part by part, and so is what `redact` has not come to yet; and in a store
 * of several shards whatever concerns more than one is a step in each. Repeated after a crash they end as if they had been one. Every mutating method may be
 * repeated with the same arguments (a re-sent command, a lost reply) and then changes nothing more and answers the same.
 * A rejected promise means that the caller does not know whether it happened, unless the error is an `OutdialError` of
 * the codes named at the method: then nothing has changed.
 *
 * Time is the store's own (`ExchangeReply.now`), never a client's. Arguments have been validated; a store gets exact shapes.
 * Payloads, memos, specs and results are opaque strings.
 */
export interface Storage {
  readonly capabilities: StorageCapabilities

  /**
   * Called by each engine before anything else. A store without a server of its own takes its time from the given clock;
   * others ignore it. With several engines on one store the latest clock counts, and time still never goes back.
   */
  open(host: { clock: Clock; random: Random }): Promise<void>

  /**
   * Makes a job that nobody sees or claims from before its first batch is sealed. A job of the same organization with
   * the same `idempotencyKey` is answered instead (`replayed`), or `idempotency_conflict` when its fingerprint differs.
   */
  createJob(job: NewJob): Promise<CreatedJob>

  /**
   * Opens a batch of tasks. A key whose batch was sealed is answered with what it became. An open batch of the same key,
   * or one that has been idle for a minute, is discarded in favour of this one; any other open batch: `batch_busy`.
   */
  openBatch(jobId: string, batch: string, key: string): Promise<BatchOpened>
  /** Adds a chunk to an open batch; invisible until sealed. `batch_discarded` when the batch is no longer open. */
  stage(jobId: string, batch: string, chunk: Chunk): Promise<Staged>
  /**
   * Makes a batch visible and claimable, all of it at once. `expected` is the number of tasks accepted by the `stage`
   * calls; another number stored is `batch_incomplete`. `memo` is kept and answered on a replay.
   */
  seal(jobId: string, batch: string, expected: number, memo: string): Promise<Sealed>
  /** Forgets an open batch. Unknown or sealed: nothing. A job that never had a sealed batch disappears with it. */
  discard(jobId: string, batch: string): Promise<void>

  /**
   * Changes a job; costs the same whatever the job's size. With `ifRevision`, only if the job's revision is that one:
   * else `revision_conflict`. Unknown job: `job_not_found`.
   */
  control(jobId: string, change: Change, ifRevision?: number): Promise<JobRecord>

  /** Sets limits. A limit whose stored revision is the same or higher is left as it is. */
  setLimits(limits: readonly Limit[]): Promise<void>
  /** What is counted under these keys: for views and forecasts, never to decide a start, which is the fence's. */
  usage(holds: readonly Pick<Hold, 'key' | 'limit'>[]): Promise<Usage[]>

  /** Changes a suppression list. Answers its size, see {@link ListState}. Many thousands at once are worth several edits. */
  setList(list: string, edit: ListEdit): Promise<{ size: number }>
  /** What a list says of itself and of these members (at most 1000). */
  getList(list: string, members: readonly string[]): Promise<ListState>
  /**
   * Who is on a list now, in no particular order. What is on it throughout comes once or more, what changes meanwhile may. A page
   * may have fewer than `max`, or none at all: the last one is that without a cursor.
   */
  scanList(list: string, query: { cursor?: string; max: number }): Promise<Page<ListedMember>>

  /** The hot path, one round trip: reports, then fences, then claims. See {@link Exchange}. */
  exchange(request: Exchange): Promise<ExchangeReply>
  /** Live attempts by ref; `undefined` for those that are not live. */
  load(refs: readonly string[]): Promise<(LiveRecord | undefined)[]>
  /**
   * Live attempts of these routes that somebody has to look at (`checkAt` passed), oldest first. Each is handed out once per `snooze`
   * milliseconds, so that two workers do not look at the same.
   */
  overdue(query: { routes: readonly string[]; max: number; snooze: number }): Promise<LiveRecord[]>
  /**
   * Resolves when something may have become claimable on one of these routes since the last exchange of this channel, or at
   * `until` (store time), or when the signal aborts. May resolve too early, never too late.
   */
  waitForWork(query: { channel: string; routes: readonly string[]; until: number; signal: AbortSignal }): Promise<void>

  getJob(jobId: string): Promise<JobRecord | undefined>
  listJobs(query: JobQuery): Promise<Page<JobRecord>>
  getTask(jobId: string, index: number): Promise<TaskRecord | undefined>
  /** Tasks by index, filtered by state. */
  scanTasks(jobId: string, query: TaskQuery): Promise<Page<TaskRecord>>
  /** Index of the task with this dedup key. */
  findTask(jobId: string, key: string): Promise<number | undefined>
  /** Events after a sequence number. When some of them have been trimmed, says so (`trimmed`) instead of skipping them. */
  events(jobId: string, after: number, max: number): Promise<EventPage>
  /** Counts a job's tasks and holds anew from the ground truth. For proofs and repair tools, not for the hot path. */
  recount(jobId: string): Promise<Recount>

  /**
   * Entries of the ledger (`ledger` of closes and notes, over all jobs), oldest first per organization, none left out: those handed out
   * stay until they are acknowledged, and are handed out again to whoever asks when `leaseMs` have passed without that.
   * Until then others are answered with what comes after them, or nothing. They outlive their job. A page may have fewer than `max`;
   * none means that there is nothing to hand out now. Repeated, it hands out what comes next; the page whose reply was lost comes again.
   */
  takeLedger(query: { max: number; leaseMs: number }): Promise<LedgerPage>
  /**
   * Forgets the entries of a page for good, also after its `leaseMs`, as long as nobody else was handed them. A page that is known no
   * more: nothing.
   */
  acknowledgeLedger(page: string): Promise<void>

  /**
   * Removes what is kept of a task's person for good: payload, memo and results, all of it that is in the event log or in what answers a
   * repeated change of the task, its payload also in what answers a repeated exchange, and the `data` of its entries in the ledger that nobody has acknowledged, which become empty texts. Counters stay, and so do its events and entries,
   * its dedup key (nobody is called once more because they were redacted), the ids of its notes, lists and what caps count. The task must have ended, else
   * `task_not_ended`.
   */
  redact(jobId: string, index: number): Promise<void>
  /** Removes an ended job and everything of it: `job_not_ended` otherwise. Unknown job: nothing. */
  purge(jobId: string): Promise<void>
  /** Releases what the store holds (connections it made itself). */
  close(): Promise<void>
}
