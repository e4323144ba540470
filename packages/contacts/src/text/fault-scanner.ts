/** Bytes that no text has: NULs, or bytes that are not UTF-8. */
export interface TextFault {
  readonly kind: 'nul_byte' | 'invalid_utf8'
  /** Offset of the first byte from the beginning of the text. */
  readonly start: number
  /** Offset behind the last byte. */
  end: number
}

/**
 * Finds the faults of a UTF-8 text that arrives in chunks cut anywhere, and gives them out again by range, so that
 * exactly the rows that contain them are rejected. (A decoder would turn them into U+FFFD, which a text may well contain.)
 */
export class FaultScanner {
  readonly #faults: TextFault[] = []
  /** Offset of the next byte to come. */
  #at = 0
  /** Continuation bytes that the character begun still needs, where it began, and the range its next byte must be in. */
  #needed = 0
  #began = 0
  #lower = 0x80
  #upper = 0xbf

  scan(chunk: Uint8Array): void {
    const base = this.#at
    const { length } = chunk
    for (let i = 0; i < length; i++) {
      const byte = chunk[i]!
      if (byte > 0 && byte < 0x80 && this.#needed === 0) continue
      this.#step(byte, base + i)
    }
    this.#at = base + length
  }

  /** Says that no more comes: a character that was begun is a fault. */
  end(): void {
    if (this.#needed > 0) this.#add('invalid_utf8', this.#began, this.#at)
    this.#needed = 0
  }

  /** The faults that begin before this offset; they are forgotten. */
  take(before: number): TextFault[] {
    const count = this.#faults.findIndex((fault) => fault.start >= before)
    return this.#faults.splice(0, count === -1 ? this.#faults.length : count)
  }

  /** Whether no fault begins before this offset. */
  clean(before: number): boolean {
    const first = this.#faults[0]
    return first === undefined || first.start >= before
  }

  #step(byte: number, at: number): void {
    if (this.#needed > 0) {
      if (byte >= this.#lower && byte <= this.#upper) {
        this.#needed--
        this.#expect(0x80, 0xbf)
        return
      }
      this.#add('invalid_utf8', this.#began, at)
      this.#needed = 0
      this.#expect(0x80, 0xbf)
    }
    this.#begin(byte, at)
  }

  #begin(byte: number, at: number): void {
    this.#began = at
    if (byte === 0) this.#add('nul_byte', at, at + 1)
    else if (byte < 0x80) return
    else if (byte >= 0xc2 && byte <= 0xdf) this.#needed = 1
    else if (byte >= 0xe0 && byte <= 0xef) this.#needed = 2
    else if (byte >= 0xf0 && byte <= 0xf4) this.#needed = 3
    else this.#add('invalid_utf8', at, at + 1)
    // Overlong forms, surrogates and code points beyond U+10FFFF are excluded by the second byte.
    if (byte === 0xe0) this.#expect(0xa0, 0xbf)
    else if (byte === 0xed) this.#expect(0x80, 0x9f)
    else if (byte === 0xf0) this.#expect(0x90, 0xbf)
    else if (byte === 0xf4) this.#expect(0x80, 0x8f)
  }

  #expect(lower: number, upper: number): void {
    this.#lower = lower
    this.#upper = upper
  }

  #add(kind: TextFault['kind'], start: number, end: number): void {
    const last = this.#faults.at(-1)
    if (last?.kind === kind && last.end === start) last.end = end
    else this.#faults.push({ kind, start, end })
  }
}
