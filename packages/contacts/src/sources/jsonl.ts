import { type Limits, limitsWith } from '../limits.js'
import { problem } from '../problems.js'
import { readOnce, type TextInput } from '../text/input.js'
import { type TextLine, textLines } from '../text/lines.js'
import { utf8Chunks } from '../text/utf8.js'
import type { JsonOptions } from './json.js'
import { type FoundRow, foundRows } from './object-rows.js'
import { type ContactRowSource, rowSource } from './row-source.js'

/**
 * Rows of JSON Lines: one object on each line; blank lines are skipped and not counted.
 *
 * A line that is not an object in JSON becomes the row's problem (`json_invalid`, `row_not_object`, `row_too_long`,
 * `invalid_utf8`) and reading goes on. These errors end it: `file_too_large`, `file_not_text`, `too_many_rows`,
 * `source_consumed`. Nothing but blank lines is a list without rows, not an error.
 */
export function jsonl(input: TextInput, options: JsonOptions = {}): ContactRowSource {
  const limits = limitsWith(options.limits)
  const open = readOnce(input)
  return rowSource(() => foundRows(readLines(open(), options.encoding, limits), limits))
}

async function* readLines(
  input: TextInput,
  encoding: string | undefined,
  limits: Limits,
): AsyncGenerator<FoundRow, void, undefined> {
  const chunks = utf8Chunks(input, { encoding, maxBytes: limits.bytes })
  for await (const lines of textLines(chunks, limits.rowBytes)) {
    for (const line of lines) {
      const found = readLine(line, limits)
      if (found !== undefined) yield found
    }
  }
}

function readLine({ line, text, fault }: TextLine, limits: Limits): FoundRow | undefined {
  if (fault === 'too_long') {
    return { line, problem: problem('row_too_long', `The line is longer than ${limits.rowBytes} bytes`) }
  }
  if (fault === 'not_text') {
    return { line, problem: problem('invalid_utf8', 'The line contains bytes that are not text') }
  }
  if (text.trim() === '') return undefined
  try {
    return { line, value: JSON.parse(text) }
  } catch (error) {
    return { line, problem: problem('json_invalid', `The line is not JSON: ${(error as Error).message}`) }
  }
}
