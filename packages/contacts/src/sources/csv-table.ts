import type { RawRow, RowProblem } from '@outdial/core'
import { problem, show, sourceError } from '../problems.js'
import { joined } from '../text/bytes.js'
import { FaultScanner, type TextFault } from '../text/fault-scanner.js'
import { type CsvDialect, DialectDetector } from './csv-dialect.js'
import { headerError, readHeader } from './csv-header.js'
import type { CsvSettings } from './csv-options.js'
import { type CsvRecord, CsvRecords } from './csv-records.js'
import { batch, type RowBatch } from './row-source.js'

/** A header and rows, out of UTF-8 chunks. */
export class CsvTable {
  readonly #settings: CsvSettings
  readonly #faults = new FaultScanner()
  readonly #detector: DialectDetector
  /** Chunks that came before the header was complete, and their size. */
  #head: Uint8Array[] = []
  #headSize = 0
  #records: CsvRecords | undefined
  #columns: readonly string[] | undefined
  #row = 0
  #failure: Error | undefined

  constructor(settings: CsvSettings) {
    this.#settings = settings
    this.#detector = new DialectDetector(settings.quotes)
  }

  /** The error that ends the reading; the rows given out before it are good. */
  get failure(): Error | undefined {
    return this.#failure
  }

  get hasHeader(): boolean {
    return this.#columns !== undefined
  }

  /** Rows that this chunk completed; `undefined` when there are none. The first batch may have none but the header. */
  async write(chunk: Uint8Array): Promise<RowBatch | undefined> {
    this.#faults.scan(chunk)
    if (this.#records !== undefined) return this.#rows(await this.#records.write(chunk))
    return this.#rows(await this.#begin(chunk))
  }

  async end(): Promise<RowBatch | undefined> {
    this.#faults.end()
    const first = this.#records === undefined && this.#headSize > 0 ? await this.#parse(this.#detector.end()) : []
    const last = this.#records === undefined ? [] : await this.#records.end()
    return this.#rows([...first, ...last])
  }

  close(): void {
    this.#records?.close()
  }

  /** Waits until the header line is complete: then the dialect is known, and the parser can be made. */
  async #begin(chunk: Uint8Array): Promise<CsvRecord[]> {
    const { rowBytes } = this.#settings.limits
    const found = this.#detector.scan(chunk.subarray(0, rowBytes - this.#headSize))
    this.#head.push(chunk)
    this.#headSize += chunk.length
    const dialect = found ?? (this.#headSize >= rowBytes ? this.#detector.end() : undefined)
    return dialect === undefined ? [] : await this.#parse(dialect)
  }

  async #parse(dialect: CsvDialect): Promise<CsvRecord[]> {
    const { delimiter, quotes, limits } = this.#settings
    const head = joined(this.#head)
    this.#head = []
    this.#records = new CsvRecords(
      { ...dialect, delimiter: delimiter ?? dialect.delimiter },
      { quotes, maxRowBytes: limits.rowBytes },
    )
    return await this.#records.write(head)
  }

  #rows(records: readonly CsvRecord[]): RowBatch | undefined {
    const before = this.#columns
    const rows: RawRow[] = []
    try {
      for (const record of records) {
        const row = this.#columns === undefined ? this.#header(record) : this.#dataRow(record, this.#columns)
        if (row !== undefined) rows.push(row)
      }
      this.#failure = this.#records?.failure
    } catch (error) {
      this.#failure = error as Error
    }
    return rows.length > 0 || this.#columns !== before ? batch(rows, this.#columns) : undefined
  }

  #header({ cells, line, end, misquoted }: CsvRecord): undefined {
    if (isBlank(cells)) return
    const [fault] = this.#faults.take(end)
    if (fault?.kind === 'nul_byte') throw headerError(line, 'it contains NUL characters; is the file text?')
    if (fault !== undefined) throw headerError(line, 'it contains bytes that are not text in the encoding of the file')
    if (misquoted !== -1) throw headerError(line, `the quotes of column ${misquoted + 1} do not close where it ends`)
    this.#columns = readHeader(cells, line, this.#settings.limits)
  }

  #dataRow(record: CsvRecord, columns: readonly string[]): RawRow | undefined {
    const { cells, line } = record
    if (columns.length > 1 && isBlank(cells)) return undefined
    if (this.#row >= this.#settings.limits.rows) {
      throw sourceError('too_many_rows', `The file has more than ${this.#settings.limits.rows} rows`, {
        limit: this.#settings.limits.rows,
        line,
      })
    }
    const fields: Record<string, unknown> = Object.create(null)
    const count = Math.min(cells.length, columns.length)
    for (let i = 0; i < count; i++) fields[columns[i]!] = cells[i]
    const row: RawRow = { row: ++this.#row, line, fields }
    const problems = this.#problems(record, columns)
    if (problems.length > 0) row.problems = problems
    return row
  }

  #problems(record: CsvRecord, columns: readonly string[]): RowProblem[] {
    const { cells, end, misquoted } = record
    const problems: RowProblem[] = []
    if (!this.#faults.clean(end)) {
      const kinds = new Set(this.#faults.take(end).map((fault) => fault.kind))
      for (const kind of kinds) problems.push(faulty(kind, cells, columns))
    }
    if (misquoted !== -1) problems.push(misquotedField(record, columns[misquoted]))
    if (cells.length !== columns.length) {
      const counts = `${plural(cells.length, 'field')} where the header has ${plural(columns.length, 'column')}`
      problems.push(problem('row_ragged', `The row has ${counts}`))
    }
    for (let i = 0; i < cells.length; i++) {
      if (cells[i]!.length > this.#settings.limits.fieldLength) problems.push(this.#tooLong(cells[i]!, columns[i]))
    }
    return problems
  }

  #tooLong(cell: string, column: string | undefined): RowProblem {
    const limit = this.#settings.limits.fieldLength
    return problem('field_too_long', `The field has ${cell.length} characters; at most ${limit} are read`, column)
  }
}

function faulty(kind: TextFault['kind'], cells: readonly string[], columns: readonly string[]): RowProblem {
  const trace = kind === 'nul_byte' ? '\0' : '\ufffd'
  const column = columns[cells.findIndex((cell) => cell.includes(trace))]
  return kind === 'nul_byte'
    ? problem(kind, 'The row contains a NUL character, which no text has', column)
    : problem(kind, 'The row has bytes that are not text: save the file as UTF-8, or give its encoding', column)
}

function misquotedField({ cells, line, lastLine, misquoted }: CsvRecord, column: string | undefined): RowProblem {
  const swallowed =
    lastLine > line ? ` The row was read to line ${lastLine}; what those lines hold is lost with it.` : ''
  const message = `The quotes around ${show(cells[misquoted]!)} do not close where the field ends: write " within quotes as "".`
  return problem('quote_invalid', message + swallowed, column)
}

/** A line with nothing but spaces. */
function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]!.trim() === ''
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
