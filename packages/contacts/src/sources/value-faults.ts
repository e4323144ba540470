import type { RowProblem } from '@outdial/core'
import type { Limits } from '../limits.js'
import { problem } from '../problems.js'

const LONE_SURROGATE = /\p{Surrogate}/u
const MAX_DEPTH = 32

/** What makes a row of values unfit: text that is none, too long or too deep. CSV is checked as it is read instead. */
export function valueFaults(row: Readonly<Record<string, unknown>>, limits: Limits): RowProblem[] {
  const columns = Object.keys(row)
  if (columns.length > limits.columns) {
    return [problem('too_many_columns', `The row has ${columns.length} columns; at most ${limits.columns} are read`)]
  }
  return columns.flatMap((column) => fault(row[column], column, limits, 0) ?? fault(column, column, limits, 0) ?? [])
}

function fault(value: unknown, column: string, limits: Limits, depth: number): RowProblem | undefined {
  if (typeof value === 'string') return textFault(value, column, limits)
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined
  if (depth === MAX_DEPTH)
    return problem('field_too_deep', `The value is nested deeper than ${MAX_DEPTH} levels`, column)
  for (const [key, item] of Object.entries(value)) {
    const found = textFault(key, column, limits) ?? fault(item, column, limits, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function textFault(text: string, column: string, limits: Limits): RowProblem | undefined {
  if (text.length > limits.fieldLength) {
    const counts = `${text.length} characters; at most ${limits.fieldLength} are read`
    return problem('field_too_long', `The field has ${counts}`, column)
  }
  if (text.includes('\0')) return problem('nul_byte', 'The field contains a NUL character, which no text has', column)
  if (LONE_SURROGATE.test(text)) {
    return problem('invalid_utf8', 'The field contains half of a UTF-16 surrogate pair, which is not text', column)
  }
  return undefined
}
