import { type Limits, limitsWith } from '../limits.js'
import { optionError } from '../problems.js'

/** How a CSV text is to be read. */
export interface CsvOptions {
  /** Default: comma, semicolon or tab, whichever is most frequent in the header. Any one ASCII character can be given. */
  delimiter?: string
  /** `false`: `"` is a character like any other, as in some tab-separated files. Default `true`. */
  quotes?: boolean
  /**
   * Label of the encoding, e.g. `windows-1252` for what older Excel writes. A byte order mark in the file is stronger.
   * Default: UTF-8, or UTF-16 where the bytes show it.
   */
  encoding?: string
  /** See {@link Limits}. */
  limits?: Partial<Limits>
}

/** Options checked and completed. @internal */
export interface CsvSettings {
  delimiter: string | undefined
  quotes: boolean
  encoding: string | undefined
  limits: Limits
}

/** Checks and completes the options. @internal */
export function csvSettings(options: CsvOptions): CsvSettings {
  const { delimiter, quotes = true, encoding } = options
  if (delimiter !== undefined && !isDelimiter(delimiter)) {
    throw optionError('delimiter', 'The delimiter must be one ASCII character, not a quote or line break')
  }
  return { delimiter, quotes, encoding, limits: limitsWith(options.limits) }
}

function isDelimiter(text: string): boolean {
  return text.length === 1 && text > '\0' && text < '\x80' && !'"\r\n'.includes(text)
}
