import type { Clock, Random, StoredEventData } from '@outdial/core'
import {
  type GateLimits,
  type JobEntry,
  type Lease,
  type LimitState,
  type LiveEntry,
  type MemberSet,
  newLimit,
  nonceOf,
  type OrderedSet,
  type OrganizationEntry,
  RefTable,
  type TimeQueue,
  type Workspace,
} from '@outdial/core/store'
import { EventLog } from './event-log.js'
import { Ledger } from './ledger.js'
import { HeapSet } from './ordered-set.js'
import { PeopleList } from './people-list.js'
import { StampTable } from './stamp-table.js'
import { TaskTable } from './task-table.js'
import { TimeHeap } from './time-queue.js'

interface Route {
  floor: number
  readonly order: HeapSet
  readonly organizations: Map<string, { entry: OrganizationEntry; jobs: HeapSet }>
}

/** What one job has beside its record. */
interface JobParts {
  /** Which job it is, counting all that were ever made: a place to go on from that no purge moves. */
  readonly ordinal: number
  readonly tasks: TaskTable
  readonly events: EventLog
  readonly due: Map<number, TimeHeap<number>>
  gates: readonly GateLimits[] | undefined
}

/**
 * All records of a memory store, as the rules see them. The rules change them in place; JavaScript runs one rule at a
 * time and a rule throws before it changes anything, which is all the atomicity there is to provide.
 */
export class Records implements Workspace {
  now = 0
  readonly wakes: HeapSet = new HeapSet()
  readonly leases: TimeHeap<Lease> = new TimeHeap()
  readonly jobsById: Map<string, JobEntry> = new Map()
  readonly ledger: Ledger = new Ledger()
  readonly #lists: Map<string, PeopleList> = new Map()
  /** Jobs changed since this was last emptied. */
  readonly touched: Set<JobEntry> = new Set()
  /** Routes with something new to claim since this was last emptied. */
  readonly signaled: Set<string> = new Set()
  readonly #live: RefTable<LiveEntry> = new RefTable()
  readonly #limits: Map<string, LimitState> = new Map()
  readonly #stamps: Map<number, StampTable> = new Map()
  readonly #routes: Map<string, Route> = new Map()
  readonly #parked: Map<string, Parked> = new Map()
  readonly #parts: Map<string, JobParts> = new Map()
  /** The parts asked for last: a rule asks for those of one job many times. */
  #lastId = ''
  #lastParts: JobParts | undefined
  readonly #keepEvents: number
  #clock: Clock | undefined
  #random: Random | undefined
  #tags = 0
  #made = 0
  #nonce = ''

  constructor(keepEvents: number) {
    this.#keepEvents = keepEvents
  }

  open(clock: Clock, random: Random): void {
    this.#clock = clock
    this.#random = random
    this.advance()
  }

  /** Takes the time for the step that begins, and a new nonce. */
  advance(): void {
    const now = this.#clock?.now() ?? 0
    if (now > this.now) this.now = now
    this.#nonce = ''
  }

  /** When time alone may make something claimable. */
  get nextWake(): number {
    return Math.min(this.wakes.first()?.score ?? Number.POSITIVE_INFINITY, this.leases.next)
  }

