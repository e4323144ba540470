import type { RejectedRow, RowProblem, RowResult } from '../ports/contacts.js'

/** One problem of one row; a table of these is what a person repairs a file by. */
export interface RowIssue {
  row: number
  line?: number
  column?: string
  code: string
  message: string
}

/** What became of the rows of one batch. */
export interface IntakeReport {
  /** Rows read, not counting the header and blank lines: the sum of the next three. */
  read: number
  accepted: number
  rejectedRows: number
  duplicateRows: number
  /** Every problem of every rejected row, up to the first 10,000. */
  rejected: RowIssue[]
  /** Rows whose number is there already (code `phone_duplicate`), up to the first 10,000. */
  duplicates: RowIssue[]
  /** Odd things about accepted rows, up to the first 10,000. */
  warnings: RowIssue[]
}

/** What became of one row, for hosts that want all of them: see `onRow`. */
export type RowReport =
  | { status: 'accepted'; row: number; line?: number; index: number; warnings?: readonly RowProblem[] }
  | { status: 'rejected'; row: number; line?: number; problems: readonly RowProblem[] }
  | { status: 'duplicate'; row: number; line?: number; of: number }

const MOST = 10_000

/** A report to fill. */
export function newReport(): IntakeReport {
  return { read: 0, accepted: 0, rejectedRows: 0, duplicateRows: 0, rejected: [], duplicates: [], warnings: [] }
}

export function countRejected(report: IntakeReport, row: RejectedRow): void {
  report.rejectedRows++
  for (const problem of row.problems) note(report.rejected, row, problem)
}

export function countDuplicate(report: IntakeReport, row: RowResult<unknown>): void {
  report.duplicateRows++
  const message = 'The number is there already: it is called once.'
  note(report.duplicates, row, { code: 'phone_duplicate', column: 'phone', message })
}

export function countAccepted(report: IntakeReport, row: Extract<RowResult<unknown>, { status: 'accepted' }>): void {
  report.accepted++
  for (const warning of row.warnings ?? []) note(report.warnings, row, warning)
}

function note(
  list: RowIssue[],
  { row, line }: { row: number; line?: number },
  { code, column, message }: RowProblem,
): void {
  if (list.length >= MOST) return
  list.push({ row, ...(line !== undefined && { line }), ...(column !== undefined && { column }), code, message })
}
