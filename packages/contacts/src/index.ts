export { DEFAULT_LIMITS, type Limits } from './limits.js'
export { type NumbersOptions, numberColumn, numbers, type RejectedNumber } from './numbers.js'
export { type ContactsErrorCode, ROW_PROBLEMS, type RowProblemCode, SOURCE_ERRORS } from './problems.js'
export {
  type ContactReading,
  type ContactRow,
  type DuplicateRow,
  type ReadContactsOptions,
  type RowCounts,
  readContacts,
} from './read-contacts.js'
export { type ContactReaderOptions, contactReader } from './reader.js'
export { csv } from './sources/csv.js'
export type { CsvOptions } from './sources/csv-options.js'
export { type JsonOptions, json } from './sources/json.js'
export { jsonl } from './sources/jsonl.js'
export type { ContactRowSource, RowBatch } from './sources/row-source.js'
export type { TextInput, TextStream, WebStream } from './text/input.js'
export { numberZones } from './zones/number-zones.js'
