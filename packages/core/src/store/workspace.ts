import type { HoldSpace, LimitState } from '../limits/holds.js'
import type { Gate } from '../ports/storage-jobs.js'
import type { StoredEventData } from '../ports/storage-read.js'
import type { JobEntry, Lease, ListEntry, LiveEntry, OrganizationEntry } from './records.js'

/**
 * The records that the rules of the storage port work on, as a store gives them.
 *
 * The rules are plain synchronous functions that read records from here and change them in place. A store in memory
 * hands out its own records; a store over a database hands out copies loaded in a transaction and writes back what
 * changed. Either way the whole call is one atomic step: a rule checks everything before it changes anything, so an
 * error it throws leaves the records as they were.
 */
export interface Workspace extends HoldSpace {
  /** The store's time; never goes back. */
  readonly now: number
  job(id: string): JobEntry | undefined
  tasks(job: JobEntry): Tasks
  /** The gates of a job with the limits they name, in the job's order. */
  gates(job: JobEntry): readonly GateLimits[]
  live(ref: string): LiveEntry | undefined
  addLive(live: LiveEntry): void
  /** Live attempts of these routes whose `checkAt` has passed, earliest first. */
  overdue(routes: readonly string[], max: number): LiveEntry[]
  dropLive(live: LiveEntry): void
  list(name: string): MemberList | undefined
  /** A list that is made if there is none. */
  makeList(name: string): MemberList
  /** Adds an entry to the ledger, as of now. */
  addLedger(job: JobEntry, index: number, data: string): void

  /** Virtual time of the organization served last on a route. */
  floor(route: string): number
  setFloor(route: string, turn: number): void
  organization(route: string, id: string): OrganizationEntry
  /** Organizations of a route that may have something to claim, by turn. */
  organizations(route: string): OrderedSet
  /** Jobs of an organization on a route that may have something to claim, by turn. */
  jobs(route: string, organization: string): OrderedSet
  /** Who has to be looked at when: `waker` names as in `fair-order.ts`, by time. */
  readonly wakes: OrderedSet
  /** Wakers that wait for a limit key to have room. */
  parked(key: string): MemberSet
  /** Tasks of a lane that wait for a time. Entries may be stale: the task says whether they hold. */
  due(job: JobEntry, lane: number): TimeQueue<number>
  readonly leases: TimeQueue<Lease>

  /** A number never given out before by this store. */
  nextTag(): number
  /** Random text without colon, at least 40 bits; the same one for all fences of an exchange. */
  nonce(): string
  log(job: JobEntry, data: StoredEventData): void
  /** The job's phase or revision changed. */
  changed(job: JobEntry): void
  /** Something may have become claimable on this route: whoever waits for work should look. */
  signal(route: string): void
}

/** A gate and the records of its two limits. */
export interface GateLimits {
  readonly gate: Gate
  readonly slots: LimitState
  readonly rate: LimitState
  /** Wakers that wait for its slots. */
  readonly parked: MemberSet
}

/** A list of people: what it says of itself, and its members. Those whose end has passed may be there or not. */
export interface MemberList extends ListEntry {
  /** How many members are there. */
  readonly size: number
  /** When a member is not listed any more, `Infinity` for one who is listed for good; `undefined`: not there. */
  end(member: string): number | undefined
  /** Why a member is listed, if it was said. */
  reason(member: string): string | undefined
  /** Puts a member on the list, or replaces its end and reason. */
  put(member: string, end: number, reason: string | undefined): void
  delete(member: string): void
  /** Removes all members. */
  clear(): void
}

/** The tasks of one job, by index. */
export interface Tasks {
  /** Code of `places.ts`. */
  place(index: number): number
  setPlace(index: number, place: number): void
  attempts(index: number): number
  setAttempts(index: number, attempts: number): void
  /** Tag of the claim that holds it. */
  tag(index: number): number
  setTag(index: number, tag: number): void
  waitUntil(index: number): number
  setWaitUntil(index: number, at: number): void
  lane(index: number): number
  payload(index: number): string
  memo(index: number): string | undefined
  setMemo(index: number, memo: string): void
  reason(index: number): string | undefined
  setReason(index: number, reason: string): void
  addResult(index: number, result: string): void
  /** Replaces a result; a position that is not there changes nothing. */
  setResult(index: number, position: number, result: string): void
  results(index: number): readonly string[]
  /** Ref of its live attempt. */
  ref(index: number): string | undefined
  setRef(index: number, ref: string | undefined): void
  /** Remembers a note; false if it was known. */
  noteOnce(index: number, id: string): boolean
  hasNote(index: number, id: string): boolean
  /** Removes payload, memo and results for good. */
  redact(index: number): void

  /** Adds a task behind the last one. */
  append(payload: string, lane: number, key: string | undefined): void
  /** Index of the task with this dedup key, loading ones included. */
  find(key: string): number | undefined
  /** Forgets tasks from this index on, and their keys. */
  truncate(length: number): void
}

/** Members with a score, each once. */
export interface OrderedSet {
  /** Adds or moves. */
  set(member: string, score: number): void
  delete(member: string): void
  score(member: string): number | undefined
  /** Lowest score; ties by member. */
  first(): { member: string; score: number } | undefined
  readonly empty: boolean
}

/** Members without order. */
export interface MemberSet {
  add(member: string): void
  /** Removes and returns all. */
  drain(): readonly string[]
  readonly empty: boolean
}

/** A bag of values by time. */
export interface TimeQueue<T> {
  add(at: number, value: T): void
  /** Time of the earliest; `Infinity` when empty. */
  readonly next: number
  /** Removes and returns the earliest if its time is not after `now`. */
  take(now: number): T | undefined
}
