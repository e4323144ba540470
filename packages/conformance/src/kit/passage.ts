import type { Clock } from '@outdial/core'
import { type ManualClock, manualClock } from '../support/manual-clock.js'
import { realClock, sleep } from '../support/real-clock.js'
import { Unanswered } from './unanswered.js'

/** The clock of the kit moves by so much at a time while something is waited for. */
const STEP = 50
/** An adapter on the kit's clock that answers over a network of its own is given so long, in real time, before the clock moves. */
const GRACE = 50

/** How time passes for an adapter under test: on the clock that it was given, which stands still until it is waited for, or in earnest. */
export class Passage {
  readonly clock: Clock
  readonly #manual: ManualClock | undefined

  constructor(kind: 'given' | 'own') {
    this.#manual = kind === 'given' ? manualClock() : undefined
    this.clock = this.#manual ?? realClock
  }

  /** Whether the kit moves the clock. */
  get isGiven(): boolean {
    return this.#manual !== undefined
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.#manual?.advance(ms)
    await (this.#manual ? turn() : sleep(ms))
  }

  /** Lets everything go on that waits for no clock. */
  async breathe(): Promise<void> {
    for (let i = 0; i < 5; i++) await turn()
    if (!this.#manual) await sleep(20)
  }

  /**
   * Waits until something is so, for at most so many milliseconds of the adapter's time. `false`: it was not.
   * `still` looks every time before the clock is moved.
   */
  async until(holds: () => boolean, ms: number, still?: () => void): Promise<boolean> {
    const real = performance.now()
    const began = this.clock.monotonic()
    for (;;) {
      await turn()
      if (holds()) return true
      if (this.clock.monotonic() - began >= ms) return false
      if (!this.#manual) await sleep(1)
      else if (performance.now() - real >= GRACE || this.clock.monotonic() > began || this.#manual.pending > 0) {
        still?.()
        await this.#manual.advance(STEP)
      }
    }
  }

  /** The answer of an adapter, which may wait for its clock; fails when there is none within so many milliseconds. */
  async settle<T>(what: string, answer: Promise<T>, ms = 60_000, still?: () => void): Promise<T> {
    let settled = false
    const done = () => {
      settled = true
    }
    answer.then(done, done)
    if (!(await this.until(() => settled, ms, still))) throw new Unanswered(what, ms)
    return answer
  }
}

/** Lets timers and sockets have their turn. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve)
  })
}
