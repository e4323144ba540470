import { optionError } from './problems.js'

/** How much of a source is read before it is refused, so that a wrong or hostile file cannot exhaust the process. */
export interface Limits {
  /**
   * Bytes of the whole source, counted as UTF-8. Default 1 GiB; 128 MiB for `json()`, which must hold the document in
   * memory. Beyond: error `file_too_large`.
   */
  bytes: number
  /** Data rows. Default 5,000,000. Beyond: error `too_many_rows`. */
  rows: number
  /** Columns of a header or of an object. Default 1,000. Beyond: `too_many_columns`, an error or a row's problem. */
  columns: number
  /**
   * Bytes of one row, its quotes and delimiters included. Default 1 MiB. Beyond: error `row_too_long`, or
   * `quote_not_closed` when the row runs over several lines; a row's problem in JSONL, where the next line is known.
   */
  rowBytes: number
  /** Characters (UTF-16 units) of one field. Default 65,536. Beyond: row problem `field_too_long`. */
  fieldLength: number
}

/** The limits in force where none are given. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  bytes: 1024 ** 3,
  rows: 5_000_000,
  columns: 1_000,
  rowBytes: 1024 ** 2,
  fieldLength: 65_536,
}

/** @internal */
export function limitsWith(given: Partial<Limits> = {}, defaults: Partial<Limits> = {}): Limits {
  const limits: Limits = { ...DEFAULT_LIMITS, ...defaults }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const value = given[name]
    if (value === undefined) continue
    if (!(value >= 1)) throw optionError(`limits.${name}`, `limits.${name} must be at least 1, or Infinity`)
    limits[name] = value
  }
  return limits
}
