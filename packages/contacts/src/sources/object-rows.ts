import type { RawRow, RowProblem } from '@outdial/core'
import type { Limits } from '../limits.js'
import { problem } from '../problems.js'
import { inBatches } from './in-batches.js'
import type { RowBatch } from './row-source.js'
import { valueFaults } from './value-faults.js'

/** A value that stands for a row, and where it was found; or why there is none. */
export interface FoundRow {
  value?: unknown
  line?: number
  problem?: RowProblem
}

/** The common pipe of everything that is not CSV: values in, numbered and checked rows out, a batch at a time. */
export function foundRows(
  found: Iterable<FoundRow> | AsyncIterable<FoundRow>,
  limits: Limits,
): AsyncGenerator<RowBatch, void, undefined> {
  return inBatches(found, limits.rows, (next, row) => rawRow(row, next, limits))
}

/** Rows of plain objects, as a host has them. */
export function objectRows(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  limits: Limits,
): AsyncGenerator<RowBatch, void, undefined> {
  return inBatches(objects, limits.rows, (value, row) => rawRow(row, { value }, limits))
}

function rawRow(row: number, found: FoundRow, limits: Limits): RawRow {
  const { value, line } = found
  const fields: Record<string, unknown> = Object.create(null)
  let problems = found.problem === undefined ? undefined : [found.problem]
  if (problems === undefined) {
    if (isRecord(value)) {
      const columns = Object.keys(value)
      for (const column of columns) fields[column] = value[column]
      problems = valueFaults(fields, columns, limits)
    } else problems = [notObject(value)]
  }
  const raw: RawRow = { row, fields }
  if (line !== undefined) raw.line = line
  if (problems !== undefined) raw.problems = problems
  return raw
}

/** Whether a value can be a row: an object with columns as its properties. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Says what a value is that can be none. */
export function notObject(value: unknown): RowProblem {
  return problem('row_not_object', `The row is ${kindOf(value)}, not an object such as {"phone": "+12025550100"}`)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
