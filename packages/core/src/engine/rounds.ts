import type { Host } from './host.js'

/** Does something again and again, a pause after each, until it is stopped. A round that fails is told of and tried again. */
export class Rounds {
  readonly #host: Host
  readonly #every: number
  readonly #round: (signal: AbortSignal) => Promise<void>
  readonly #abort: AbortController = new AbortController()
  #done: Promise<void> = Promise.resolve()

  constructor(host: Host, every: number, round: (signal: AbortSignal) => Promise<void>) {
    this.#host = host
    this.#every = every
    this.#round = round
  }

  start(): void {
    this.#done = this.#run()
  }

  /** Resolves when the round that is under way is over. */
  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#done
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      try {
        await this.#round(signal)
      } catch (error) {
        this.#host.events.emit('storage.failed', { error, retryIn: this.#every })
      }
      await this.#host.pause(this.#every, signal)
    }
  }
}
