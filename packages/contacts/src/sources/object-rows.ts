import type { RawRow, RowProblem } from '@outdial/core'
import type { Limits } from '../limits.js'
import { problem, sourceError } from '../problems.js'
import { batch, type RowBatch } from './row-source.js'
import { valueFaults } from './value-faults.js'

const BATCH = 1_000

/** A value that stands for a row, and where it was found; or why there is none. */
export interface FoundRow {
  value?: unknown
  line?: number
  problem?: RowProblem
}

/** The common pipe of everything that is not CSV: values in, numbered and checked rows out, a batch at a time. */
export async function* foundRows(
  found: Iterable<FoundRow> | AsyncIterable<FoundRow>,
  limits: Limits,
): AsyncGenerator<RowBatch, void, undefined> {
  let rows: RawRow[] = []
  let row = 0
  for await (const next of found) {
    if (row >= limits.rows) {
      if (rows.length > 0) yield batch(rows)
      throw sourceError('too_many_rows', `There are more than ${limits.rows} rows`, { limit: limits.rows })
    }
    rows.push(rawRow(++row, next, limits))
    if (rows.length === BATCH) {
      yield batch(rows)
      rows = []
    }
  }
  if (rows.length > 0) yield batch(rows)
}

/** Rows of plain objects, as a host has them. */
export async function* objectRows(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  limits: Limits,
): AsyncGenerator<RowBatch, void, undefined> {
  yield* foundRows(asFound(objects), limits)
}

async function* asFound(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<FoundRow, void, undefined> {
  for await (const value of objects) yield { value }
}

function rawRow(row: number, found: FoundRow, limits: Limits): RawRow {
  const { value, line } = found
  const fields: Record<string, unknown> = Object.create(null)
  const problems = found.problem === undefined ? [] : [found.problem]
  if (found.problem === undefined) {
    if (isRecord(value)) {
      for (const column of Object.keys(value)) fields[column] = value[column]
      problems.push(...valueFaults(fields, limits))
    } else {
      problems.push(
        problem('row_not_object', `The row is ${kindOf(value)}, not an object such as {"phone": "+12025550100"}`),
      )
    }
  }
  const raw: RawRow = { row, fields }
  if (line !== undefined) raw.line = line
  if (problems.length > 0) raw.problems = problems
  return raw
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
