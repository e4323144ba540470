/** What follows a delimiter and belongs to it: a line end, or the two hyphens of the last one. */
const AFTER = 2

/**
 * Cuts a form into pieces that never end within a delimiter, or within the two bytes after it. The parser needs those in
 * one piece, and networks cut anywhere.
 */
export class WholeDelimiters {
  readonly #delimiter: Uint8Array
  /** The beginning of what may be a delimiter; the first one of a form has no line before it. */
  #held: Uint8Array = Uint8Array.of(13, 10)

  constructor(contentType: string) {
    const [, quoted, plain = ''] = /;\s*boundary=(?:"([^"]*)"|([^\s;]*))/i.exec(contentType) ?? []
    this.#delimiter = new TextEncoder().encode(`\r\n--${quoted ?? plain}`)
  }

  /** What is certain after one more piece: what was held before, and the piece but for its end, perhaps. */
  complete(piece: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.#held.length + piece.length)
    bytes.set(this.#held)
    bytes.set(piece, this.#held.length)
    const certain = this.#certain(bytes)
    this.#held = bytes.subarray(certain)
    return bytes.subarray(0, certain)
  }

  /** How many bytes stand before a delimiter that is not there as a whole. */
  #certain(bytes: Uint8Array): number {
    const { length } = bytes
    for (let at = Math.max(0, length - this.#delimiter.length - AFTER + 1); at < length; at++) {
      if (this.#begins(bytes, at)) return at
    }
    return length
  }

  #begins(bytes: Uint8Array, from: number): boolean {
    const most = Math.min(bytes.length - from, this.#delimiter.length)
    for (let i = 0; i < most; i++) if (bytes[from + i] !== this.#delimiter[i]) return false
    return true
  }
}
