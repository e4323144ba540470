import { createReadStream } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type NumbersOptions, numberColumn, numbers } from './numbers.js'
import { show, sourceError } from './problems.js'
import { csv } from './sources/csv.js'
import type { CsvOptions } from './sources/csv-options.js'
import { type JsonOptions, json } from './sources/json.js'
import { jsonl } from './sources/jsonl.js'
import type { ContactRowSource } from './sources/row-source.js'

/** A path, or a `file:` URL. */
export type FilePath = string | URL

/**
 * Rows of a CSV file; see `csv()`. The file is opened when reading begins, and again for every reading; it is read as a
 * stream. Error when it cannot be: `file_unreadable`.
 */
export function csvFile(path: FilePath, options: CsvOptions = {}): ContactRowSource {
  return csv(() => bytesOf(path), options)
}

/** Rows of a JSON file; see `json()`. The whole file is held in memory. Error when it cannot be read: `file_unreadable`. */
export function jsonFile(path: FilePath, options: JsonOptions = {}): ContactRowSource {
  return json(() => bytesOf(path), options)
}

/** Rows of a JSON Lines file; see `jsonl()`. Read as a stream. Error when it cannot be: `file_unreadable`. */
export function jsonlFile(path: FilePath, options: JsonOptions = {}): ContactRowSource {
  return jsonl(() => bytesOf(path), options)
}

/**
 * Rows of a file whose name tells what it is: `.csv`, `.tsv` and `.txt`, `.json`, `.jsonl` and `.ndjson`. Throws
 * `file_type_unknown` at once for any other; whether the file exists shows when it is read.
 */
export function contactsFile(path: FilePath, options: CsvOptions & JsonOptions = {}): ContactRowSource {
  const name = path instanceof URL ? fileURLToPath(path) : path
  const extension = extname(name).toLowerCase()
  switch (extension) {
    case '.csv':
    case '.tsv':
    case '.txt':
      return csvFile(path, options)
    case '.json':
      return jsonFile(path, options)
    case '.jsonl':
    case '.ndjson':
      return jsonlFile(path, options)
    default: {
      const advice = extension.startsWith('.xls') ? '; save the sheet as CSV UTF-8' : ''
      throw sourceError(
        'file_type_unknown',
        `${show(name)} is not a .csv, .tsv, .txt, .json, .jsonl or .ndjson file${advice}`,
      )
    }
  }
}

/**
 * Phone numbers of a file, for `engine.suppression`. A `.csv`, `.tsv`, `.json`, `.jsonl` or `.ndjson` file has a column of them
 * (`phone`, unless `column` says otherwise); any other is text with one number a line. It is read as a stream, and again each time it is
 * asked for. See `numbers()` for what is skipped and which errors there are.
 */
export function numbersFile(path: FilePath, options: NumbersOptions = {}): AsyncIterable<readonly string[]> {
  const name = path instanceof URL ? fileURLToPath(path) : path
  const { encoding, limits } = options
  const reading = { ...(encoding !== undefined && { encoding }), ...(limits && { limits }) }
  if (!/\.(csv|tsv|json|jsonl|ndjson)$/i.test(name)) return numbers(() => bytesOf(path), options)
  return numberColumn(contactsFile(path, reading), options)
}

async function* bytesOf(path: FilePath): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk
  } catch (error) {
    const message = `The file cannot be read: ${(error as Error).message}`
    throw sourceError('file_unreadable', message, { path: String(path) }, { cause: error })
  }
}