  add(job: JobEntry): void {
    this.jobsById.set(job.id, job)
    this.parts(job.id)
  }
  job(id: string): JobEntry | undefined {
    return this.jobsById.get(id)
  }
  parts(id: string): JobParts {
    if (id === this.#lastId && this.#lastParts) return this.#lastParts
    let parts = this.#parts.get(id)
    if (!parts) {
      parts = {
        ordinal: this.#made++,
        tasks: new TaskTable(),
        events: new EventLog(this.#keepEvents),
        due: new Map(),
        gates: undefined,
      }
      this.#parts.set(id, parts)
    }
    this.#lastId = id
    this.#lastParts = parts
    return parts
  }
  forget(id: string): void {
    this.jobsById.delete(id)
    this.#parts.delete(id)
    this.#lastParts = undefined
  }
  tasks(job: JobEntry): TaskTable {
    return this.parts(job.id).tasks
  }
  gates(job: JobEntry): readonly GateLimits[] {
    const parts = this.parts(job.id)
    parts.gates ??= job.gates.map((gate) => ({
      gate,
      slots: this.limit(gate.slots),
      rate: this.limit(gate.rate),
      parked: this.parked(gate.slots),
    }))
    return parts.gates
  }
  live(ref: string): LiveEntry | undefined {
    return this.#live.get(ref)
  }
  /** Live calls are few beside all that has been called: they are looked through when somebody asks, every few seconds. */
  overdue(routes: readonly string[], max: number): LiveEntry[] {
    const found: LiveEntry[] = []
    for (const live of this.#live.values()) {
      if (live.checkAt <= this.now && routes.includes(this.jobsById.get(live.jobId)?.route ?? '')) found.push(live)
    }
    return found.sort((a, b) => a.checkAt - b.checkAt).slice(0, max)
  }
  addLive(live: LiveEntry): void {
    this.#live.set(live)
  }
  dropLive(live: LiveEntry): void {
    this.#live.delete(live.ref)
  }

  limit(key: string): LimitState {
    let limit = this.#limits.get(key)
    if (!limit) {
      limit = newLimit(key)
      this.#limits.set(key, limit)
    }
    return limit
  }
  stamps(key: string, windowMs: number): number[] {
    let table = this.#stamps.get(windowMs)
    if (!table) {
      table = new StampTable()
      this.#stamps.set(windowMs, table)
    }
    return table.stamps(key, this.now, windowMs)
  }
  list(name: string): PeopleList | undefined {
    return this.#lists.get(name)
  }
  makeList(name: string): PeopleList {
    let list = this.#lists.get(name)
    if (!list) {
      list = new PeopleList(this)
      this.#lists.set(name, list)
    }
    return list
  }
  addLedger(job: JobEntry, index: number, data: string): void {
    this.ledger.add({ jobId: job.id, index, data })
  }

  floor(route: string): number {
    return this.#route(route).floor
  }
  setFloor(route: string, turn: number): void {
    this.#route(route).floor = turn
  }
  organization(route: string, id: string): OrganizationEntry {
    return this.#organization(route, id).entry
  }
  organizations(route: string): OrderedSet {
    return this.#route(route).order
  }
  jobs(route: string, organization: string): OrderedSet {
    return this.#organization(route, organization).jobs
  }
  parked(key: string): MemberSet {
    let parked = this.#parked.get(key)
    if (!parked) {
      parked = new Parked()
      this.#parked.set(key, parked)
    }
    return parked
  }
  due(job: JobEntry, lane: number): TimeQueue<number> {
    const { due } = this.parts(job.id)
    let queue = due.get(lane)
    if (!queue) {
      queue = new TimeHeap()
      due.set(lane, queue)
    }
    return queue
  }

  nextTag(): number {
    return ++this.#tags
  }
  nonce(): string {
    if (this.#nonce === '') this.#nonce = nonceOf(this.#random?.next() ?? 0)
    return this.#nonce
  }
  log(job: JobEntry, data: StoredEventData): void {
    job.lastEvent++
    this.parts(job.id).events.add(this.now, data)
  }
  changed(job: JobEntry): void {
    this.touched.add(job)
  }
  signal(route: string): void {
    this.signaled.add(route)
  }

  #route(id: string): Route {
    let route = this.#routes.get(id)
    if (!route) {
      route = { floor: 0, order: new HeapSet(), organizations: new Map() }
      this.#routes.set(id, route)
    }
    return route
  }
  #organization(routeId: string, id: string): { entry: OrganizationEntry; jobs: HeapSet } {
    const route = this.#route(routeId)
    let organization = route.organizations.get(id)
    if (!organization) {
      organization = { entry: { id, weight: 1, turn: 0, floor: 0 }, jobs: new HeapSet() }
      route.organizations.set(id, organization)
    }
    return organization
  }
}

class Parked implements MemberSet {
  readonly #members: Set<string> = new Set()
  get empty(): boolean {
    return this.#members.size === 0
  }
  add(member: string): void {
    this.#members.add(member)
  }
  drain(): readonly string[] {
    const members = [...this.#members]
    this.#members.clear()
    return members
  }
}
