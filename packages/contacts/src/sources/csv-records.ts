import { type Options, Parser } from 'csv-parse'
import { sourceError } from '../problems.js'
import type { CsvDialect } from './csv-dialect.js'
import { RawWindow } from './raw-window.js'

/** More bytes than csv-parse leaves unread at the end of a chunk, where a row may already be complete. */
const LOOK_AHEAD = 16

/** One row of cells, and where it stands in the text. */
export interface CsvRecord {
  cells: string[]
  /** Line on which it begins, from 1. */
  line: number
  /** Line on which it ends: another one when a quoted cell has line breaks. */
  lastLine: number
  /** Offset of its end, line break included. */
  end: number
  /** Index of the first cell whose quotes are not as they should be, or -1. */
  misquoted: number
}

/**
 * Takes the records as csv-parse makes them, before the queue of the stream: then `info` still tells where each one ends.
 * (Its option `on_record` would do, but copies all of `info` for every record, which takes a third of the whole time.)
 *
 * Every record is made to count as the first, which csv-parse compares with no other: for each ragged one it would make
 * an error with a stack, even though it is told not to mind.
 */
class TappedParser extends Parser {
  readonly #take: (cells: string[]) => void

  constructor(take: (cells: string[]) => void, options: Options) {
    super(options)
    this.#take = take
  }

  override push(record: string[] | null): boolean {
    if (record === null) return super.push(null)
    this.#take(record)
    const counts: { records: number } = this.info
    counts.records = 0
    return true
  }
}

/**
 * csv-parse, driven chunk by chunk: bytes in, the records that they completed out.
 *
 * It is set to take quotes as they come (`relax_quotes`), for one stray quote shall not end a file of a million rows.
 * What it then makes of a broken quoted field may have swallowed the lines after it, so every record with a quote in it
 * is compared with its text, and those that do not agree are marked.
 */
export class CsvRecords {
  readonly #parser: Parser
  readonly #window = new RawWindow()
  readonly #dialect: CsvDialect
  readonly #quotes: boolean
  readonly #maxRowBytes: number
  #records: CsvRecord[] = []
  #failure: Error | undefined
  /** Where the last record ended, on which line, and what the parser had counted by then. */
  #end = 0
  #line = 0
  #parserLines = 0
  #blanks = 0

  constructor(dialect: CsvDialect, options: { quotes: boolean; maxRowBytes: number }) {
    this.#dialect = dialect
    this.#quotes = options.quotes
    this.#maxRowBytes = options.maxRowBytes
    this.#parser = new TappedParser((cells) => this.#record(cells), {
      delimiter: dialect.delimiter,
      record_delimiter: dialect.newlines,
      quote: options.quotes ? '"' : null,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
    })
    // Every failure also reaches the callback of the write that caused it.
    this.#parser.on('error', () => {})
  }

  /** The error that ends the reading, once there is one: the records given out before it are good. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Line on which the record begins that is not complete yet. */
  get openLine(): number {
    return this.#line + 1 + this.#parser.info.empty_lines - this.#blanks
  }

  async write(chunk: Uint8Array): Promise<CsvRecord[]> {
    this.#window.push(chunk)
    await new Promise<void>((resolve) => {
      this.#parser.write(chunk, (error) => {
        this.#failed(error)
        resolve()
      })
    })
    if (this.#window.end - this.#end > this.#maxRowBytes + LOOK_AHEAD) this.#checkSize(this.#window.end - LOOK_AHEAD)
    this.#window.drop(this.#end)
    return this.#take()
  }

  async end(): Promise<CsvRecord[]> {
    await new Promise<void>((resolve) => {
      this.#parser.end((error?: Error | null) => {
        this.#failed(error)
        resolve()
      })
    })
    return this.#take()
  }

  close(): void {
    this.#parser.destroy()
  }

  #take(): CsvRecord[] {
    const records = this.#records
    this.#records = []
    return records
  }

  #record(cells: string[]): void {
    if (this.#failure !== undefined) return
    const { bytes, lines, empty_lines } = this.#parser.info
    if (bytes - this.#end > this.#maxRowBytes && !this.#checkSize(bytes)) return
    const line = this.openLine
    // The parser counts CRLF within quotes as two lines, so its count only tells whether there are line breaks at all.
    const oneLine = lines - this.#parserLines === 1 + empty_lines - this.#blanks
    const lastLine = oneLine ? line : line + this.#breaksIn(cells)
    const misquoted = this.#quotes ? this.#misquoted(cells, bytes) : -1
    this.#records.push({ cells, line, lastLine, end: bytes, misquoted })
    this.#end = bytes
    this.#line = lastLine
    this.#parserLines = lines
    this.#blanks = empty_lines
  }

  #breaksIn(cells: readonly string[]): number {
    const oldMac = this.#dialect.newlines.includes('\r')
    const breaks = oldMac ? /\r\n|\r|\n/g : /\n/g
    return cells.reduce((sum, cell) => sum + (cell.match(breaks)?.length ?? 0), 0)
  }

  #misquoted(cells: readonly string[], end: number): number {
    if (!cells.some((cell) => cell.includes('"'))) return -1
    const raw = this.#window.text(this.#end, end)
    let at = 0
    return cells.findIndex((cell) => {
      const written = raw[at] === '"' ? `"${cell.replaceAll('"', '""')}"` : cell
      if (!raw.startsWith(written, at)) return true
      at += written.length + this.#dialect.delimiter.length
      return false
    })
  }

  /** Whether the row up to this offset is within the limit; if not, reading fails. */
  #checkSize(end: number): boolean {
    // Blank lines belong to no row.
    this.#end = this.#window.skipBreaks(this.#end, end)
    if (end - this.#end <= this.#maxRowBytes) return true
    const line = this.openLine
    const facts = { line, limit: this.#maxRowBytes }
    const oneLine = !/[\r\n]/.test(this.#window.text(this.#end, this.#end + this.#maxRowBytes))
    this.#failure ??= oneLine
      ? sourceError('row_too_long', `The row on line ${line} is longer than ${this.#maxRowBytes} bytes`, facts)
      : sourceError(
          'quote_not_closed',
          `The row that begins on line ${line} runs on for more than ${this.#maxRowBytes} bytes: a quote in it is not closed`,
          facts,
        )
    return false
  }

  #failed(error: Error | null | undefined): void {
    if (error == null || this.#failure !== undefined) return
    const line = this.openLine
    this.#failure =
      'code' in error && error.code === 'CSV_QUOTE_NOT_CLOSED'
        ? sourceError('quote_not_closed', `A quote in the row that begins on line ${line} is never closed`, { line })
        : sourceError(
            'csv_invalid',
            `The CSV cannot be read on from line ${line}: ${error.message}`,
            { line },
            { cause: error },
          )
  }
}
