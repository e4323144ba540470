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
 * (comma when none does), and whether lines end as on an old Mac. `undefined`: the line is not complete yet.
 */
export function detectDialect(head: Uint8Array, quotes: boolean, complete: boolean): CsvDialect | undefined {
  const counts = new Map<number, number>(DELIMITERS.map((delimiter) => [delimiter.charCodeAt(0), 0]))
  let quoted = false
  let blank = true
  for (let at = 0; at < head.length; at++) {
    const byte = head[at]!
    if (quotes && byte === QUOTE) quoted = !quoted
    if (quoted) continue
    if (byte === LF || byte === CR) {
      if (blank) continue
      if (byte === CR && at + 1 === head.length && !complete) return undefined
      return { delimiter: most(counts), newlines: newlines(byte === CR && head[at + 1] !== LF) }
    }
    if (byte !== SPACE) blank = false
    const count = counts.get(byte)
    if (count !== undefined) counts.set(byte, count + 1)
  }
  return complete ? { delimiter: most(counts), newlines: newlines(false) } : undefined
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
