import { type Limits, limitsWith } from '../limits.js'
import { sourceError } from '../problems.js'
import { readOnce, type TextInput } from '../text/input.js'
import { utf8Chunks } from '../text/utf8.js'
import { objectRows } from './object-rows.js'
import { type ContactRowSource, type RowBatch, rowSource } from './row-source.js'

/** How JSON is to be read. */
export interface JsonOptions {
  /** Label of the encoding of bytes. Default: UTF-8, or UTF-16 where the bytes show it. */
  encoding?: string
  /** See {@link Limits}. */
  limits?: Partial<Limits>
}

const DOCUMENT_LIMIT = 128 * 1024 ** 2

/**
 * Rows of a JSON document that is a list of objects, or of such a list itself. The document is held in memory; for long
 * lists use JSONL.
 *
 * An item that is not an object, or has values that cannot be stored (NUL characters, half surrogates, too long, nested
 * too deep) becomes the row's problem. These errors end the reading: `json_invalid`, `json_not_array`, `file_empty`,
 * `file_too_large`, `file_not_text`, `file_not_utf8`, `too_many_rows`, `source_consumed`.
 */
export function json(input: TextInput | readonly unknown[], options: JsonOptions = {}): ContactRowSource {
  const limits = limitsWith(options.limits, { bytes: DOCUMENT_LIMIT })
  if (isList(input)) return rowSource(() => objectRows(input, limits))
  const open = readOnce(input)
  return rowSource(() => readJson(open(), options.encoding, limits))
}

async function* readJson(
  input: TextInput,
  encoding: string | undefined,
  limits: Limits,
): AsyncGenerator<RowBatch, void, undefined> {
  const document = parse(await wholeText(input, encoding, limits))
  if (!isList(document))
    throw sourceError('json_not_array', 'The JSON document must be a list of rows: [{"phone": …}, …]')
  yield* objectRows(document, limits)
}

async function wholeText(input: TextInput, encoding: string | undefined, limits: Limits): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  try {
    for await (const chunk of utf8Chunks(input, { encoding, maxBytes: limits.bytes })) {
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw sourceError('file_not_utf8', 'The JSON document contains bytes that are not text', {}, { cause: error })
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw sourceError('file_empty', 'The document is empty')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw sourceError('json_invalid', `The document is not JSON: ${(error as Error).message}`, {}, { cause: error })
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
