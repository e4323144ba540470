import { EXIT, exitCodeOf } from './exit.js'

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * The wish to stop: a first signal, or that nobody reads our output any more. A second signal ends the process at once,
 * after `last`.
 */
export class StopWish {
  /** Resolves when there is one. */
  readonly came: Promise<void>
  #why: NodeJS.Signals | 'closed' | undefined
  readonly #last: () => void
  #resolve: () => void = () => {}

  constructor(outputClosed: Promise<void>, last: () => void) {
    this.#last = last
    this.came = new Promise((resolve) => {
      this.#resolve = resolve
    })
    for (const signal of SIGNALS) process.on(signal, this.#hear)
    void outputClosed.then(() => this.#wish('closed'))
  }

  get why(): NodeJS.Signals | 'closed' | undefined {
    return this.#why
  }

  /** Of a process that has stopped in good order. Who closes a pipe has read what they wanted. */
  get exitCode(): number {
    return this.#why === undefined || this.#why === 'closed' ? EXIT.done : exitCodeOf(this.#why)
  }

  /** Signals do again what they do by themselves. */
  off(): void {
    for (const signal of SIGNALS) process.off(signal, this.#hear)
  }

  readonly #hear = (signal: NodeJS.Signals): void => {
    if (this.#why === undefined || this.#why === 'closed') {
      this.#why = undefined
      this.#wish(signal)
      return
    }
    this.#last()
    process.exit(exitCodeOf(signal))
  }

  #wish(why: NodeJS.Signals | 'closed'): void {
    this.#why ??= why
    this.#resolve()
  }
}
