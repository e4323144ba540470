import type { Engine } from '@outdial/core'

/** How far a run is, as its progress shows. */
export interface Standing {
  /** Contacts that have ended. */
  readonly ended: number
  readonly placed: number
  readonly live: number
  readonly answered: number
  readonly retrying: number
  /** The latest time at which somebody is to be called again, as far as is known. */
  readonly lastRetryAt: number
}

/**
 * Follows the engine's events. Asking the store each time would do, too, but reads at moments of real time have no place
 * in a run that can be repeated.
 */
export class Tally {
  #ended: number
  #answered = 0
  #lastRetryAt = 0
  #placed = 0
  /** Live calls by ref, and whether the carrier has taken them. */
  readonly #live: Map<string, boolean> = new Map()
  readonly #retrying: Set<number> = new Set()

  /** `endedBefore`: contacts that had ended before this process. */
  constructor(engine: Pick<Engine, 'on'>, endedBefore = 0) {
    this.#ended = endedBefore
    engine.on('call.fenced', ({ task, call }) => {
      this.#live.set(call.ref, false)
      this.#retrying.delete(task.index)
    })
    engine.on('call.queued', ({ call }) => this.#place(call.ref))
    engine.on('call.ended', ({ call }) => {
      if (call.placed !== false) this.#place(call.ref)
      this.#live.delete(call.ref)
      if (call.outcome === 'answered') this.#answered++
    })
    engine.on('task.retrying', ({ task, at }) => {
      this.#retrying.add(task.index)
      this.#lastRetryAt = Math.max(this.#lastRetryAt, at)
    })
    engine.on('task.ended', ({ task }) => {
      this.#retrying.delete(task.index)
      this.#ended++
    })
  }

  standing(): Standing {
    return {
      ended: this.#ended,
      placed: this.#placed,
      live: this.#live.size,
      answered: this.#answered,
      retrying: this.#retrying.size,
      lastRetryAt: this.#lastRetryAt,
    }
  }

  #place(ref: string): void {
    if (this.#live.get(ref) !== false) return
    this.#placed++
    this.#live.set(ref, true)
  }
}
