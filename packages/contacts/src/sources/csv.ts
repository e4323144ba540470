import { sourceError } from '../problems.js'
import { readOnce, type TextInput } from '../text/input.js'
import { utf8Chunks } from '../text/utf8.js'
import { type CsvOptions, type CsvSettings, csvSettings } from './csv-options.js'
import { CsvTable } from './csv-table.js'
import { type ContactRowSource, type RowBatch, rowSource } from './row-source.js'

/**
 * Rows of a CSV text whose first line that is not blank is the header.
 *
 * Bytes are read as UTF-8 or UTF-16; blank lines are skipped and not counted. Text, bytes and functions can be read
 * again, a stream only once. What is wrong with a row becomes the row's problem (`row_ragged`, `nul_byte`,
 * `invalid_utf8`, `field_too_long`, `quote_invalid`) and reading goes on. These errors end it: `file_empty`,
 * `file_too_large`, `file_not_text`, `too_many_rows`, `too_many_columns`, `row_too_long`, `quote_not_closed`,
 * `header_invalid`, `column_duplicate`, `source_consumed`. Rows before an error have been given out by then.
 *
 * @example
 * ```ts
 * const contacts = csv('phone,name\n+12025550100,Ada\n')
 * ```
 */
export function csv(input: TextInput, options: CsvOptions = {}): ContactRowSource {
  const settings = csvSettings(options)
  const open = readOnce(input)
  return rowSource(() => readCsv(open(), settings))
}

async function* readCsv(input: TextInput, settings: CsvSettings): AsyncGenerator<RowBatch, void, undefined> {
  const table = new CsvTable(settings)
  try {
    const chunks = utf8Chunks(input, { encoding: settings.encoding, maxBytes: settings.limits.bytes })
    for await (const chunk of chunks) {
      const rows = await table.write(chunk)
      if (rows !== undefined) yield rows
      if (table.failure !== undefined) throw table.failure
    }
    const rows = await table.end()
    if (rows !== undefined) yield rows
    if (table.failure !== undefined) throw table.failure
    if (!table.hasHeader) throw sourceError('file_empty', 'The file is empty: it needs a header with a phone column')
  } finally {
    table.close()
  }
}
