import type { LedgerPage } from '@outdial/core'
import { acknowledgeLedger, type LedgerBook, leaseLedger } from '@outdial/core/store'
import { counted, decode, encode } from './codec.js'
import * as layout from './layout.js'
import type { Unit } from './unit.js'

/** An entry as it is stored, with the ordinal of its job. */
interface LedgerRow {
  ordinal: number
  jobId: string
  index: number
  data: string
}

const EMPTY: LedgerBook = { handed: 0, pages: [] }

/** Adds an entry, and where it is found when its task is redacted. */
export function addLedger(unit: Unit, row: LedgerRow, seq: number): void {
  unit.put(layout.ledgerKey(seq), encode(row))
  unit.put(layout.taskLedgerKey(row.ordinal, row.index, seq), encode(seq))
}

/** Hands out a page. */
export function takeLedger(unit: Unit, page: string, query: { max: number; leaseMs: number }): LedgerPage {
  const book = bookOf(unit)
  const lease = leaseLedger(book, unit.ledgerLength, unit.now, page, query)
  if (!lease) return { entries: [] }
  unit.put(layout.LEDGER_BOOK, encode(book))
  const entries = rowsOf(unit, lease).map(([, { jobId, index, data }]) => ({ jobId, index, data }))
  return { page: lease.page, entries }
}

/** Removes the entries of a page. */
export function acknowledge(unit: Unit, page: string): void {
  const book = bookOf(unit)
  const lease = acknowledgeLedger(book, page)
  if (!lease) return
  unit.put(layout.LEDGER_BOOK, encode(book))
  for (const [key, { ordinal, index }] of rowsOf(unit, lease)) {
    unit.put(key, undefined)
    unit.put(layout.taskLedgerKey(ordinal, index, counted(key.slice(layout.LEDGER.length + 1))), undefined)
  }
}

/** Empties what entries say of one task. */
export function redactLedger(unit: Unit, ordinal: number, index: number): void {
  const { gte, lt } = layout.under(layout.taskLedger(ordinal, index))
  // As many as a task has calls and corrections that nobody has acknowledged.
  for (const [, text] of unit.reads.range({ gte, lt, limit: 100_000 })) {
    const key = layout.ledgerKey(decode<number>(text))
    const row = unit.reads.get(key)
    if (row !== undefined) unit.put(key, encode({ ...decode<LedgerRow>(row), data: '' }))
  }
}

function bookOf(unit: Unit): LedgerBook {
  return decode<LedgerBook>(unit.reads.get(layout.LEDGER_BOOK) ?? encode(EMPTY))
}

function rowsOf(unit: Unit, { first, last }: { first: number; last: number }): [string, LedgerRow][] {
  const query = { gte: layout.ledgerKey(first), lt: layout.ledgerKey(last + 1), limit: last - first + 1 }
  return unit.reads.range(query).map(([key, text]) => [key, decode<LedgerRow>(text)])
}
