/** What the beginning of a CSV file says about the rest of it. */
export interface CsvDialect {
  delimiter: string
  /** What ends a row. */
  newlines: string[]
}

const QUOTE = 0x22
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const DELIMITERS: readonly string[] = [',', ';', '\t']

/**
 * Reads the dialect off the header line, the first that is not blank: the delimiter that occurs most outside quotes
 * (comma when none does), and whether lines end as on an old Mac.
 *
 * Every byte is looked at once, as it comes: what has been told after so many bytes does not depend on how they were
 * cut, and neither does what is found wrong with the header of a file that is then too large.
 */
export class DialectDetector {
  readonly #quotes: boolean
  readonly #counts = new Map<number, number>(DELIMITERS.map((delimiter) => [delimiter.charCodeAt(0), 0]))
  #quoted = false
  #blank = true
  /** The line ended with a carriage return: what follows tells whether that was all of its end. */
  #returned = false

  constructor(quotes: boolean) {
    this.#quotes = quotes
  }

  /** Takes the next bytes; `undefined` while the line is not complete. */
  scan(chunk: Uint8Array): CsvDialect | undefined {
    for (const byte of chunk) {
      if (this.#returned) return this.#dialect(byte !== LF)
      if (this.#quotes && byte === QUOTE) this.#quoted = !this.#quoted
      if (this.#quoted) continue
      if (byte === LF || byte === CR) {
        if (this.#blank) continue
        if (byte === LF) return this.#dialect(false)
        this.#returned = true
        continue
      }
      if (byte !== SPACE) this.#blank = false
      const count = this.#counts.get(byte)
      if (count !== undefined) this.#counts.set(byte, count + 1)
    }
    return undefined
  }

  /** The dialect when no more bytes are to be looked at. */
  end(): CsvDialect {
    return this.#dialect(this.#returned)
  }

  #dialect(oldMac: boolean): CsvDialect {
    return { delimiter: most(this.#counts), newlines: newlines(oldMac) }
  }
}

function most(counts: ReadonlyMap<number, number>): string {
  return DELIMITERS.reduce((best, next) =>
    (counts.get(next.charCodeAt(0)) ?? 0) > (counts.get(best.charCodeAt(0)) ?? 0) ? next : best,
  )
}

/** Both of today's, since files are joined from parts; a carriage return alone only where it is the way of the file. */
function newlines(oldMac: boolean): string[] {
  return oldMac ? ['\r\n', '\n', '\r'] : ['\r\n', '\n']
}
