import { problem, type RowProblemCode, show } from '../problems.js'
import { isEmpty, type Reading } from './reading.js'

const MAX_LENGTH = 256

/** Reads text that is the host's or the carrier's own reference and is kept as it is written; numbers become text. */
export function readReference(cell: unknown, column: string, code: RowProblemCode): Reading<string> {
  if (isEmpty(cell)) return undefined
  if (typeof cell !== 'string' && typeof cell !== 'number' && typeof cell !== 'bigint') {
    return { problem: problem(code, `${show(String(cell))} is neither text nor a number`, column) }
  }
  const value = String(cell)
  if (value.length <= MAX_LENGTH) return { value }
  return { problem: problem(code, `${show(value)} is longer than ${MAX_LENGTH} characters`, column) }
}
