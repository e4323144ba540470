import type { ContactSource } from '@outdial/core'
import { type ContactRow, type ContactsErrorCode, type ReadContactsOptions, readContacts } from '../src/index.js'

/** All rows of a source, and the code of the error that ended the reading, if one did. */
export async function readAll(
  source: ContactSource,
  options: ReadContactsOptions = {},
): Promise<{ rows: ContactRow[]; error?: string }> {
  const rows: ContactRow[] = []
  try {
    for await (const row of readContacts(source, options)) rows.push(row)
    return { rows }
  } catch (error) {
    return { rows, error: codeOf(error) }
  }
}

/** The one row of a source. */
export async function readRow(source: ContactSource, options: ReadContactsOptions = {}): Promise<ContactRow> {
  const { rows, error } = await readAll(source, options)
  if (error !== undefined || rows.length !== 1) throw new Error(`expected one row, got ${rows.length}, error ${error}`)
  return rows[0]!
}

/** Codes of what is wrong with a row. */
export function codes(row: ContactRow): string[] {
  return row.status === 'accepted' ? [] : row.problems.map((problem) => problem.code)
}

function codeOf(error: unknown): ContactsErrorCode {
  if (error instanceof Error && 'code' in error) return error.code as ContactsErrorCode
  throw error
}

/** Error code, message and details that an action ends with. */
export async function failure(action: () => unknown): Promise<{ code: string; message: string; details: unknown }> {
  try {
    await action()
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      return {
        code: String(error.code),
        message: error.message,
        details: 'details' in error ? error.details : undefined,
      }
    }
    throw error
  }
  throw new Error('expected an error')
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A stream of chunks. */
export async function* streamOf<Chunk>(chunks: Iterable<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  for (const chunk of chunks) yield chunk
}

/** Bytes cut at the given places (taken modulo the length). */
export function cutAt(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b)
  return [0, ...cuts].map((from, i) => whole.subarray(from, cuts[i] ?? whole.length))
}
