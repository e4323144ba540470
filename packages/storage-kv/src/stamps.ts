import { decode, encode, orderedNumber } from './codec.js'
import * as layout from './layout.js'
import type { Reads } from './reads.js'
import type { Write } from './span.js'

/** A start is stamped when it may happen, a little after it was granted; never as much as this. */
const LEEWAY = 1000

interface StampRow {
  stamps: number[]
  /** When somebody looks whether they may go. */
  sweepAt: number
}

/** Stamps of rolling caps. Each row is entered once under a time at which it may be gone, and looked at then. */
export class Stamps {
  readonly #reads: Reads
  readonly #rows: Map<string, { row: StampRow; windowMs: number; stored: boolean }> = new Map()
  readonly #swept: Map<string, string | undefined> = new Map()

  constructor(reads: Reads) {
    this.#reads = reads
  }

  get(key: string, windowMs: number): number[] {
    const at = layout.stampsKey(key, windowMs)
    let known = this.#rows.get(at)
    if (!known) {
      const text = this.#reads.get(at)
      const row = text === undefined ? { stamps: [], sweepAt: 0 } : decode<StampRow>(text)
      known = { row, windowMs, stored: text !== undefined }
      this.#rows.set(at, known)
    }
    return known.row.stamps
  }

  /** Removes rows whose stamps are all out of their window, and puts off the others. In a step of its own. */
  sweep(now: number, max: number): number {
    const { gte } = layout.under(layout.STAMP_SWEEPS)
    const due = this.#reads.range({ gte, lt: layout.stampSweepKey(now, ''), limit: max })
    this.#reads.expect(due.map(([, value]) => decode<string>(value)))
    for (const [entry, value] of due) {
      const key = decode<string>(value)
      this.#swept.set(entry, undefined)
      const text = this.#reads.get(key)
      if (text === undefined) continue
      const row = decode<StampRow>(text)
      const goneAt = expiry(row.stamps, orderedNumber(key.slice(key.lastIndexOf('/') + 1)))
      if (goneAt <= now) {
        this.#swept.set(key, undefined)
        continue
      }
      row.sweepAt = goneAt
      this.#swept.set(key, encode(row))
      this.#swept.set(layout.stampSweepKey(goneAt, key), encode(key))
    }
    return due.length
  }

  flush(write: Write): void {
    for (const [key, { row, windowMs, stored }] of this.#rows) {
      if (!stored) {
        if (row.stamps.length === 0) continue
        row.sweepAt = expiry(row.stamps, windowMs)
        write(layout.stampSweepKey(row.sweepAt, key), encode(key))
      }
      write(key, encode(row))
    }
    for (const [key, value] of this.#swept) write(key, value)
  }
}

function expiry(stamps: readonly number[], windowMs: number): number {
  return (stamps.at(-1) ?? 0) + windowMs + LEEWAY
}
