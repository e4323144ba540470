import type { LedgerBook, LedgerLease } from './records.js'

/**
 * The entries to hand out now: those that were handed out before and whose time to be acknowledged has passed, else those
 * that come after all that were handed out. `added` is the number of the last entry there is, `page` a name never used
 * before, not even by a store that has come back older than it was.
 */
export function leaseLedger(
  book: LedgerBook,
  added: number,
  now: number,
  page: string,
  { max, leaseMs }: { max: number; leaseMs: number },
): LedgerLease | undefined {
  const leaseUntil = now + leaseMs
  const at = book.pages.findIndex((lease) => lease.leaseUntil <= now)
  const lapsed = book.pages[at]
  if (lapsed) {
    const last = Math.min(lapsed.last, lapsed.first + max - 1)
    const lease = { page, first: lapsed.first, last, leaseUntil }
    // The rest keeps its name: whoever had all of it may still have made it safe.
    book.pages.splice(at, 1, lease, ...(last < lapsed.last ? [{ ...lapsed, first: last + 1 }] : []))
    return lease
  }
  if (book.handed >= added) return undefined
  const first = book.handed + 1
  book.handed = Math.min(added, book.handed + max)
  const lease = { page, first, last: book.handed, leaseUntil }
  book.pages.push(lease)
  return lease
}

/** The entries that may be forgotten because their page was acknowledged; `undefined` when there is no such page. */
export function acknowledgeLedger(book: LedgerBook, page: string): LedgerLease | undefined {
  const at = book.pages.findIndex((lease) => lease.page === page)
  return at < 0 ? undefined : book.pages.splice(at, 1)[0]
}
