import type { RawRow, RowSource } from '@outdial/core'

/**
 * A batch of raw rows that may say what the header was, also when it has no rows. A reader can then tell a column that
 * the file does not have from one that is empty.
 */
export interface RowBatch extends ReadonlyArray<RawRow> {
  /** Columns as the header spells them, in its order; the same array in every batch. */
  readonly columns?: readonly string[]
}

/** A source whose batches say what the header was, as far as the format has one. */
export interface ContactRowSource extends RowSource {
  rows(): AsyncIterable<RowBatch>
}

/** @internal */
export function rowSource(rows: () => AsyncIterable<RowBatch>): ContactRowSource {
  return { kind: 'rows', rows }
}

/** @internal */
export function batch(rows: RawRow[], columns?: readonly string[]): RowBatch {
  return columns === undefined ? rows : Object.assign(rows, { columns })
}
