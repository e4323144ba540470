import type { RawRow, RowProblem, RowSource } from '@outdial/core'
import type { CountryCode } from 'libphonenumber-js/min'
import { type Limits, limitsWith } from './limits.js'
import { phoneProblem, readPhone, readRegion } from './phone/read-phone.js'
import { problem, sourceError } from './problems.js'
import { Columns } from './rows/columns.js'
import type { RowBatch } from './sources/row-source.js'
import { readOnce, type TextInput } from './text/input.js'
import { textLines } from './text/lines.js'
import { utf8Chunks } from './text/utf8.js'

/** How a list of phone numbers is read. */
export interface NumbersOptions {
  /** Region in which numbers without `+` are read. Default: they are wrong. */
  defaultRegion?: string
  /** Column of the numbers, in what has columns. Default `phone`. */
  column?: string
  /** `all` (default): one number that is wrong, and the whole list is refused. `partial`: it is left out. */
  rows?: 'all' | 'partial'
  /** Told of every number that is wrong. */
  onRejected?: (rejected: RejectedNumber) => void
  /** Label of the encoding of bytes; see `csv()`. */
  encoding?: string
  /** See {@link Limits}. */
  limits?: Partial<Limits>
}

/** A number that is none. `row` counts from 1, without blank lines, comments and header. */
export interface RejectedNumber extends RowProblem {
  row: number
  line?: number
}

/** Wrong numbers named in the error; more are counted. */
const NAMED = 100

/**
 * Phone numbers of a text, one a line, as E.164 and in batches: what `engine.suppression` takes. Blank lines and those that begin
 * with `#` are skipped, and so is a first line without a digit: a header. Errors: `numbers_invalid` lists what is wrong, line by line;
 * `file_too_large`, `too_many_rows`, `file_not_text`, `source_consumed`.
 *
 * @example
 * ```ts
 * const list = numbers('+12025550100\n+12025550101\n')
 * ```
 */
export function numbers(input: TextInput, options: NumbersOptions = {}): AsyncIterable<readonly string[]> {
  const limits = limitsWith(options.limits)
  const region = readRegion(options.defaultRegion)
  const open = readOnce(input)
  return { [Symbol.asyncIterator]: () => readLines(open(), new NumberReader(options, region, limits), options, limits) }
}

/** The same of a column of rows: `numberColumn(csvFile('dnc.csv'))`. Errors: those of the source, and `numbers_invalid`. */
export function numberColumn(source: RowSource, options: NumbersOptions = {}): AsyncIterable<readonly string[]> {
  const limits = limitsWith(options.limits)
  const region = readRegion(options.defaultRegion)
  const columns = new Columns(options.column === undefined ? {} : { phone: options.column })
  return { [Symbol.asyncIterator]: () => readColumn(source, columns, new NumberReader(options, region, limits)) }
}

async function* readLines(
  input: TextInput,
  reader: NumberReader,
  { encoding }: NumbersOptions,
  limits: Limits,
): AsyncGenerator<readonly string[], void, undefined> {
  let first = true
  for await (const lines of textLines(utf8Chunks(input, { encoding, maxBytes: limits.bytes }), limits.rowBytes)) {
    const read: string[] = []
    for (const { line, text, fault } of lines) {
      const number = text.trim()
      const header = first && fault === undefined && number !== '' && !/\d/.test(number)
      if (number !== '') first = false
      if (fault === undefined && (number === '' || number.startsWith('#') || header)) continue
      if (fault === 'too_long') reader.reject(problem('row_too_long', 'The line is longer than the limit'), line)
      else if (fault !== undefined) reader.reject(problem('invalid_utf8', 'The line has bytes that are not text'), line)
      else reader.read(number, line, read)
    }
    if (read.length > 0) yield read
  }
  reader.finish()
}

async function* readColumn(
  source: RowSource,
  columns: Columns,
  reader: NumberReader,
): AsyncGenerator<readonly string[], void, undefined> {
  let checked: readonly string[] | undefined
  for await (const rows of source.rows()) {
    const { columns: header } = rows as RowBatch
    if (header !== undefined && header !== checked) columns.check(header)
    checked = header
    const read: string[] = []
    for (const row of rows) {
      const [fault] = row.problems ?? []
      if (fault !== undefined) reader.reject(fault, row.line)
      else reader.read(cellOf(row, columns), row.line, read)
    }
    if (read.length > 0) yield read
  }
  reader.finish()
}

function cellOf({ fields }: RawRow, columns: Columns): string {
  for (const name in fields) {
    if (columns.use(name).field !== 'phone') continue
    const value = fields[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  }
  return ''
}

/** Reads numbers one by one, and knows what was wrong with some. */
class NumberReader {
  readonly #options: NumbersOptions
  readonly #region: CountryCode | undefined
  readonly #limits: Limits
  readonly #rejected: RejectedNumber[] = []
  #row = 0
  #wrong = 0

  constructor(options: NumbersOptions, region: CountryCode | undefined, limits: Limits) {
    this.#options = options
    this.#region = region
    this.#limits = limits
  }

  read(text: string, line: number | undefined, into: string[]): void {
    const reading = readPhone(text, this.#region)
    if (!('e164' in reading)) return this.reject(phoneProblem(reading), line)
    this.#count(line)
    into.push(reading.e164)
  }

  reject(found: RowProblem, line: number | undefined): void {
    const row = this.#count(line)
    const rejected: RejectedNumber = { row, ...(line !== undefined && { line }), ...found }
    this.#wrong++
    if (this.#rejected.length < NAMED) this.#rejected.push(rejected)
    this.#options.onRejected?.(rejected)
  }

  /** Refuses the list when something in it was wrong. */
  finish(): void {
    const [first] = this.#rejected
    if (first === undefined || this.#options.rows === 'partial') return
    const where = first.line === undefined ? `row ${first.row}` : `line ${first.line}`
    throw sourceError(
      'numbers_invalid',
      `${this.#wrong} of ${this.#row} numbers cannot be read; the first, in ${where}: ${first.message}`,
      { rejected: this.#rejected, ...(first.line !== undefined && { line: first.line }), row: first.row },
    )
  }

  #count(line: number | undefined): number {
    const limit = this.#limits.rows
    if (this.#row >= limit) {
      throw sourceError('too_many_rows', `The list has more than ${limit} numbers`, {
        limit,
        ...(line !== undefined && { line }),
      })
    }
    return ++this.#row
  }
}
