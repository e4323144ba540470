import type { RowProblem } from '@outdial/core'

/** What a cell said: a value, a problem, or nothing because it is empty. */
export type Reading<Value> = { value: Value } | { problem: RowProblem } | undefined

/** Whether a cell has nothing in it. */
export function isEmpty(cell: unknown): boolean {
  return cell === undefined || cell === null || (typeof cell === 'string' && cell.trim() === '')
}
