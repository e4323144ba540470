const LF = 0x0a
const CR = 0x0d

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The last bytes of a text that arrives in chunks: those of the row being read, to look at it as it was written. */
export class RawWindow {
  #chunks: Uint8Array[] = []
  /** Offset of the first byte of the first chunk. */
  #start = 0
  #end = 0

  /** Offset behind the last byte. */
  get end(): number {
    return this.#end
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#end += chunk.length
  }

  /** Lets go of the chunks that end before this offset. */
  drop(before: number): void {
    let first = this.#chunks[0]
    while (first !== undefined && this.#start + first.length <= before) {
      this.#start += first.length
      this.#chunks.shift()
      first = this.#chunks[0]
    }
  }

  /** The text from one offset to another, without the line breaks before it. */
  text(from: number, to: number): string {
    const start = this.skipBreaks(from, to)
    const bytes = new Uint8Array(to - start)
    let at = this.#start
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(Math.max(0, start - at), Math.max(0, to - at))
      if (part.length > 0) bytes.set(part, Math.max(0, at - start))
      at += chunk.length
    }
    return decoder.decode(bytes)
  }

  /** The first offset in a range that is not a line break; the end of the range when there is none. */
  skipBreaks(from: number, to: number): number {
    let at = this.#start
    for (const chunk of this.#chunks) {
      for (let i = Math.max(0, from - at); i < chunk.length && at + i < to; i++) {
        if (chunk[i] !== LF && chunk[i] !== CR) return at + i
      }
      at += chunk.length
    }
    return to
  }
}
