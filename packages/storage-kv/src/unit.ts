import type { StoredEvent, StoredEventData } from '@outdial/core'
import {
  type GateLimits,
  type JobEntry,
  type Lease,
  type LimitState,
  type LiveEntry,
  newLimit,
  type OrganizationEntry,
  type Workspace,
} from '@outdial/core/store'
import { count, decode, encode, ordered } from './codec.js'
import { JobRow } from './job-rows.js'
import * as layout from './layout.js'
import { addLedger } from './ledger-rows.js'
import { ended, type ListRow, ListRows } from './list-rows.js'
import { ByTime, Members, ScoreSet } from './queues.js'
import type { Reads } from './reads.js'
import { Shelf } from './shelf.js'
import type { Write } from './span.js'
import { Stamps } from './stamps.js'
import { TaskRows } from './task-rows.js'

/** What a step is given from outside; the same for every run of its rule. */
export interface Circumstances {
  /** The clock's time; the store's may be later. */
  readonly now: number
  readonly nonce: string
  /** Events kept per job. */
  readonly keepEvents: number
  /** Other processes have to hear of signals. */
  readonly shared: boolean
}

interface Meta {
  now: number
  tags: number
  jobs: number
  /** Entries ever added to the ledger. */
  ledger?: number
}

interface StoredLive {
  route: string
  live: LiveEntry
}

/** Events that one event may trim: more than one only after `events` was lowered. */
const TRIM = 4

/** The records of one step: copies, read when the rules look at them, and written back if they have changed. */
export class Unit implements Workspace {
  readonly now: number
  readonly wakes: ScoreSet
  readonly leases: ByTime<Lease>
  readonly reads: Reads
  readonly touched: Set<JobEntry> = new Set()
  readonly signaled: Set<string> = new Set()
  readonly #given: Circumstances
  readonly #meta: Meta
  readonly #jobs: Map<string, JobRow | undefined> = new Map()
  readonly #tasks: Map<string, TaskRows> = new Map()
  readonly #gates: Map<string, readonly GateLimits[]> = new Map()
  readonly #live: Shelf<StoredLive>
  readonly #limits: Shelf<LimitState>
  readonly #listRows: Shelf<ListRow>
  readonly #lists: Map<string, ListRows> = new Map()
  readonly #floors: Shelf<number>
  readonly #organizations: Shelf<OrganizationEntry>
  readonly #counters: Shelf<number>
  readonly #stamps: Stamps
  readonly #queues: Map<string, ScoreSet | Members | ByTime<number>> = new Map()
  /** When somebody has to look at a live attempt by the index, as of the beginning of the step. */
  readonly #checks: Map<string, { route: string; at: number; ref: string }> = new Map()
  /** Rows of which nothing else is known here. */
  readonly #rows: Map<string, string | undefined> = new Map()

  constructor(reads: Reads, given: Circumstances) {
    this.reads = reads
    this.#given = given
    this.#meta = decode<Meta>(reads.get(layout.META) ?? '{"now":0,"tags":0,"jobs":0}')
    this.now = Math.max(given.now, this.#meta.now)
    this.#meta.now = this.now
    this.wakes = new ScoreSet(reads, layout.WAKES)
    this.leases = new ByTime(reads, layout.LEASES, ({ tag }) => count(tag))
    this.#live = new Shelf(reads)
    this.#limits = new Shelf(
      reads,
      ({ revision, used, live, tat, spent }) => !(revision || used || live || tat || spent),
    )
    this.#listRows = new Shelf(reads)
    this.#floors = new Shelf(reads)
    this.#organizations = new Shelf(reads)
    this.#counters = new Shelf(reads)
    this.#stamps = new Stamps(reads)
  }

  /** When time alone may make something claimable. */
  get nextWake(): number {
    return Math.min(this.wakes.first()?.score ?? Number.POSITIVE_INFINITY, this.leases.next)
  }

  /** Sets a row that none of the records here stands for. */
  put(key: string, value: string | undefined): void {
    this.#rows.set(key, value)
  }

  /** Has a range that nothing refers to any more removed, some time. */
  forget(prefix: string): void {
    this.put(layout.trashKey(prefix), encode(prefix))
  }

