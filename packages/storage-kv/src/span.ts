import type { KvEntry } from './kv.js'
import { after, under } from './layout.js'
import type { Reads } from './reads.js'

/** Takes what is to be written; `undefined` removes the key. */
export type Write = (key: string, value: string | undefined) => void

/** Entries read at first, and at most, in one go. */
const FEW = 4
const MANY = 256

/** A range of keys as it will be once this step is written: what the database has, and the changes. */
export class Span {
  readonly prefix: string
  readonly #reads: Reads
  readonly #lt: string
  readonly #changes: Map<string, string | undefined> = new Map()
  /** Keys of the changes that are not removals, ascending. */
  readonly #added: string[] = []
  /** What was read and may be the first; `#at` runs over it. */
  #read: readonly KvEntry[] = []
  #at = 0
  #from: string
  #limit = FEW
  #ended = false

  constructor(reads: Reads, prefix: string) {
    const { gte, lt } = under(prefix)
    this.prefix = prefix
    this.#reads = reads
    this.#from = gte
    this.#lt = lt
  }

  get(key: string): string | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#reads.get(key)
  }

  set(key: string, value: string): void {
    if (this.#changes.get(key) === undefined) this.#added.splice(this.#place(key), 0, key)
    this.#changes.set(key, value)
  }

  delete(key: string): void {
    if (this.#changes.get(key) !== undefined) this.#added.splice(this.#place(key), 1)
    this.#changes.set(key, undefined)
  }

  /** The entry with the least key. */
  first(): KvEntry | undefined {
    const stored = this.#firstRead()
    const [added] = this.#added
    if (added === undefined || (stored && stored[0] < added)) return stored
    return [added, this.#changes.get(added) as string]
  }

  /** Removes and returns everything. */
  drain(): KvEntry[] {
    const entries: KvEntry[] = []
    for (let first = this.first(); first; first = this.first()) {
      this.delete(first[0])
      entries.push(first)
    }
    return entries
  }

  flush(write: Write): void {
    for (const [key, value] of this.#changes) write(key, value)
  }

  #firstRead(): KvEntry | undefined {
    for (;;) {
      for (; this.#at < this.#read.length; this.#at++) {
        const entry = this.#read[this.#at] as KvEntry
        if (!this.#changes.has(entry[0])) return entry
      }
      if (this.#ended) return undefined
      const read = this.#reads.range({ gte: this.#from, lt: this.#lt, limit: this.#limit })
      const last = read.at(-1)
      if (last) this.#from = after(last[0])
      this.#ended = read.length < this.#limit
      this.#limit = Math.min(this.#limit * 4, MANY)
      this.#read = read
      this.#at = 0
    }
  }

  /** Where a key is, or belongs, among those added. */
  #place(key: string): number {
    let low = 0
    let high = this.#added.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#added[middle] as string) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
