import { type ErrorCode, type Exchange, type ExchangeReply, isOutdialError, type Storage } from '@outdial/core'
import type { Session } from '../session.js'
import { microtasks } from '../support/manual-clock.js'
import { must } from './admission.js'
import { ahead, claimable } from './claimable.js'
import { same } from './equal.js'
import { check, observe } from './observe.js'
import { Replay } from './replay.js'
import type { World } from './world.js'

/** Somebody who waits for work on a channel, as a worker does that was given less than it asked for. */
interface Watcher {
  readonly routes: readonly string[]
  readonly sleeps: { readonly awake: boolean; abort(): void }
}

/** What is known of a channel. */
export interface Talk {
  seq: number
  last?: { readonly request: Exchange; readonly reply: ExchangeReply }
}

/** The store under test, with what has to be remembered to use it and to judge it. */
export class Real {
  readonly session: Session
  readonly watchers: Map<string, Watcher> = new Map()
  readonly channels: Map<string, Talk> = new Map()
  /** Requests of workers that froze before they sent them. */
  readonly frozen: Exchange[] = []
  /** Who acts: a number of a client, if there are several. */
  actor: number | undefined
  /** The state at the last mark, and the channels that the store knew then. */
  marked: { readonly world: World; readonly channels: ReadonlySet<string> } | undefined
  readonly #replays: Map<string, Replay> = new Map()
  #clients: Storage[]
  /** How often workers were replaced: a new one has a new channel. */
  #generations = 0
  readonly #names: Map<string, string> = new Map()
  /** How often the store came back older, and every worker was replaced. */
  #epoch = 0

  private constructor(session: Session, clients: Storage[]) {
    this.session = session
    this.#clients = clients
  }

  /** A store with so many clients. */
  static async open(session: Session, clients = 1): Promise<Real> {
    const all = [session.storage]
    while (all.length < clients) all.push(await session.second())
    return new Real(session, all)
  }

  /** The client of whoever acts. */
  get storage(): Storage {
    return this.#clients[(this.actor ?? 0) % this.#clients.length] as Storage
  }

  /** The name of a worker's channel now. */
  channel(drawn: string): string {
    const own = this.#own(drawn)
    return this.#names.get(own) ?? own
  }

  /** A worker dies, and another begins in its place. */
  replace(drawn: string): void {
    const name = this.channel(drawn)
    this.unwatch(name)
    this.channels.delete(name)
    const own = this.#own(drawn)
    this.#names.set(own, `${own}.${++this.#generations}`)
  }

  #own(drawn: string): string {
    const own = this.actor === undefined ? drawn : `client${this.actor}`
    return this.#epoch === 0 ? own : `${own}/${this.#epoch}`
  }

  /** After the store has crashed: every client is a new one, and whoever slept asks again. */
  async reconnect(): Promise<void> {
    for (const name of [...this.watchers.keys()]) this.unwatch(name)
    const clients = [this.session.storage]
    while (clients.length < this.#clients.length) clients.push(await this.session.second())
    this.#clients = clients
  }

  /** After the store has come back older: logs are shorter than they were, and every worker begins anew. */
  startOver(): void {
    this.#replays.clear()
    this.channels.clear()
    this.#names.clear()
    this.#epoch++
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
    this.watchers.set(channel, { routes, sleeps: this.session.sleeper(channel, routes, until, this.storage) })
  }

  unwatch(channel: string): void {
    this.watchers.get(channel)?.sleeps.abort()
    this.watchers.delete(channel)
  }

  /** What must be true after every command. */
  async settled(world: World): Promise<void> {
    world.now = this.session.clock.now()
    await microtasks()
    for (const [channel, { routes, sleeps }] of [...this.watchers]) {
      const found = sleeps.awake
        ? undefined
        : routes.map((route) => claimable(ahead(world, world.now), route)).find(Boolean)
      if (found !== undefined) {
        await this.session.eventually(
          () => sleeps.awake,
          `a lost wake-up: ${found} may be claimed, and ${channel} sleeps`,
        )
      }
      if (sleeps.awake) this.unwatch(channel)
    }
    const seen = await observe(world, this.storage)
    await check(world, this.storage, seen)
    for (const { job, tasks } of seen.jobs) {
      const replay = this.#replays.get(job.id) ?? new Replay()
      this.#replays.set(job.id, replay)
      for (let more = true; more; more = replay.last < job.lastEvent) {
        const page = await this.storage.events(job.id, replay.last, 10_000)
        // Where the harness keeps few events on purpose, the story goes on from what is told instead.
        if (page.status === 'trimmed') {
          this.#replays.delete(job.id)
          break
        }
        replay.read(page.events)
        must(page.events.length > 0 || replay.last === job.lastEvent, 'G9: events are missing')
      }
      if (this.#replays.has(job.id)) replay.check(job, tasks)
    }
  }

  async close(): Promise<void> {
    for (const channel of [...this.watchers.keys()]) this.unwatch(channel)
    await microtasks()
    if (this.session.manual) must(this.session.manual.pending === 0, 'a timer was left behind')
  }
}
