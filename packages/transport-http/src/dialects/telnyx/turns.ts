/** Lets those with the same key through one after the other, in the order in which they came. */
export class Turns {
  readonly #last: Map<string, Promise<void>> = new Map()

  /** Does the work when it is its turn; the next has its turn when this has ended, well or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#last.get(key) ?? Promise.resolve()).then(work)
    const over = mine.then(nothing, nothing)
    this.#last.set(key, over)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === over) this.#last.delete(key)
    }
  }
}

function nothing(): void {}
