import { type CallTwice, type Counting, calledTwice, maxLive, maxStarts, placements } from './analysis.js'
import type { LedgerEntry, LedgerKind } from './entry.js'

/** Whose call an entry is about. One object serves all entries of a call. */
export type Party = Omit<LedgerEntry, 'at' | 'kind' | 'detail'>

/**
 * What the carrier was asked and what it did, in order, append-only: the judge of an engine's claims. It is written when a
 * thing happens at the carrier, whatever the engine is told about it, or when.
 */
export interface Ledger extends Iterable<LedgerEntry> {
  /** Number of entries. */
  readonly size: number
  /** See {@link placements}. */
  placements(by?: Counting): Map<string, number>
  /** See {@link calledTwice}. */
  calledTwice(options?: { by?: Counting }): CallTwice[]
  /** See {@link maxLive}. */
  maxLive(options?: { by?: Counting }): Map<string, number>
  /** See {@link maxStarts}. */
  maxStarts(options: { windowMs: number; by?: Counting }): Map<string, number>
}

/** A ledger in memory: four columns, so that an entry costs 32 bytes and a call its party. */
export class MemoryLedger implements Ledger {
  readonly #kept: boolean
  readonly #heard: ((entry: LedgerEntry) => void) | undefined
  readonly #at: number[] = []
  readonly #kind: LedgerKind[] = []
  readonly #party: Party[] = []
  readonly #detail: (string | undefined)[] = []

  /**
   * @param kept - `false` makes a ledger that stays empty.
   * @param heard - Called with every entry, kept or not, before the carrier goes on.
   */
  constructor(kept: boolean, heard?: (entry: LedgerEntry) => void) {
    this.#kept = kept
    this.#heard = heard
  }

  get size(): number {
    return this.#at.length
  }

  append(at: number, kind: LedgerKind, party: Party, detail?: string): void {
    this.#heard?.(entryOf(at, kind, party, detail))
    if (!this.#kept) return
    this.#at.push(at)
    this.#kind.push(kind)
    this.#party.push(party)
    this.#detail.push(detail)
  }

  *[Symbol.iterator](): Iterator<LedgerEntry> {
    for (let i = 0; i < this.#at.length; i++) {
      yield entryOf(this.#at[i] as number, this.#kind[i] as LedgerKind, this.#party[i] as Party, this.#detail[i])
    }
  }

  placements(by?: Counting): Map<string, number> {
    return placements(this, by)
  }

  calledTwice(options?: { by?: Counting }): CallTwice[] {
    return calledTwice(this, options)
  }

  maxLive(options?: { by?: Counting }): Map<string, number> {
    return maxLive(this, options)
  }

  maxStarts(options: { windowMs: number; by?: Counting }): Map<string, number> {
    return maxStarts(this, options)
  }
}

function entryOf(at: number, kind: LedgerKind, party: Party, detail: string | undefined): LedgerEntry {
  return detail === undefined ? { at, kind, ...party } : { at, kind, ...party, detail }
}
