import { OutdialError, type RowProblem } from '@outdial/core'

/**
 * Every code a row's report can carry, with what it means. All of them reject the row, but for the one that says it is
 * a warning.
 */
export const ROW_PROBLEMS = {
  phone_missing: 'The phone is empty, or the row has no phone column.',
  phone_scientific:
    'A spreadsheet has turned the phone into a rounded number such as 1.55512E+10; its last digits are lost.',
  phone_not_e164: 'The phone is not written as + and digits only, and no default region was set by which to read it.',
  phone_not_a_number: 'The phone cannot be read as a number, not even in the default region.',
  phone_unknown_country: 'No country has the calling code with which the phone begins.',
  phone_impossible_length: 'No number of that country has that many digits.',
  phone_has_extension: 'The phone has an extension, which cannot be dialed.',
  phone_duplicate: 'An earlier row has the same number.',
  external_id_invalid: 'The external id is not text or a number, or is longer than 256 characters.',
  attempts_invalid: 'Attempts is not a whole number from 1 to 1000.',
  not_before_invalid: 'The time is not an ISO 8601 date and time, such as 2026-03-29T10:30 or 2026-03-29T10:30:00Z.',
  timezone_unknown: 'The zone is not an IANA time zone, such as Europe/London.',
  caller_id_invalid: 'The caller id is not a valid phone number; the message says why.',
  agent_invalid: 'The agent is not text, or is longer than 256 characters.',
  priority_invalid: 'Priority is not a whole number from -100 to 100.',
  variables_invalid: 'The row does not fit the schema of the variables.',
  variable_missing: 'The agent says something of each contact that this row does not have.',
  agent_unknown: 'The carrier has no agent of that name.',
  column_ambiguous: 'Two columns of the row hold the same thing, such as "phone" and "Phone".',
  column_name_reserved: 'Warning: a column is called __proto__, constructor or prototype. Its values are kept.',
  nul_byte: 'The row contains a NUL character, which no text has.',
  invalid_utf8: 'The row contains bytes that are not text in the encoding of the file.',
  row_ragged: 'The row has more or fewer fields than the header has columns.',
  row_not_object: 'The row is not an object with columns as its properties.',
  row_too_long: 'The line is longer than the limit.',
  too_many_columns: 'The row has more columns than the limit.',
  field_too_long: 'A field is longer than the limit.',
  field_too_deep: 'A value has lists or objects nested deeper than 32 levels.',
  quote_invalid: 'A quoted field does not end where its quote does; lines that it swallowed are lost with the row.',
  json_invalid: 'The line is not JSON.',
  not_taken:
    'Nothing is wrong with this row: it was left out because all rows or none were asked for, and another was rejected.',
} as const

/** See {@link ROW_PROBLEMS}. */
export type RowProblemCode = keyof typeof ROW_PROBLEMS

/** Every code of an error that ends the reading of a source, with what it means. */
export const SOURCE_ERRORS = {
  file_unreadable: 'The file cannot be opened or read; the cause is the error of the system.',
  file_type_unknown: 'The name of the file does not end in .csv, .tsv, .txt, .json, .jsonl or .ndjson.',
  file_empty: 'There is not even a header.',
  file_too_large: 'The source has more bytes than the limit.',
  file_not_text: 'The source is a workbook, archive or other binary file.',
  file_not_utf8: 'A JSON document contains bytes that are not UTF-8 text.',
  too_many_rows: 'The source has more rows than the limit.',
  too_many_columns: 'The header has more columns than the limit.',
  row_too_long: 'A row is longer than the limit.',
  quote_not_closed: 'A quoted field is never closed, so that the rest of the file would be one field.',
  header_invalid: 'The header contains NUL characters, bytes that are not text, or a field that is too long.',
  column_duplicate: 'Two columns have the same name.',
  phone_column_missing: 'No column holds the phone; `details.found` lists the columns.',
  column_missing: 'A column that was asked for by name is not in the header; `details.found` lists the columns.',
  json_invalid: 'The document is not JSON.',
  json_not_array: 'The document is JSON, but not a list of rows.',
  numbers_invalid:
    'A list of numbers has some that are none; `details.rejected` lists them. Nothing was taken from it.',
  csv_invalid: 'The CSV parser gave up; the cause is its error.',
  source_consumed: 'The source is a stream that was read before. Make a new one, or give a function that opens it.',
} as const

/** See {@link SOURCE_ERRORS}. */
export type ContactsErrorCode = keyof typeof SOURCE_ERRORS

/** @internal */
export function problem(code: RowProblemCode, message: string, column?: string): RowProblem {
  return column === undefined ? { code, message } : { code, column, message }
}

/** @internal */
export function sourceError(
  code: ContactsErrorCode,
  message: string,
  details: Record<string, unknown> = {},
  options?: ErrorOptions,
): OutdialError<ContactsErrorCode> {
  return new OutdialError<ContactsErrorCode>(code, message, details, options)
}

/** @internal */
export function optionError(field: string, message: string): OutdialError {
  return new OutdialError('invalid_options', message, { field })
}

const SHOWN = 40

/** A value as a message shows it: quoted, control characters escaped, cut to a readable length. @internal */
export function show(value: string): string {
  return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value)
}
