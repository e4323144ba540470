import type { Emitter } from '../events/emitter.js'
import type { Clock, Timer } from '../ports/clock.js'
import type { IdSource, Random } from '../ports/ids.js'
import type { Storage } from '../ports/storage.js'
import type { ZoneFinder } from '../ports/zones.js'

/** What an answer under way for long looks like is no leap of the store's clock. */
const LEAP = 10_000

/** What an engine's parts get at. */
interface Ports {
  storage: Storage
  clock: Clock
  ids: IdSource
  random: Random
  events: Emitter
  zones?: ZoneFinder | undefined
  keepsLedger?: boolean
}

/** What the parts of an engine share: its ports, and the one place from which its timers are made, so that none outlives it. */
export class Host {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: IdSource
  readonly random: Random
  readonly events: Emitter
  readonly zones: ZoneFinder | undefined
  /** Whether every attempt is entered into the ledger. */
  readonly keepsLedger: boolean
  readonly #timers: Set<Timer> = new Set()
  readonly #ended: AbortController = new AbortController()
  /** Store time minus monotonic time, never later than the truth. */
  #offset = Number.NaN
  /** Monotonic time since when the store's time has passed as time does here. */
  #steadySince = Number.POSITIVE_INFINITY
  /** Resolves when the store has told its time: until then `now` may be as wrong as this machine's clock. */
  readonly synchronized: Promise<void>
  #synchronized: () => void = () => {}

  constructor(ports: Ports) {
    this.storage = ports.storage
    this.clock = ports.clock
    this.ids = ports.ids
    this.random = ports.random
    this.events = ports.events
    this.zones = ports.zones
    this.keepsLedger = ports.keepsLedger ?? false
    this.synchronized = new Promise((resolve) => {
      this.#synchronized = resolve
    })
  }

  /** The store's time in whole milliseconds, as well as it is known here; before the first exchange the wall clock's. */
  now(): number {
    return Number.isNaN(this.#offset) ? this.clock.now() : Math.floor(this.clock.monotonic() + this.#offset)
  }

  /** Learns the store's time. `sentAt` is the monotonic time at which it was asked, so what is derived is never late. */
  synchronize(storeTime: number, sentAt: number): void {
    const offset = storeTime - sentAt
    // Also the first time: whether the store's clock has leapt before that, nobody here knows.
    if (!(offset - this.#offset < LEAP)) this.#steadySince = this.clock.monotonic()
    this.#offset = offset
    this.#synchronized()
  }

  /**
   * For how long the store's clock has been seen to go on without a leap. What the store's times say of what has passed
   * is true for no longer: its clock may have been set, or be another machine's since.
   */
  steadyFor(): number {
    return this.clock.monotonic() - this.#steadySince
  }

  /** Calls `run` after `ms`, unless the engine has ended by then. */
  later(run: () => void, ms: number): () => void {
    const timer = this.clock.setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
      this.clock.clearTimeout(timer)
    }
  }

  /** Resolves after `ms`, or at once when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = this.later(done, ms)
      signal.addEventListener('abort', done)
    })
  }

  /** Aborts when the engine has ended: no timer fires any more, so nobody may wait for one. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** Ends everything that waits for time to pass. */
  dispose(): void {
    this.#ended.abort()
    for (const timer of this.#timers) this.clock.clearTimeout(timer)
    this.#timers.clear()
  }
}
