import { optionError, sourceError } from '../problems.js'

/**
 * Text from anywhere: a string, its bytes, a stream of either, or a function that opens one. Strings, bytes and
 * functions can be read again; a stream only once.
 */
export type TextInput = string | Uint8Array | TextStream | (() => TextInput)

/** Pieces of text or bytes that arrive over time, cut anywhere. */
export type TextStream = AsyncIterable<string | Uint8Array> | WebStream

/** The part of a web `ReadableStream` that is needed to read it. */
export interface WebStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: string | Uint8Array | undefined }>
    cancel(reason?: unknown): Promise<void>
  }
}

/** Bytes or characters of a piece. Small enough that rows flow, large enough that a piece costs nothing. */
const PIECE = 65_536

/** Makes a stream refuse a second reading, instead of being empty the second time. @internal */
export function readOnce(input: TextInput): () => TextInput {
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) return () => input
  let read = false
  return () => {
    if (read) throw sourceError('source_consumed', 'This stream of contacts has already been read')
    read = true
    return input
  }
}

/** The input in pieces of bounded size. @internal */
export async function* pieces(input: TextInput): AsyncGenerator<string | Uint8Array, void, undefined> {
  if (typeof input === 'function') {
    yield* pieces(input())
  } else if (typeof input === 'string' || input instanceof Uint8Array) {
    yield* cut(input)
  } else if (isObject(input) && Symbol.asyncIterator in input) {
    for await (const piece of input) yield* cut(piece)
  } else if (isObject(input) && 'getReader' in input) {
    for await (const piece of fromWeb(input)) yield* cut(piece)
  } else {
    throw optionError('source', 'The source must be text, bytes, a stream of either, or a function that opens one')
  }
}

function* cut(piece: string | Uint8Array): Generator<string | Uint8Array, void, undefined> {
  if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) {
    throw optionError('source', 'The stream must give strings or Uint8Arrays')
  }
  for (let at = 0; at < piece.length; at += PIECE) {
    yield typeof piece === 'string' ? piece.slice(at, at + PIECE) : piece.subarray(at, at + PIECE)
  }
}

async function* fromWeb(stream: WebStream): AsyncGenerator<string | Uint8Array, void, undefined> {
  const reader = stream.getReader()
  let finished = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      finished = done
      if (done) return
      if (value !== undefined) yield value
    }
  } finally {
    if (!finished) await reader.cancel().catch(() => {})
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
