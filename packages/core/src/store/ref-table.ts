/**
 * Live attempts by ref, for what comes and goes all the time.
 *
 * A map that is added to and deleted from makes itself a new table again and again, and what stood in the old ones lives
 * on: each old table leads to the next, and once the first has grown old the garbage collector keeps all that follow it
 * until it goes through everything. So the map has only numbers, and the attempts are where they say.
 */
export class RefTable<T extends { readonly ref: string }> {
  readonly #slots: Map<string, number> = new Map()
  readonly #entries: (T | undefined)[] = []
  /** Places of entries that are gone. */
  readonly #free: number[] = []

  get size(): number {
    return this.#slots.size
  }

  get(ref: string): T | undefined {
    const slot = this.#slots.get(ref)
    return slot === undefined ? undefined : this.#entries[slot]
  }

  /** Adds one, or puts it in the place of the one with the same ref. */
  set(entry: T): void {
    const slot = this.#slots.get(entry.ref) ?? this.#free.pop() ?? this.#entries.length
    this.#entries[slot] = entry
    this.#slots.set(entry.ref, slot)
  }

  delete(ref: string): void {
    const slot = this.#slots.get(ref)
    if (slot === undefined) return
    this.#slots.delete(ref)
    this.#entries[slot] = undefined
    this.#free.push(slot)
  }

  refs(): IterableIterator<string> {
    return this.#slots.keys()
  }

  /** Those that are there, in the order they were added. */
  *values(): Generator<T, void, undefined> {
    for (const slot of this.#slots.values()) yield this.#entries[slot] as T
  }
}
