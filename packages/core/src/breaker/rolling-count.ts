/** Parts of a window: what is older than it is forgotten a part at a time. */
const PARTS = 12

/** How many calls went well and how many did not. */
export interface Tally {
  readonly calls: number
  readonly failed: number
}

/** Counts calls over a rolling span of time, in as little memory whatever their number. */
export class RollingCount {
  readonly #part: number
  readonly #calls: number[] = new Array(PARTS).fill(0)
  readonly #failed: number[] = new Array(PARTS).fill(0)
  #latest = Number.NEGATIVE_INFINITY

  constructor(window: number) {
    this.#part = window / PARTS
  }

  add(now: number, failed: boolean): void {
    const at = this.#turn(now)
    this.#calls[at] = (this.#calls[at] as number) + 1
    if (failed) this.#failed[at] = (this.#failed[at] as number) + 1
  }

  /** What was counted in the window that ends now, give or take one of its parts. */
  tally(now: number): Tally {
    this.#turn(now)
    return { calls: sum(this.#calls), failed: sum(this.#failed) }
  }

  clear(): void {
    this.#calls.fill(0)
    this.#failed.fill(0)
  }

  /** Empties the parts that time has gone over, and answers the present one. Time that goes back is that of the latest. */
  #turn(now: number): number {
    const part = Math.max(Math.floor(now / this.#part), this.#latest)
    for (let gone = Math.max(this.#latest + 1, part - PARTS + 1); gone <= part; gone++) {
      this.#calls[gone % PARTS] = 0
      this.#failed[gone % PARTS] = 0
    }
    this.#latest = part
    return part % PARTS
  }
}

function sum(parts: readonly number[]): number {
  let total = 0
  for (const part of parts) total += part
  return total
}
