import type { Clock, Random, StoredEventData } from '@outdial/core'
import {
  type JobEntry,
  type Lease,
  type LimitState,
  type ListEntry,
  type LiveEntry,
  type MemberSet,
  newLimit,
  type OrderedSet,
  type OrganizationEntry,
  type TimeQueue,
  type Workspace,
} from '@outdial/core/store'
import { EventLog } from './event-log.js'
import { HeapSet } from './ordered-set.js'
import { StampTable } from './stamp-table.js'
import { TaskTable } from './task-table.js'
import { TimeHeap } from './time-queue.js'

interface Route {
  floor: number
  readonly order: HeapSet
  readonly organizations: Map<string, { entry: OrganizationEntry; jobs: HeapSet }>
  readonly checks: TimeHeap<string>
}

/** What one job has beside its record. */
interface JobParts {
  readonly tasks: TaskTable
  readonly events: EventLog
  readonly due: Map<number, TimeHeap<number>>
}

/** A suppression list with its members. */
export interface MemberList extends ListEntry {
  readonly members: Set<string>
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
  readonly lists: Map<string, MemberList> = new Map()
  /** Jobs changed since this was last emptied. */
  readonly touched: Set<JobEntry> = new Set()
  /** Routes with something new to claim since this was last emptied. */
  readonly signaled: Set<string> = new Set()
  readonly #live: Map<string, LiveEntry> = new Map()
  readonly #limits: Map<string, LimitState> = new Map()
  readonly #stamps: Map<string, StampTable> = new Map()
  readonly #routes: Map<string, Route> = new Map()
  readonly #parked: Map<string, Parked> = new Map()
  readonly #parts: Map<string, JobParts> = new Map()
  readonly #keepEvents: number
  #clock: Clock | undefined
  #random: Random | undefined
  #tags = 0
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

  job(id: string): JobEntry | undefined {
    return this.jobsById.get(id)
  }
  parts(id: string): JobParts {
    let parts = this.#parts.get(id)
    if (!parts) {
      parts = { tasks: new TaskTable(), events: new EventLog(this.#keepEvents), due: new Map() }
      this.#parts.set(id, parts)
    }
    return parts
  }
  forget(id: string): void {
    this.jobsById.delete(id)
    this.#parts.delete(id)
  }
  /** Every route that ever had a job. */
  routes(): Iterable<string> {
    return this.#routes.keys()
  }
  tasks(job: JobEntry): TaskTable {
    return this.parts(job.id).tasks
  }
  live(ref: string): LiveEntry | undefined {
    return this.#live.get(ref)
  }
  addLive(live: LiveEntry): void {
    this.#live.set(live.ref, live)
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
  stamps(key: string, limit: string, windowMs: number): number[] {
    let table = this.#stamps.get(limit)
    if (!table) {
      table = new StampTable()
      this.#stamps.set(limit, table)
    }
    return table.stamps(key, this.now, windowMs)
  }
  list(name: string): ListEntry | undefined {
    return this.lists.get(name)
  }
  listed(name: string, member: string): boolean {
    return this.lists.get(name)?.members.has(member) ?? false
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
  checks(route: string): TimeQueue<string> {
    return this.#route(route).checks
  }

  nextTag(): number {
    return ++this.#tags
  }
  nonce(): string {
    if (this.#nonce === '') {
      const random = this.#random?.next() ?? 0
      this.#nonce = Math.floor(random * 2 ** 50).toString(36) + this.#tags.toString(36)
    }
    return this.#nonce
  }
  log(job: JobEntry, data: StoredEventData): void {
    this.parts(job.id).events.add(++job.lastEvent, this.now, data)
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
      route = { floor: 0, order: new HeapSet(), organizations: new Map(), checks: new TimeHeap() }
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
  get size(): number {
    return this.#members.size
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