  addJob(entry: JobEntry): void {
    const ordinal = this.#meta.jobs++
    this.#jobs.set(entry.id, JobRow.made(this.reads, entry, ordinal))
    const id = encode(entry.id)
    this.put(layout.jobOrderKey(ordinal), id)
    this.put(`${layout.organizationJobs(entry.organization)}/${count(ordinal)}`, id)
    if (entry.idempotencyKey !== undefined) {
      this.put(layout.idempotencyKey(entry.organization, entry.idempotencyKey), id)
    }
  }
  removeJob(entry: JobEntry): void {
    const { ordinal } = this.row(entry)
    this.#jobs.set(entry.id, undefined)
    this.put(layout.jobOrderKey(ordinal), undefined)
    this.put(`${layout.organizationJobs(entry.organization)}/${count(ordinal)}`, undefined)
    if (entry.idempotencyKey !== undefined) {
      this.put(layout.idempotencyKey(entry.organization, entry.idempotencyKey), undefined)
    }
    this.forget(layout.jobRange(ordinal))
  }
  job(id: string): JobEntry | undefined {
    if (!this.#jobs.has(id)) this.#jobs.set(id, JobRow.read(this.reads, id))
    return this.#jobs.get(id)?.entry
  }
  /** What is kept beside a job's record. */
  row(job: JobEntry): JobRow {
    return this.#jobs.get(job.id) as JobRow
  }
  tasks(job: JobEntry): TaskRows {
    let tasks = this.#tasks.get(job.id)
    if (!tasks) {
      tasks = new TaskRows(this.reads, this.row(job))
      this.#tasks.set(job.id, tasks)
    }
    return tasks
  }
  gates(job: JobEntry): readonly GateLimits[] {
    let gates = this.#gates.get(job.id)
    if (!gates) {
      gates = job.gates.map((gate) => ({
        gate,
        slots: this.limit(gate.slots),
        rate: this.limit(gate.rate),
        parked: this.parked(gate.slots),
      }))
      this.#gates.set(job.id, gates)
    }
    return gates
  }

  live(ref: string): LiveEntry | undefined {
    const key = layout.liveKey(ref)
    const stored = this.#live.get(key)
    if (stored && !this.#checks.has(key)) this.#checks.set(key, { route: stored.route, at: stored.live.checkAt, ref })
    return stored?.live
  }
  addLive(live: LiveEntry): void {
    const route = this.job(live.jobId)?.route ?? ''
    this.#live.put(layout.liveKey(live.ref), { route, live })
  }
  dropLive(live: LiveEntry): void {
    this.#live.drop(layout.liveKey(live.ref))
  }
  /** As of the beginning of the step: asked in a step of its own. */
  overdue(routes: readonly string[], max: number): LiveEntry[] {
    const found: LiveEntry[] = []
    for (const route of new Set(routes)) {
      const prefix = layout.checks(route)
      const late = this.reads.range({ gte: `${prefix}/`, lt: `${prefix}/${ordered(this.now)}0`, limit: max })
      this.reads.expect(late.map(([, ref]) => layout.liveKey(decode<string>(ref))))
      for (const [, ref] of late) found.push(this.live(decode<string>(ref)) as LiveEntry)
    }
    return found.sort((a, b) => a.checkAt - b.checkAt).slice(0, max)
  }

  limit(key: string): LimitState {
    return this.#limits.need(layout.limitKey(key), () => newLimit(key))
  }
  stamps(key: string, windowMs: number): number[] {
    return this.#stamps.get(key, windowMs)
  }
  /** Looks whether stamps that were to be looked at by now may go; answers how many it looked at. */
  sweepStamps(max: number): number {
    return this.#stamps.sweep(this.now, max)
  }
  list(name: string): ListRows | undefined {
    const known = this.#lists.get(name)
    if (known) return known
    const row = this.#listRows.get(layout.listKey(name))
    return row && this.#openList(name, row)
  }
  makeList(name: string): ListRows {
    const make = (): ListRow => ({ size: 0, generation: 0 })
    return this.list(name) ?? this.#openList(name, this.#listRows.need(layout.listKey(name), make))
  }
  /** Removes members whose end has passed; answers how many entries it looked at. */
  sweepLists(max: number): number {
    const entries = ended(this.reads, this.now, max)
    for (const { key, ending } of entries) {
      this.put(key, undefined)
      this.list(ending[0])?.expire(ending, this.now)
    }
    return entries.length
  }
  addLedger(job: JobEntry, index: number, data: string): void {
    this.#meta.ledger = this.ledgerLength + 1
    addLedger(this, { ordinal: this.row(job).ordinal, jobId: job.id, index, data }, this.ledgerLength)
  }
  /** Entries ever added to the ledger. */
  get ledgerLength(): number {
    return this.#meta.ledger ?? 0
  }

  floor(route: string): number {
    return this.#floors.get(layout.floorKey(route)) ?? 0
  }
  setFloor(route: string, turn: number): void {
    this.#floors.put(layout.floorKey(route), turn)
  }
  organization(route: string, id: string): OrganizationEntry {
    return this.#organizations.need(layout.organizationKey(route, id), () => ({ id, weight: 1, turn: 0, floor: 0 }))
  }
  organizations(route: string): ScoreSet {
    return this.#queue(layout.organizationOrder(route), (prefix) => new ScoreSet(this.reads, prefix))
  }
  jobs(route: string, organization: string): ScoreSet {
    return this.#queue(layout.jobTurns(route, organization), (prefix) => new ScoreSet(this.reads, prefix))
  }
  parked(key: string): Members {
    return this.#queue(layout.parkedUnder(key), (prefix) => new Members(this.reads, prefix))
  }
  due(job: JobEntry, lane: number): ByTime<number> {
    return this.#queue(layout.waiting(this.row(job).ordinal, lane), (prefix) => new ByTime(this.reads, prefix, count))
  }

  nextTag(): number {
    return ++this.#meta.tags
  }
  nonce(): string {
    return this.#given.nonce
  }
  log(job: JobEntry, data: StoredEventData): void {
    const row = this.row(job)
    job.lastEvent++
    this.put(layout.eventKey(row.ordinal, job.lastEvent), encode([this.now, data]))
    for (let n = 0; n < TRIM && row.trimmed < job.lastEvent - this.#given.keepEvents; n++) {
      this.put(layout.eventKey(row.ordinal, ++row.trimmed), undefined)
    }
  }
  /** Events after a sequence number that is not before the log. */
  events(job: JobEntry, after: number, max: number): StoredEvent[] {
    const { ordinal } = this.row(job)
    const { lt } = layout.under(layout.events(ordinal))
    return this.reads.range({ gte: layout.eventKey(ordinal, after + 1), lt, limit: max }).map(([, text], i) => {
      const [at, data] = decode<[number, StoredEventData]>(text)
      return { seq: after + 1 + i, at, data }
    })
  }
  changed(job: JobEntry): void {
    this.touched.add(job)
  }
  signal(route: string): void {
    this.signaled.add(route)
  }
  /** Signals given on a route, if other processes have to hear of them. */
  signals(route: string): number {
    return this.#counters.get(layout.signalKey(route)) ?? 0
  }
  /** Counts the signals of this step. */
  countSignals(): void {
    if (!this.#given.shared) return
    for (const route of this.signaled) this.#counters.put(layout.signalKey(route), this.signals(route) + 1)
  }

  /** What has to be written, in any order. */
  changes(): Map<string, string | undefined> {
    const changes = new Map<string, string | undefined>()
    const write: Write = (key, value) => {
      const known = this.reads.known(key)
      if (known ? known.value !== value : true) changes.set(key, value)
    }
    for (const [id, row] of this.#jobs) {
      if (row) row.flush(write)
      else if (this.reads.known(layout.jobKey(id))?.value !== undefined) write(layout.jobKey(id), undefined)
    }
    for (const [id, tasks] of this.#tasks) if (this.#jobs.get(id)) tasks.flush(write)
    for (const shelf of [this.#live, this.#limits, this.#listRows, this.#floors, this.#organizations, this.#counters]) {
      shelf.flush(write)
    }
    for (const list of this.#lists.values()) list.flush(write)
    this.#flushChecks(write)
    this.#stamps.flush(write)
    for (const queue of [this.wakes, this.leases, ...this.#queues.values()]) queue.flush(write)
    for (const [key, value] of this.#rows) write(key, value)
    // That time has passed is worth no write of its own: whoever was told the time was told in a reply, which is one.
    if (changes.size > 0) write(layout.META, encode(this.#meta))
    return changes
  }

  #flushChecks(write: Write): void {
    for (const [key, before] of this.#checks) {
      const live = this.#live.get(key)?.live
      if (live?.checkAt !== before.at) write(layout.checkKey(before.route, before.at, before.ref), undefined)
    }
    for (const { route, live } of this.#live.records()) {
      const before = this.#checks.get(layout.liveKey(live.ref))
      if (before?.at !== live.checkAt) write(layout.checkKey(route, live.checkAt, live.ref), encode(live.ref))
    }
  }

  #openList(name: string, row: ListRow): ListRows {
    const list = new ListRows(this.reads, name, row)
    this.#lists.set(name, list)
    return list
  }

  #queue<Q extends ScoreSet | Members | ByTime<number>>(prefix: string, make: (prefix: string) => Q): Q {
    let queue = this.#queues.get(prefix) as Q | undefined
    if (!queue) {
      queue = make(prefix)
      this.#queues.set(prefix, queue)
    }
    return queue
  }
}
