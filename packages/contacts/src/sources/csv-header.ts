import type { Limits } from '../limits.js'
import { show, sourceError } from '../problems.js'

/**
 * The names of the columns. Spaces around a name are not part of it; a column without name, as spreadsheets leave them
 * at the end, is called after its place (`column 5`).
 */
export function readHeader(cells: readonly string[], line: number, limits: Limits): readonly string[] {
  if (cells.length > limits.columns) {
    throw sourceError(
      'too_many_columns',
      `The header has ${cells.length} columns; at most ${limits.columns} are read`,
      {
        columns: cells.length,
        limit: limits.columns,
      },
    )
  }
  const names = cells.map((cell, index) => cell.trim() || `column ${index + 1}`)
  const tooLong = names.find((name) => name.length > limits.fieldLength)
  if (tooLong !== undefined) throw headerError(line, `the column name ${show(tooLong)} is too long`)
  const seen = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    const first = seen.get(name)
    if (first !== undefined) {
      throw sourceError('column_duplicate', `Columns ${first + 1} and ${index + 1} are both called ${show(name)}`, {
        column: name,
        line,
      })
    }
    seen.set(name, index)
  }
  return Object.freeze(names)
}

/** The error for a header that is not one. */
export function headerError(line: number, why: string): Error {
  return sourceError('header_invalid', `The header on line ${line} cannot be read: ${why}`, { line })
}
