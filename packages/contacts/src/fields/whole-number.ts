import { problem, type RowProblemCode, show } from '../problems.js'
import { isEmpty, type Reading } from './reading.js'

interface Range {
  code: RowProblemCode
  from: number
  to: number
}

/** Reads a whole number within a range, written as digits or given as a number. */
export function readWholeNumber(cell: unknown, column: string, { code, from, to }: Range): Reading<number> {
  if (isEmpty(cell)) return undefined
  const value = typeof cell === 'string' && /^\s*[+-]?\d+\s*$/.test(cell) ? Number(cell) : cell
  if (typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to) {
    // Not minus zero, which would not survive being stored.
    return { value: value + 0 }
  }
  return { problem: problem(code, `${show(String(cell))} is not a whole number from ${from} to ${to}`, column) }
}
