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
  type Random,
  type Recount,
  STORAGE_PORT_VERSION,
  type Storage,
  type StorageCapabilities,
  type StoredEvent,
  type TaskQuery,
  type TaskRecord,
  type Usage,
} from '@outdial/core'
import { Barrier } from './barrier.js'
import { exchangeRequest } from './exchange-request.js'
import { Intake } from './intake/intake.js'
import { pageEntries } from './ledger-parcels.js'
import { Lists, type ShardList } from './lists.js'
import { type Entry, entryMemos, entryParcels, eventsOf } from './log.js'
import type { Packed } from './msgpack.js'
import { listen } from './news.js'
import { checkOptions, type RedisStorageOptions } from './options.js'
import { type ParcelPlace, Parcels } from './parcels.js'
import { PayloadBlocks, payloadOf } from './payload-blocks.js'
import * as records from './records.js'
import { recountSlices } from './recount.js'
import { type Redactable, redactTask } from './redaction.js'
import type { RedisClient } from './redis-client.js'
import { serverError } from './reply-error.js'
import { baseOf, Server } from './server.js'
import { checkServer } from './server-check.js'
import { checkShardCount } from './shards/shard-count.js'
import { SharedMemos, type WholeMemo } from './shared-memos.js'
import { usageOf } from './usage.js'
import { WorkSignals } from './work-signals.js'

/** What only tests can ask for; nothing that is published passes it on. */
export interface TestOptions {
  /** A clock module for the scripts that takes the time from the clock that `open` is given. */
  givenClock?: string
}

/** Tasks, or jobs, looked at in one script: a script keeps everybody else waiting. */
const PAGE = { tasks: 1024, jobs: 128 } as const

/** What an exchange is refused with that relies on ends of memos which are not there. Nobody else sees it. */
const MEMO_UNKNOWN = 'memo_unknown'

/** The store behind `redisStorage`. */
export class RedisStorage implements Storage {
  readonly capabilities: StorageCapabilities
  readonly #client: RedisClient
  readonly #base: string
  readonly #server: Server
  readonly #signals: WorkSignals
  readonly #payloads: PayloadBlocks
  readonly #lists: Lists
  readonly #intake: Intake
  readonly #memos: SharedMemos = new SharedMemos()
  readonly #durable: boolean
  readonly #replicas: number
  readonly #givenClock: boolean
  #clock: Clock | undefined
  #random: Random | undefined
  /** Whoever opens it meanwhile waits for the same. What it resolves to lets go of the connections. */
  #opened: Promise<() => void> | undefined
  /** The store's time when it was last heard of, and this machine's monotonic time then. */
  #heard = { now: 0, at: 0 }

  constructor(options: RedisStorageOptions, { givenClock }: TestOptions = {}) {
    const { client, prefix = 'outdial', events = 10_000, durable = false, replicas = 0 } = options
    checkOptions(options)
    this.capabilities = { portVersion: STORAGE_PORT_VERSION, shared: true, durable, batch: 32, channels: 2 }
    this.#client = client
    this.#base = baseOf(prefix)
    this.#durable = durable
    this.#replicas = replicas
    this.#givenClock = givenClock !== undefined
    const given = () => String(this.#clock?.now() ?? 0)
    this.#server = new Server(
      client,
      this.#base,
      events,
      givenClock !== undefined ? { clock: givenClock, given } : undefined,
    )
    this.#payloads = new PayloadBlocks((names) => this.#server.read(names.map((name) => `p:${name}`)))
    this.#lists = new Lists(this.#server, () => this.#nonce())
    this.#intake = new Intake(this.#server, () => this.#nonce())
    this.#signals = new WorkSignals((routes) => this.#look(routes))
  }

