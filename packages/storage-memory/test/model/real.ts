import { type ErrorCode, type Exchange, type ExchangeReply, isOutdialError, type Storage } from '@outdial/core'
import { type ManualClock, microtasks } from '../support/manual-clock.js'
import { openStore } from '../support/store.js'
import { must } from './admission.js'
import { ahead, claimable } from './claimable.js'
import { check, observe, same } from './observe.js'
import { Replay } from './replay.js'
import type { World } from './world.js'

/** Somebody who waits for work on a channel, as a worker does that was given less than it asked for. */
interface Watcher {
  routes: readonly string[]
  abort: AbortController
  woken: boolean
}

/** The store under test, with what has to be remembered to use it and to judge it. */
export class Real {
  readonly storage: Storage
  readonly clock: ManualClock
  readonly watchers: Map<string, Watcher> = new Map()
  readonly channels: Map<string, { seq: number; last?: { request: Exchange; reply: ExchangeReply } }> = new Map()
  readonly #replays: Map<string, Replay> = new Map()

  constructor(storage: Storage, clock: ManualClock) {
    this.storage = storage
    this.clock = clock
  }

  static async open(): Promise<Real> {
    const { storage, clock } = await openStore()
    return new Real(storage, clock)
  }

  /** Sends a call twice, as a client does that has lost the reply: the second changes nothing and is answered the same. */
  async twice<T>(world: World, call: () => Promise<T>): Promise<T> {
    const first = await call()
    const before = await observe(world, this.storage)
    const second = await call()
    must(
      same(second, first),
      `G10: repeated, it was answered\n  ${JSON.stringify(second)}\n  and not\n  ${JSON.stringify(first)}`,
    )
    must(same(await observe(world, this.storage), before), 'G10: repeated, it changed something more')
    return first
  }

  /** A call that must fail with this code, twice, and change nothing. */
  async refused(world: World, codes: readonly ErrorCode[], call: () => Promise<unknown>): Promise<void> {
    const fails = async (): Promise<void> => {
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      must(
        codes.some((code) => isOutdialError(error, code)),
        `${codes.join(' or ')} was to be expected, not ${error}`,
      )
    }
    await fails()
    const before = await observe(world, this.storage)
    await fails()
    must(same(await observe(world, this.storage), before), 'G10: a call that was refused twice changed something')
  }

  watch(channel: string, routes: readonly string[], until: number): void {
    this.unwatch(channel)
    const watcher: Watcher = { routes, abort: new AbortController(), woken: false }
    this.watchers.set(channel, watcher)
    void this.storage.waitForWork({ channel, routes, until, signal: watcher.abort.signal }).then(() => {
      watcher.woken = true
    })
  }

  unwatch(channel: string): void {
    this.watchers.get(channel)?.abort.abort()
    this.watchers.delete(channel)
  }

  /** What must be true after every command. */
  async settled(world: World): Promise<void> {
    world.now = this.clock.now()
    await microtasks()
    for (const [channel, { routes, woken }] of this.watchers) {
      if (woken) this.unwatch(channel)
      for (const route of woken ? [] : routes) {
        const found = claimable(ahead(world, world.now), route)
        must(found === undefined, `a lost wake-up: ${found} may be claimed, and ${channel} sleeps`)
      }
    }
    const seen = await observe(world, this.storage)
    await check(world, this.storage, seen)
    for (const { job, tasks } of seen.jobs) {
      const replay = this.#replays.get(job.id) ?? new Replay()
      this.#replays.set(job.id, replay)
      const page = await this.storage.events(job.id, replay.last, 10_000)
      if (page.status !== 'ok') throw new Error('G9: events are gone')
      replay.read(page.events)
      replay.check(job, tasks)
    }
  }

  async close(): Promise<void> {
    for (const channel of this.watchers.keys()) this.unwatch(channel)
    await microtasks()
    must(this.clock.pending === 0, 'a timer was left behind')
  }
}
