import type { LedgerPage } from '@outdial/core'
import { acknowledgeLedger, type LedgerBook, leaseLedger } from '@outdial/core/store'

interface Entry {
  readonly jobId: string
  readonly index: number
  data: string
}

/** Entries that were given up at the front before the rest is moved. */
const SLACK = 1024

/** The ledger: entries in the order they were added, kept until the page that they were handed out in is acknowledged. */
export class Ledger {
  readonly #book: LedgerBook = { handed: 0, pages: [] }
  /** The entry numbered `#before + 1 + i` is the `i`th; acknowledged ones are gone. */
  #entries: (Entry | undefined)[] = []
  #before = 0
  /** Entries at the front that are gone. */
  #gone = 0

  add(entry: Entry): void {
    this.#entries.push(entry)
  }

  take(now: number, name: string, query: { max: number; leaseMs: number }): LedgerPage {
    const lease = leaseLedger(this.#book, this.#before + this.#entries.length, now, name, query)
    if (!lease) return { entries: [] }
    const entries = this.#entries.slice(lease.first - this.#before - 1, lease.last - this.#before) as Entry[]
    return { page: lease.page, entries: entries.map((entry) => ({ ...entry })) }
  }

  acknowledge(page: string): void {
    const lease = acknowledgeLedger(this.#book, page)
    if (!lease) return
    const from = lease.first - this.#before - 1
    this.#entries.fill(undefined, from, lease.last - this.#before)
    if (from > this.#gone) return
    while (this.#gone < this.#entries.length && this.#entries[this.#gone] === undefined) this.#gone++
    if (this.#gone < SLACK || this.#gone * 2 < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#gone)
    this.#before += this.#gone
    this.#gone = 0
  }

  /** Empties what entries say of one task, keeping the entries. */
  redact(jobId: string, index: number): void {
    for (const entry of this.#entries) if (entry?.index === index && entry.jobId === jobId) entry.data = ''
  }
}
