import type { AcceptedRow, ContactSource, ReadOptions, RejectedRow, RowProblem, RowResult } from '@outdial/core'
import { NumberIndex } from './duplicates/number-index.js'
import { type Limits, limitsWith } from './limits.js'
import { optionError, problem } from './problems.js'
import { readBatches } from './reader.js'

/** How contacts are read without an engine. */
export interface ReadContactsOptions<Variables = Record<string, unknown>> extends ReadOptions<Variables> {
  /**
   * `partial` (default): every good row is accepted, whatever the others are. `all-or-nothing`: once one row is rejected,
   * none is accepted: the good ones are reported as rejected with `not_taken`. Duplicates do no harm. Rows are then held
   * in memory and given out when the last one has been read.
   */
  mode?: 'partial' | 'all-or-nothing'
  /** Limits on rows that come as plain objects. A `csv()` or other source has its own. See {@link Limits}. */
  limits?: Partial<Limits>
}

/** A good row whose number an earlier row has. */
export interface DuplicateRow {
  status: 'duplicate'
  row: number
  line?: number
  /** The number, E.164. */
  phone: string
  /** The earlier row that has it too. */
  firstRow: number
  /** One problem, `phone_duplicate`. */
  problems: [RowProblem]
}

/** What became of a row, duplicates among the rows found. */
export type ContactRow<Variables = Record<string, unknown>> = AcceptedRow<Variables> | RejectedRow | DuplicateRow

/** Rows so far, by what became of them. `read` is the sum of the others. */
export interface RowCounts {
  read: number
  accepted: number
  rejected: number
  duplicate: number
}

/** Rows being read. Iterate over it once: row by row, or by `batches()`, which is quicker for many rows. */
export interface ContactReading<Variables = Record<string, unknown>> extends AsyncIterable<ContactRow<Variables>> {
  batches(): AsyncIterable<readonly ContactRow<Variables>[]>
  /** Of the rows given out so far. */
  readonly counts: Readonly<RowCounts>
}

/**
 * Reads contacts and reports on every row, in order and exactly once: accepted, rejected with everything that is wrong
 * with it, or duplicate. Numbers are compared after normalisation; of several rows with one number the first good one is
 * accepted. Numbers seen take some 16 to 32 bytes each.
 *
 * Iteration throws `invalid_options`, `phone_column_missing`, `column_missing` and the errors of the source.
 *
 * @example
 * ```ts
 * for await (const row of readContacts(csv(text))) {
 *   if (row.status !== 'accepted') console.log(row.line, row.problems[0].message)
 * }
 * ```
 */
export function readContacts<Variables = Record<string, unknown>>(
  source: ContactSource,
  options: ReadContactsOptions<Variables> = {},
): ContactReading<Variables> {
  const { mode = 'partial' } = options
  if (mode !== 'partial' && mode !== 'all-or-nothing') {
    throw optionError('mode', 'mode must be "partial" or "all-or-nothing"')
  }
  const limits = limitsWith(options.limits)
  const counts: RowCounts = { read: 0, accepted: 0, rejected: 0, duplicate: 0 }
  const batches = (): AsyncIterable<readonly ContactRow<Variables>[]> => {
    const found = withDuplicates(readBatches(source, options, limits))
    return counted(mode === 'partial' ? found : allOrNothing(found), counts)
  }
  return { counts, batches, [Symbol.asyncIterator]: () => flat(batches()) }
}

async function* withDuplicates<Variables>(
  batches: AsyncIterable<readonly RowResult<Variables>[]>,
): AsyncGenerator<ContactRow<Variables>[], void, undefined> {
  const numbers = new NumberIndex()
  for await (const batch of batches) {
    yield batch.map((row) => {
      const firstRow = row.status === 'accepted' ? numbers.add(row.contact.phone, row.row) : undefined
      return row.status === 'accepted' && firstRow !== undefined ? duplicate(row, firstRow) : row
    })
  }
}

function duplicate(row: AcceptedRow<unknown>, firstRow: number): DuplicateRow {
  const { phone } = row.contact
  const same = problem('phone_duplicate', `${phone} is also the number of row ${firstRow}`)
  const found: DuplicateRow = { status: 'duplicate', row: row.row, phone, firstRow, problems: [same] }
  if (row.line !== undefined) found.line = row.line
  return found
}

async function* allOrNothing<Variables>(
  batches: AsyncIterable<ContactRow<Variables>[]>,
): AsyncGenerator<ContactRow<Variables>[], void, undefined> {
  const held: ContactRow<Variables>[][] = []
  let rejected: number | undefined
  for await (const batch of batches) {
    rejected ??= batch.find((row) => row.status === 'rejected')?.row
    held.push(batch)
  }
  for (const batch of held) yield rejected === undefined ? batch : batch.map((row) => notTaken(row, rejected))
}

function notTaken<Variables>(row: ContactRow<Variables>, rejected: number): ContactRow<Variables> {
  if (row.status !== 'accepted') return row
  const message = `The row is good, but all rows or none were asked for and row ${rejected} was rejected`
  const left: RejectedRow = { status: 'rejected', row: row.row, problems: [problem('not_taken', message)] }
  if (row.line !== undefined) left.line = row.line
  return left
}

async function* counted<Variables>(
  batches: AsyncIterable<readonly ContactRow<Variables>[]>,
  counts: RowCounts,
): AsyncGenerator<readonly ContactRow<Variables>[], void, undefined> {
  for await (const batch of batches) {
    for (const row of batch) counts[row.status]++
    counts.read += batch.length
    yield batch
  }
}

async function* flat<Variables>(
  batches: AsyncIterable<readonly ContactRow<Variables>[]>,
): AsyncGenerator<ContactRow<Variables>, void, undefined> {
  for await (const batch of batches) yield* batch
}
