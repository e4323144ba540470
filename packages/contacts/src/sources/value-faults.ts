import type { RowProblem } from '@outdial/core'
import type { Limits } from '../limits.js'
import { problem } from '../problems.js'

/** What may be a fault: NUL, and surrogates, of which most stand in pairs. One look at a text tells that there is none. */
const SUSPICIOUS = /[\0\ud800-\udfff]/
const LONE_SURROGATE = /\p{Surrogate}/u
const MAX_DEPTH = 32

/**
 * What makes a row of values unfit: text that is none, too long or too deep; `undefined` when nothing does. CSV is checked as it is
 * read instead. `named`: the names of the columns have been found to be fit.
 */
export function valueFaults(
  row: Readonly<Record<string, unknown>>,
  columns: readonly string[],
  limits: Limits,
  named = false,
): RowProblem[] | undefined {
  if (columns.length > limits.columns) {
    return [problem('too_many_columns', `The row has ${columns.length} columns; at most ${limits.columns} are read`)]
  }
  let faults: RowProblem[] | undefined
  for (const column of columns) {
    const found = fault(row[column], column, limits, 0) ?? (named ? undefined : textFault(column, column, limits))
    if (found === undefined) continue
    faults ??= []
    faults.push(found)
  }
  return faults
}

function fault(value: unknown, column: string, limits: Limits, depth: number): RowProblem | undefined {
  if (typeof value === 'string') return textFault(value, column, limits)
  if (typeof value !== 'object' || value === null || value instanceof Date) return undefined
  if (depth === MAX_DEPTH)
    return problem('field_too_deep', `The value is nested deeper than ${MAX_DEPTH} levels`, column)
  for (const key of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[key]
    const found = textFault(key, column, limits) ?? fault(inner, column, limits, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function textFault(text: string, column: string, limits: Limits): RowProblem | undefined {
  if (text.length > limits.fieldLength) {
    const counts = `${text.length} characters; at most ${limits.fieldLength} are read`
    return problem('field_too_long', `The field has ${counts}`, column)
  }
  if (!SUSPICIOUS.test(text)) return undefined
  if (text.includes('\0')) return problem('nul_byte', 'The field contains a NUL character, which no text has', column)
  if (LONE_SURROGATE.test(text)) {
    return problem('invalid_utf8', 'The field contains half of a UTF-16 surrogate pair, which is not text', column)
  }
  return undefined
}
