import { sourceError } from '../problems.js'
import { joined } from './bytes.js'
import { Utf8Encoder } from './encode.js'
import { encodingOfMark, guessEncoding, type Transcoder, transcoder } from './encoding.js'
import { pieces, type TextInput } from './input.js'

/** How the bytes of a text are to be read. */
export interface TextOptions {
  /** Label of the encoding; a byte order mark in the file is stronger. Absent: UTF-8, or UTF-16 where it shows. */
  encoding?: string | undefined
  /** Bytes, counted as UTF-8, after which `file_too_large` is thrown; all that came before has been given out. */
  maxBytes: number
}

/**
 * The text as UTF-8 bytes, whatever it was, in pieces of bounded size and without byte order mark. Characters that are
 * none stay bytes that are not UTF-8: {@link FaultScanner} finds them.
 */
export async function* utf8Chunks(input: TextInput, options: TextOptions): AsyncGenerator<Uint8Array, void, undefined> {
  yield* limited(withoutMark(transcoded(withHead(pieces(input)), options.encoding)), options.maxBytes)
}

async function* limited(
  input: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = maxBytes
  for await (const chunk of input) {
    if (chunk.length > left) {
      yield chunk.subarray(0, left)
      throw sourceError('file_too_large', `The source is larger than ${maxBytes} bytes`, { limit: maxBytes })
    }
    left -= chunk.length
    yield chunk
  }
}

const HEAD = 4

/** Joins the first pieces until the bytes by which a file is known are in one. */
async function* withHead<Piece extends string | Uint8Array>(
  input: AsyncIterable<Piece>,
): AsyncGenerator<Piece | Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  for await (const piece of input) {
    if (head === undefined || typeof piece === 'string') {
      if (head !== undefined && head.length > 0) yield head
      head = undefined
      yield piece
      continue
    }
    const start = joined([head, piece])
    head = start.length < HEAD ? start : undefined
    if (head === undefined) yield start
  }
  if (head !== undefined && head.length > 0) yield head
}

async function* transcoded(
  input: AsyncIterable<string | Uint8Array>,
  encoding: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const text = new Utf8Encoder()
  let bytes: Transcoder | undefined
  for await (const piece of input) {
    if (typeof piece === 'string') {
      yield text.encode(piece)
      continue
    }
    if (bytes === undefined) {
      refuseBinary(piece)
      bytes = transcoder(encodingOfMark(piece) ?? encoding ?? guessEncoding(piece))
    }
    yield bytes.decode(piece)
  }
  if (bytes !== undefined) yield bytes.end()
  yield text.end()
}

async function* withoutMark(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let first = true
  for await (const chunk of withHead(input)) {
    const marked = first && encodingOfMark(chunk) === 'utf-8'
    first = false
    if (chunk.length > 0) yield marked ? chunk.subarray(3) : chunk
  }
}

const BINARY: readonly [start: string, what: string][] = [
  ['PK\x03\x04', 'an Excel workbook or ZIP archive; save the sheet as CSV UTF-8'],
  ['\xd0\xcf\x11\xe0', 'an old Excel workbook; save the sheet as CSV UTF-8'],
  ['%PDF', 'a PDF document'],
  ['\x1f\x8b', 'compressed by gzip; unpack it first'],
]

function refuseBinary(head: Uint8Array): void {
  const start = String.fromCharCode(...head.subarray(0, HEAD))
  const found = BINARY.find(([magic]) => start.startsWith(magic))
  if (found !== undefined) throw sourceError('file_not_text', `The source is not text: it is ${found[1]}`)
}
