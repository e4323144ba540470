import type { RowReport } from '@outdial/core'
import { printable } from '../wording.js'

/** Rows that were left out for one reason, and the first of them. */
export interface LeftOut {
  readonly code: string
  rows: number
  readonly example: string
}

/** Counts what becomes of rows while they are read; every one of them, however many there are. */
export class RowTally {
  read = 0
  readonly #reasons: Map<string, LeftOut> = new Map()

  /** As the engine's `onRow`. */
  readonly take = (report: RowReport): void => {
    this.read++
    if (report.status === 'accepted') return
    if (report.status === 'duplicate') {
      this.#count('duplicate', report, 'the number is there already; it is called once')
      return
    }
    // A row may be wrong in one way twice; it is still one row.
    const codes = new Set<string>()
    for (const { code, message } of report.problems) {
      if (!codes.has(code)) this.#count(code, report, message)
      codes.add(code)
    }
  }

  /** Most frequent first; what is equally frequent, by name. */
  reasons(): readonly LeftOut[] {
    return [...this.#reasons.values()].sort((a, b) => b.rows - a.rows || (a.code < b.code ? -1 : 1))
  }

  #count(code: string, { row, line }: { row: number; line?: number }, message: string): void {
    const known = this.#reasons.get(code)
    if (known) known.rows++
    // Editors show lines, spreadsheets rows; the header makes them differ.
    else
      this.#reasons.set(code, {
        code,
        rows: 1,
        example: `${line === undefined ? `row ${row}` : `line ${line}`}: ${printable(message)}`,
      })
  }
}
