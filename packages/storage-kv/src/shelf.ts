import { decode, encode } from './codec.js'
import type { Reads } from './reads.js'
import type { Write } from './span.js'

/**
 * Records of one kind by key: read when they are asked for, changed in place by the rules, written if they have changed.
 * `blank` says of a record that it says nothing, so that none need be kept.
 */
export class Shelf<T> {
  readonly #reads: Reads
  readonly #blank: (record: T) => boolean
  readonly #records: Map<string, T | undefined> = new Map()

  constructor(reads: Reads, blank: (record: T) => boolean = () => false) {
    this.#reads = reads
    this.#blank = blank
  }

  get(key: string): T | undefined {
    if (this.#records.has(key)) return this.#records.get(key)
    const text = this.#reads.get(key)
    const record = text === undefined ? undefined : decode<T>(text)
    this.#records.set(key, record)
    return record
  }

  /** The record of a key, made if there is none. */
  need(key: string, make: () => T): T {
    return this.get(key) ?? this.put(key, make())
  }

  put(key: string, record: T): T {
    this.#records.set(key, record)
    return record
  }

  drop(key: string): void {
    this.#records.set(key, undefined)
  }

  /** Those that are here and not dropped. */
  *records(): Generator<T> {
    for (const record of this.#records.values()) if (record !== undefined) yield record
  }

  flush(write: Write): void {
    for (const [key, record] of this.#records) {
      write(key, record === undefined || this.#blank(record) ? undefined : encode(record))
    }
  }
}