  async open({ clock, random }: { clock: Clock; random: Random }): Promise<void> {
    this.#clock = clock
    this.#random = random
    const opening = this.#opened ?? this.#connect()
    this.#opened = opening
    try {
      await opening
    } catch (error) {
      // Opened again later, it has to be able to hear.
      if (this.#opened === opening) this.#opened = undefined
      throw error
    }
  }

  async createJob(job: NewJob): Promise<CreatedJob> {
    const { organization, idempotencyKey } = job
    const idempotency = idempotencyKey === undefined ? undefined : JSON.stringify([organization, idempotencyKey])
    for (;;) {
      const created = await this.#server.run('createJob', { job, idempotency })
      if (created) return records.createdJob(created)
      await this.purge(job.id)
    }
  }
  openBatch(jobId: string, batch: string, key: string): ReturnType<Storage['openBatch']> {
    return this.#intake.open(jobId, batch, key)
  }
  stage(...[jobId, batch, chunk]: Parameters<Storage['stage']>): ReturnType<Storage['stage']> {
    return this.#intake.stage(jobId, batch, chunk)
  }
  seal(...[jobId, batch, expected, memo]: Parameters<Storage['seal']>): ReturnType<Storage['seal']> {
    return this.#intake.seal(jobId, batch, expected, memo)
  }
  async discard(jobId: string, batch: string): Promise<void> {
    if (await this.#intake.discard(jobId, batch)) await this.purge(jobId)
  }

  async control(jobId: string, change: Change, ifRevision?: number): Promise<JobRecord> {
    return records.jobRecord(await this.#server.run('control', { jobId, change, ifRevision }, { safe: true }))
  }
  async setLimits(limits: readonly Limit[]): Promise<void> {
    await this.#server.run('setLimits', { limits }, { safe: true })
  }
  async setList(list: string, edit: ListEdit): Promise<{ size: number }> {
    return this.#lists.set(list, edit)
  }
  async getList(list: string, members: readonly string[]): Promise<ListState> {
    const { enlisted: _, ...state } = await this.#lists.get(list, members)
    return state
  }
  /** As `getList`, as one of several shards. */
  shardList(list: string, members: readonly string[]): Promise<ShardList> {
    return this.#lists.get(list, members)
  }
  async scanList(list: string, query: { cursor?: string; max: number }): Promise<Page<ListedMember>> {
    return this.#lists.scan(list, query)
  }
  async usage(holds: Parameters<Storage['usage']>[0]): Promise<Usage[]> {
    return ((await this.#server.run('usage', { holds })) as Packed[]).map(usageOf)
  }

  /** With `skips`, as one of several shards: not every exchange of the channel comes here. */
  async exchange(request: Exchange, { skips = false }: { skips?: boolean } = {}): Promise<ExchangeReply> {
    if (request.durable && !this.#durable) {
      throw new OutdialError(
        'not_durable',
        'This store was not declared durable: make it with `durable: true`, or leave `durable` out.',
      )
    }
    const told = await this.#converse(request, skips)
    const payloads = await this.#payloads.expect(records.claimedPayloads(told))
    const { reply, signals } = records.exchangeReply(told, payloads, request)
    this.#hear(reply.now)
    this.#signals.saw(request.channel, signals)
    return reply
  }

  /** What shards ask of each other about limits: see shards/shares.ts. With `safe`, answered when it cannot be lost. */
  share(args: object, { safe = false }: { safe?: boolean } = {}): Promise<Packed> {
    return this.#server.run('share', args, { safe })
  }
  /** Whether it has a job, also one that nobody sees yet. */
  async has(jobId: string): Promise<boolean> {
    return await this.#server.has('jobs', jobId)
  }

  async load(refs: readonly string[]): Promise<(LiveRecord | undefined)[]> {
    const found = (await this.#server.run('load', { refs })) as Packed[]
    return this.#lives(found)
  }
  async overdue(query: Parameters<Storage['overdue']>[0]): Promise<LiveRecord[]> {
    const { routes, max, snooze } = query
    const found = (await this.#server.run('overdue', { routes: [...new Set(routes)], max, snooze })) as Packed[]
    return (await this.#lives(found)) as LiveRecord[]
  }
  async waitForWork(query: Parameters<Storage['waitForWork']>[0]): Promise<void> {
    if (this.#clock) await this.#signals.wait(this.#clock, () => this.#now(), query)
  }

  async getJob(jobId: string): Promise<JobRecord | undefined> {
    const job = await this.#server.run('getJob', { jobId })
    return job ? records.jobRecord(job) : undefined
  }
  async listJobs({ organization, states, cursor, max }: JobQuery): Promise<Page<JobRecord>> {
    const items: JobRecord[] = []
    for (let from: string | false = cursor ?? '0'; from !== false; ) {
      const query = { organization, states, from, max: max - items.length, page: PAGE.jobs }
      const [page, next, more] = (await this.#server.run('listJobs', query)) as [Packed[], string | false, true?]
      items.push(...page.map(records.jobRecord))
      if (!more) return { items, cursor: next as string }
      from = next
    }
    return { items }
  }
  async getTask(jobId: string, index: number): Promise<TaskRecord | undefined> {
    const task = await this.#server.run('getTask', { jobId, index })
    return task ? (await this.#tasks(jobId, [task]))[0] : undefined
  }
  async scanTasks(jobId: string, { places, cursor, max }: TaskQuery): Promise<Page<TaskRecord>> {
    const items: TaskRecord[] = []
    for (let from: number | false = Number(cursor ?? 0); from !== false; ) {
      const query = { jobId, places, from, max: max - items.length, page: PAGE.tasks }
      const [page, next, more] = (await this.#server.run('scanTasks', query)) as [Packed[], number | false, true?]
      items.push(...(await this.#tasks(jobId, page)))
      if (!more) return { items, cursor: String(next) }
      from = next
    }
    return { items }
  }
  async findTask(jobId: string, key: string): Promise<number | undefined> {
    const index = await this.#server.run('findTask', { jobId, key })
    return index === false ? undefined : (index as number)
  }
  async events(jobId: string, after: number, max: number): Promise<EventPage> {
    const events: StoredEvent[] = []
    let at = after
    for (;;) {
      const told = await this.#server.run('events', { jobId, after: at, max: max - events.length })
      const [entries, last, job] = told as [Packed, number, Packed?]
      if (job && events.length > 0) return { status: 'ok', events, last }
      if (job) return { status: 'trimmed', oldest: entries as number, last, job: records.jobRecord(job) }
      const read = entries as unknown as Entry[]
      const [parcels, whole] = await Promise.all([
        this.#parcels(entryParcels(jobId, read)),
        this.#wholeMemos(entryMemos(jobId, read)),
      ])
      for (const event of eventsOf(jobId, read, { parcels, whole })) {
        if (event.seq > at && events.length < max) events.push(event)
      }
      at = events.at(-1)?.seq ?? after
      if (read.length === 0 || events.length >= max || at >= last) return { status: 'ok', events, last }
    }
  }
  recount(jobId: string): Promise<Recount> {
    return recountSlices((from) => this.#server.run('recount', { jobId, from, page: PAGE.tasks }))
  }

  async takeLedger({ max, leaseMs }: Parameters<Storage['takeLedger']>[0]): Promise<LedgerPage> {
    const { answer, beside } = await this.#server.runBeside('takeLedger', { max, leaseMs }, { nonce: this.#nonce() })
    if (!answer) return { entries: [] }
    const [page, parts] = answer as [string, Packed]
    return { page, entries: pageEntries(parts, beside) }
  }
  async acknowledgeLedger(page: string): Promise<void> {
    await this.#server.run('acknowledgeLedger', { page })
  }

  async redact(jobId: string, index: number): Promise<void> {
    const stored: Redactable = {
      redact: (args, options) => this.#server.run('redact', args, options),
      block: async (place) => {
        const [bytes] = await this.#server.read([`p:${jobId}:${place.block}`])
        this.#payloads.forget(place)
        return bytes
      },
      parcel: (place) => this.#parcel(place),
      entries: (firsts) => this.#server.read(firsts.map((first) => `l:${first}`)),
    }
    await redactTask(stored, jobId, index)
  }
  async purge(jobId: string): Promise<void> {
    while (await this.#server.run('purge', { jobId }));
  }
  async close(): Promise<void> {
    // One that is still being opened lets go when it is.
    this.#opened?.then(
      (letGo) => letGo(),
      () => {},
    )
    this.#opened = undefined
    this.#signals.disturb()
  }

  async #connect(): Promise<() => void> {
    const waits = await checkServer(this.#client, this.#base, { durable: this.#durable, replicas: this.#replicas })
    const barrier = waits ? new Barrier(this.#client, this.#base, this.#replicas) : undefined
    this.#server.barrier = barrier
    await checkShardCount(this.#client, this.#base.slice(1, -2), 1)
    // Any script refuses data of another layout.
    await this.#look([])
    try {
      const connection = await listen(this.#client, `${this.#base}news`, {
        hear: (text) => {
          const { wake, routes } = JSON.parse(text) as { wake: string; routes: Record<string, number> }
          this.#signals.hear({ routes, wake: wake === '' ? Number.POSITIVE_INFINITY : Number(wake) })
        },
        disturb: () => this.#signals.disturb(),
      })
      return () => {
        connection.disconnect()
        barrier?.close()
      }
    } catch (error) {
      throw serverError(error)
    }
  }

  async #converse(request: Exchange, skips: boolean): Promise<Packed> {
    for (;;) {
      const { text, parcels, ends } = exchangeRequest(request, skips, this.#memos)
      const options = { nonce: this.#nonce(), bytes: parcels, safe: request.durable === true }
      try {
        const told = await this.#server.run('exchange', text, options)
        this.#memos.areKept(ends)
        return told
      } catch (error) {
        // It has forgotten what memos end with, and has done nothing: it is told again.
        if (!(error instanceof OutdialError) || (error.code as string) !== MEMO_UNKNOWN) throw error
        this.#memos.areLost(ends)
      }
    }
  }

  async #look(routes: readonly string[]) {
    const told = (await this.#server.run('lookForWork', { routes })) as [number, number, number[]]
    const [now, nextWake, counts] = told
    this.#hear(now)
    return { now, nextWake, counts }
  }

  async #lives(found: readonly Packed[]): Promise<(LiveRecord | undefined)[]> {
    const places = found.map((live) => (live ? records.livePayload(live) : undefined))
    const [payloads, whole] = await Promise.all([
      this.#payloads.expect(places.filter((place) => place !== undefined)),
      this.#wholeMemos(found.flatMap((live) => (live ? [records.liveMemo(live)] : []))),
    ])
    return found.map((live, i) => {
      const place = places[i]
      return live ? records.liveRecord(live, place && payloadOf(payloads, place), whole) : undefined
    })
  }
  async #tasks(jobId: string, found: readonly Packed[]): Promise<TaskRecord[]> {
    const places = found.map((task) => records.taskPayload(jobId, task))
    const [payloads, parcels] = await Promise.all([
      this.#payloads.expect(places.filter((place) => place !== undefined)),
      this.#parcels(found.flatMap((task) => [...records.taskParcels(jobId, task)])),
    ])
    return found.map((task, i) => {
      const place = places[i]
      return records.taskRecord(jobId, task, place && payloadOf(payloads, place), parcels)
    })
  }
  #parcels(wanted: Iterable<ParcelPlace>): Promise<Parcels> {
    return Parcels.of(wanted, (place) => this.#parcel(place))
  }
  #parcel({ jobId, parcel }: ParcelPlace): Promise<Buffer | null> {
    return this.#server.item(`o:${jobId}`, parcel - 1)
  }
  /** Reads what these memos end with. Resolves to what makes them whole. */
  async #wholeMemos(memos: Iterable<readonly [jobId: string, stored: string]>): Promise<WholeMemo> {
    const read = async ([jobId, id]: readonly [string, string]) => {
      const end = await this.#server.field(`m:${jobId}`, id)
      if (end) this.#memos.learn(jobId, id, end.toString())
    }
    await Promise.all([...this.#memos.wanted(memos)].map(read))
    return (jobId, stored) => this.#memos.whole(jobId, stored)
  }
  #nonce(): string {
    return Math.floor((this.#random?.next() ?? 0) * 2 ** 53).toString(36)
  }

  /** The store's time, as far as can be told from here. */
  #now(): number {
    const clock = this.#clock as Clock
    return this.#givenClock ? clock.now() : this.#heard.now + clock.monotonic() - this.#heard.at
  }
  #hear(now: number): void {
    this.#heard = { now, at: this.#clock?.monotonic() ?? 0 }
  }
}
