import type { LiveRecord } from '../ports/storage-exchange.js'
import type { Host } from './host.js'

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
  readonly #abort: AbortController = new AbortController()
  #done: Promise<void> = Promise.resolve()

  constructor(host: Host, reconcilers: readonly Reconciler[]) {
    this.#host = host
    this.#reconcilers = reconcilers
  }

  start(): void {
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#done
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    for (let round = 1; !signal.aborted; round++) {
      for (const reconciler of this.#reconcilers) await this.#round(reconciler)
      if (round % TIDY === 0) await this.tidy()
      await this.#host.pause(EVERY, signal)
    }
  }

  async tidy(): Promise<void> {
    try {
      for (const reconciler of this.#reconcilers) await reconciler.tidy?.()
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: EVERY })
    }
  }

  async #round(reconciler: Reconciler): Promise<void> {
    const { signal } = this.#abort
    try {
      for (;;) {
        const query = { routes: reconciler.routes, max: AT_ONCE, snooze: AGAIN }
        const overdue = reconciler.routes.length === 0 ? [] : await this.#host.storage.overdue(query)
        await Promise.all(overdue.map((record) => this.#look(reconciler, record)))
        if (overdue.length < AT_ONCE || signal.aborted) return
      }
    } catch (error) {
      this.#host.events.emit('storage.failed', { error, retryIn: EVERY })
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
