import type { ContactReader, ContactSource, ReadOptions, RowProblem, RowResult, RowSource } from '@outdial/core'
import parsePhoneNumber from 'libphonenumber-js/min'
import { type Limits, limitsWith } from './limits.js'
import { phoneProblem, readPhone, readRegion } from './phone/read-phone.js'
import { optionError } from './problems.js'
import { RowReader } from './rows/contact-row.js'
import { rowSettings } from './rows/settings.js'
import { inBatches } from './sources/in-batches.js'
import type { RowBatch } from './sources/row-source.js'

/** How a contact reader is made. */
export interface ContactReaderOptions {
  /** Limits on rows that come as plain objects. A `csv()` or other source has its own. See {@link Limits}. */
  limits?: Partial<Limits>
}

/**
 * The engine's reader of contacts: rows from anywhere, each turned into a contact or reported with everything that is
 * wrong with it. Numbers are strict E.164 unless `defaultRegion` is given.
 *
 * Reading throws `invalid_options` for wrong options, `phone_column_missing` and `column_missing` for a header without a
 * column that is needed, and the errors of the source. It never throws for a row.
 */
export function contactReader(options: ContactReaderOptions = {}): ContactReader {
  const limits = limitsWith(options.limits)
  return {
    read: (source, readOptions) => readBatches(source, readOptions, limits),
    phone: readOne,
    number: readNumber,
  }
}

/** Reads a source batch by batch. @internal */
export async function* readBatches<Variables>(
  source: ContactSource,
  options: ReadOptions<Variables>,
  limits: Limits,
): AsyncGenerator<readonly RowResult<Variables>[], void, undefined> {
  const settings = rowSettings(options)
  const reader = new RowReader(settings)
  if (typeof source !== 'object' || source === null)
    throw optionError('source', 'Contacts must be rows or a source of rows')
  if (!isRowSource(source)) {
    if (!(Symbol.iterator in source || Symbol.asyncIterator in source))
      throw optionError('source', 'Contacts must be rows or a source of rows')
    yield* inBatches(source, limits.rows, (value, row) => reader.readObject(value, row, limits))
    return
  }
  let checked: readonly string[] | undefined
  for await (const batch of source.rows()) {
    const { columns } = batch as RowBatch
    if (columns !== undefined && columns !== checked) settings.columns.check(columns)
    checked = columns
    if (batch.length > 0) yield batch.map((raw) => reader.read(raw, columns))
  }
}

function isRowSource(source: ContactSource): source is RowSource {
  return 'kind' in source && source.kind === 'rows'
}

function readNumber(input: string, defaultRegion?: string): string | undefined {
  const reading = readPhone(input, readRegion(defaultRegion))
  return 'e164' in reading ? reading.e164 : undefined
}

function readOne(input: string, defaultRegion?: string): { e164: string; country?: string } | RowProblem {
  const reading = readPhone(input, readRegion(defaultRegion))
  if (!('e164' in reading)) return phoneProblem(reading)
  const country = parsePhoneNumber(reading.e164)?.country
  return country === undefined ? reading : { e164: reading.e164, country }
}
