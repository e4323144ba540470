/**
 * A person to call, validated: what a row of the host's file became. `Variables` is what the host's zod schema
 * returned for the row, and travels to the carrier, the events and the results.
 */
export interface Contact<Variables = Record<string, unknown>> {
  /** E.164: `+`, country calling code, number. */
  phone: string
  /** The row's remaining columns, after the job's `variables` schema. */
  variables: Variables
  /** The host's own identifier of the contact; echoed in events and results, never interpreted. */
  externalId?: string
  /** Attempts allowed for this contact instead of the job's. */
  attempts?: number
  /** Not to be dialed before this instant (milliseconds since the epoch). */
  notBefore?: number
  /** IANA zone of the called person; the calling window is read in it. Default: the job's zone. */
  timezone?: string
  /** Caller id (E.164) to use for this contact instead of the job's. */
  callerId?: string
  /** Agent reference handed to the carrier instead of the job's. */
  agent?: string
  /** Higher is dialed first within the job. Integer, -100 to 100, default 0. */
  priority?: number
}

/** What became of one row. `row` counts data rows from 1: the header and blank lines are not counted. */
export type RowResult<Variables = Record<string, unknown>> = AcceptedRow<Variables> | RejectedRow

/** A row that became a contact. */
export interface AcceptedRow<Variables = Record<string, unknown>> {
  status: 'accepted'
  row: number
  /** Line of the source text on which the row begins, from 1; absent for rows that never were text. */
  line?: number
  contact: Contact<Variables>
  warnings?: RowProblem[]
}

/** A row that did not, and every reason found. */
export interface RejectedRow {
  status: 'rejected'
  row: number
  line?: number
  problems: [RowProblem, ...RowProblem[]]
}

/** One thing that is wrong (or, as a warning, odd) in a row. */
export interface RowProblem {
  /** Stable, documented, e.g. `phone_missing`. */
  code: string
  /** Column as the header spells it; absent when the whole row is at fault. */
  column?: string
  /** A sentence for the person who made the file. */
  message: string
}

/** Rows as the host has them: plain objects, or a file reader such as `csvFile()`. */
export type ContactSource =
  | Iterable<Readonly<Record<string, unknown>>>
  | AsyncIterable<Readonly<Record<string, unknown>>>
  | RowSource

/**
 * A reader of raw rows, made by `csv()`, `csvFile()`, `jsonl()` and their like. It can be read once or often, as its
 * maker says; `rows` yields batches so that a million rows are not a million promises.
 */
export interface RowSource {
  readonly kind: 'rows'
  rows(): AsyncIterable<readonly RawRow[]>
}

/** One row as it was read, before validation. */
export interface RawRow {
  row: number
  line?: number
  /** Column → value. An own-property record without prototype, so that a column may be called `__proto__`. */
  fields: Readonly<Record<string, unknown>>
  /** What the reader itself found wrong (ragged row, invalid UTF-8, field too long): the row is rejected with these. */
  problems?: readonly RowProblem[]
  /** What it found odd: the row may be accepted. */
  warnings?: readonly RowProblem[]
}

/** How rows become contacts. */
export interface ReadOptions<Variables = Record<string, unknown>> {
  /**
   * Which column holds what; matched without regard to case, spaces, `-` and `_`. Default: the field's own name
   * (`phone`, `externalId`, `attempts`, `notBefore`, `timezone`, `callerId`, `agent`, `priority`). `false` switches the
   * field off, so that a column of that name is an ordinary variable.
   */
  columns?: Partial<Record<ContactColumn, string | false>>
  /**
   * ISO 3166 alpha-2 region in which numbers without `+` are read (`(202) 555-0100` → `+12025550100`). Absent: strict,
   * only E.164 as it should be written is accepted.
   */
  defaultRegion?: string
  /** Zone in which a `notBefore` without offset is read. Default `UTC`. */
  timezone?: string
  /** Checks and shapes the variables of one row; the engine makes it from the job's zod schema. */
  variables?: (raw: Record<string, unknown>) => { value: Variables } | { problems: [RowProblem, ...RowProblem[]] }
}

/** The columns that mean something to the engine; all others are variables. */
export type ContactColumn =
  | 'phone'
  | 'externalId'
  | 'attempts'
  | 'notBefore'
  | 'timezone'
  | 'callerId'
  | 'agent'
  | 'priority'

/**
 * Turns a source of rows into contacts and a report, streaming: it holds one batch at a time. Duplicates are not its
 * business; the store finds them, also against contacts that were added earlier. It never throws for a bad row; it
 * throws a typed error for a source that cannot be read on (no `phone` column, file too large, not text).
 */
export interface ContactReader {
  read<Variables>(
    source: ContactSource,
    options: ReadOptions<Variables>,
  ): AsyncIterable<readonly RowResult<Variables>[]>
  /** Checks one number the same way, e.g. a caller id. */
  phone(input: string, defaultRegion?: string): { e164: string; country?: string } | RowProblem
  /** The same when only the number is wanted, millions of times: E.164, or `undefined` for what is none. Default: `phone` is asked. */
  number?(input: string, defaultRegion?: string): string | undefined
}
