import type { LiveRecord } from '../ports/storage-exchange.js'
import type { Host } from './host.js'
import { Rounds } from './rounds.js'

/** Looks at one attempt of which nobody has told for too long. */
export interface Reconciler {
  readonly routes: readonly string[]
  look(record: LiveRecord): Promise<void>
  /** Lets go of attempts that other workers have ended. */
  tidy?(): Promise<void>
}

/** How often the store is asked for attempts that somebody has to look at. */
const EVERY = 5000
/** An attempt that was looked at without result is looked at again after so long. */
const AGAIN = 15_000
const AT_ONCE = 32
/** Every so many rounds, what other workers have ended is let go of. */
const TIDY = 6

/** The watchdog: hands every overdue attempt to the one who can find out about it, for as long as the engine runs. */
export class Watch {
  readonly #host: Host
  readonly #reconcilers: readonly Reconciler[]
  readonly #rounds: Rounds
  readonly #stopped: Promise<void>
  #stop: () => void = () => {}
  #count = 0

  constructor(host: Host, reconcilers: readonly Reconciler[]) {
    this.#host = host
    this.#reconcilers = reconcilers
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve
    })
    this.#rounds = new Rounds(host, EVERY, (signal) => this.#round(signal))
  }

  start(): void {
    this.#rounds.start()
  }

  stop(): Promise<void> {
    this.#stop()
    return this.#rounds.stop()
  }

  /** Lets go of what other workers have ended. A store that cannot be asked now is asked again later. */
  async tidy(): Promise<void> {
    try {
      for (const reconciler of this.#reconcilers) await reconciler.tidy?.()
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: EVERY })
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    // Whether an attempt is over its time is judged by the store's clock alone.
    await Promise.race([this.#host.synchronized, this.#stopped])
    if (signal.aborted) return
    if (++this.#count % TIDY === 0) await this.tidy()
    for (const reconciler of this.#reconcilers) await this.#lookAtAll(reconciler, signal)
  }

  async #lookAtAll(reconciler: Reconciler, signal: AbortSignal): Promise<void> {
    const query = { routes: reconciler.routes, max: AT_ONCE, snooze: AGAIN }
    for (let more = reconciler.routes.length > 0; more && !signal.aborted; ) {
      const overdue = await this.#host.storage.overdue(query)
      // Stopping waits for none of them: what a look finds out too late, the next engine finds out again.
      await Promise.race([Promise.all(overdue.map((record) => this.#look(reconciler, record))), this.#stopped])
      more = overdue.length === AT_ONCE
    }
  }

  async #look(reconciler: Reconciler, record: LiveRecord): Promise<void> {
    try {
      await reconciler.look(record)
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: AGAIN })
    }
  }
}
