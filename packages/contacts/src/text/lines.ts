import { joined } from './bytes.js'

const LF = 0x0a

/** A line without its line feed, or why it cannot be given. */
export interface TextLine {
  /** From 1. */
  line: number
  text: string
  fault?: 'too_long' | 'not_text'
}

/** Cuts UTF-8 at line feeds. Of a line beyond the limit nothing is kept, so that it costs no memory. */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<TextLine[], void, undefined> {
  const cutter = new LineCutter(maxBytes)
  for await (const chunk of chunks) yield cutter.cut(chunk)
  yield cutter.end()
}

class LineCutter {
  readonly #maxBytes: number
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  /** Parts of the line begun, and their size; parts are dropped once the size is beyond the limit. */
  #parts: Uint8Array[] = []
  #size = 0
  #line = 1

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  cut(chunk: Uint8Array): TextLine[] {
    const lines: TextLine[] = []
    let start = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#add(chunk.subarray(start, end))
      lines.push(this.#finish())
      start = end + 1
    }
    this.#add(chunk.subarray(start))
    return lines
  }

  end(): TextLine[] {
    return this.#size === 0 ? [] : [this.#finish()]
  }

  #add(part: Uint8Array): void {
    this.#size += part.length
    if (this.#size > this.#maxBytes) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  #finish(): TextLine {
    const line = this.#line++
    const parts = this.#parts
    const tooLong = this.#size > this.#maxBytes
    this.#parts = []
    this.#size = 0
    if (tooLong) return { line, text: '', fault: 'too_long' }
    try {
      const text = this.#decoder.decode(joined(parts))
      return { line, text }
    } catch {
      return { line, text: '', fault: 'not_text' }
    }
  }
}
