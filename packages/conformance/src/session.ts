import assert from 'node:assert/strict'
import type { Clock, JobRecord, Random, Storage } from '@outdial/core'
import type { Harness, StoreUnderTest } from './harness.js'
import { type ManualClock, manualClock, microtasks } from './support/manual-clock.js'
import { realClock, sleep } from './support/real-clock.js'
import { Worker } from './support/worker.js'

/** A client may take so long, in real time, to hear of what the store knows; longer when the store’s time is real. */
const PATIENCE = { given: 2000, own: 5000 } as const

/** One store under test with the time it lives in: what a rule is tried with. */
export class Session {
  readonly harness: Harness
  /** The client in use; another one after a restart. */
  storage: Storage
  readonly #under: StoreUnderTest
  readonly #manual: ManualClock | undefined
  readonly #random: Random
  readonly #sleepers: AbortController[] = []
  #probes = 0

  private constructor(harness: Harness, under: StoreUnderTest) {
    this.harness = harness
    this.#under = under
    this.storage = under.storage
    this.#manual = harness.clock === 'given' ? manualClock() : undefined
    let seed = 1
    const next = (): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    }
    this.#random = { next }
  }

  static async open(harness: Harness): Promise<Session> {
    const session = new Session(harness, await harness.create())
    await session.#open(session.storage)
    return session
  }

  /** The clock that the store was given; of no use to one that has its own. */
  get clock(): Clock {
    return this.#manual ?? realClock
  }

  /** The clock that the kit moves, if the store goes by it. */
  get manual(): ManualClock | undefined {
    return this.#manual
  }

  /** How far apart instants may be that should be equal. */
  get slack(): number {
    return this.#manual ? 0 : (this.harness.granularityMs ?? 50)
  }

  worker(channel = 'w', storage: Storage = this.storage): Worker {
    return new Worker(storage, channel)
  }

  /** The store's time. */
  async now(): Promise<number> {
    if (this.#manual) return this.#manual.now()
    return (await this.worker(`probe${this.#probes++}`).exchange()).now
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    if (this.#manual) await this.#manual.advance(ms)
    else await sleep(ms + this.slack)
  }

  /** Lets the store's time come to an instant. */
  async passUntil(at: number): Promise<void> {
    await this.pass(Math.max(0, at - (await this.now())))
  }

  /** Two instants are equal, as far as this store's time can be told. */
  near(actual: number | undefined, expected: number, what: string): void {
    const off = Math.abs((actual ?? Number.NaN) - expected)
    assert.ok(off <= this.slack, `${what} is ${actual}, not ${expected}`)
  }

  /** Another client to the same data: of another process if the store is shared, else the same one. */
  async second(): Promise<Storage> {
    if (!this.storage.capabilities.shared) return this.storage
    assert.ok(this.#under.openSecond, 'the store claims `shared`, and the harness has no `openSecond`')
    const second = await this.#under.openSecond()
    await this.#open(second)
    return second
  }

  /** Whether the harness can have the store crash and come back. */
  get restartable(): boolean {
    return this.#under.restart !== undefined
  }

  /** Whether the harness can have the store come back older than it was. */
  get revertible(): boolean {
    return this.#under.mark !== undefined && this.#under.rollback !== undefined
  }

  /** The store crashes and comes back; there is a new client. */
  async restart(): Promise<void> {
    assert.ok(this.#under.restart, 'the store claims `durable`, and the harness has no `restart`')
    this.storage = await this.#under.restart()
    await this.#open(this.storage)
  }

  async mark(): Promise<void> {
    await this.#under.mark?.()
  }

  /** The store comes back as it was at the mark; there is a new client. */
  async rollback(): Promise<void> {
    if (!this.#under.rollback) throw new Error('the harness has no `rollback`')
    this.storage = await this.#under.rollback()
    await this.#open(this.storage)
  }

  /** Somebody who waits for work on a channel. */
  sleeper(
    channel: string,
    routes: readonly string[],
    until: number = Number.POSITIVE_INFINITY,
    storage: Storage = this.storage,
  ): { awake: boolean; abort(): void } {
    const abort = new AbortController()
    this.#sleepers.push(abort)
    const state = { awake: false, abort: () => abort.abort() }
    void storage.waitForWork({ channel, routes, until, signal: abort.signal }).then(
      () => {
        state.awake = true
      },
      // A client whose store was ended under it; nobody asks it any more.
      () => {},
    )
    return state
  }

  /** Waits until something is so; a moment of real time, none of the store's. */
  async eventually(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
    const began = performance.now()
    for (;;) {
      await microtasks()
      if (await holds()) return
      if (performance.now() - began > PATIENCE[this.harness.clock]) assert.fail(otherwise)
      await sleep(1)
    }
  }

  /** A job that has to be there. */
  async job(id: string): Promise<JobRecord> {
    const job = await this.storage.getJob(id)
    assert.ok(job, `job ${id} is not there`)
    return job
  }

  async close(): Promise<void> {
    for (const sleeper of this.#sleepers) sleeper.abort()
    await microtasks()
    await this.#under.destroy()
  }

  async #open(storage: Storage): Promise<void> {
    await storage.open({ clock: this.clock, random: this.#random })
  }
}
