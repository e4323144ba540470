import type { Clock } from '@outdial/core'
import type * as z from 'zod'
import { RequestFailed } from './failure.js'
import { isJson, readJson } from './json-body.js'
import type { HttpLimits } from './limits.js'
import { parsed } from './parse.js'

/** The body of one request. It is read once, within limits of size and time, as text, JSON or a stream. */
export class Body {
  /** Without its parameters, in lower case: `text/csv`; empty when there is none. */
  readonly type: string
  readonly contentType: string
  readonly #request: Request
  readonly #clock: Clock
  readonly #limits: HttpLimits
  readonly #max: number
  #text: Promise<string> | undefined

  constructor(request: Request, clock: Clock, limits: HttpLimits, max: number) {
    this.#request = request
    this.#clock = clock
    this.#limits = limits
    this.#max = max
    this.contentType = request.headers.get('content-type') ?? ''
    this.type = (this.contentType.split(';')[0] as string).trim().toLowerCase()
  }

  /** The body in pieces, as they come. Above the size or the time: `too_large`, `too_slow`, in the middle of it. */
  stream(time: number = this.#limits.uploadTime): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#pieces(time)
  }

  /** All of it as text; bytes that are not UTF-8 are `malformed`. */
  text(): Promise<string> {
    this.#text ??= this.#readText()
    return this.#text
  }

  /** JSON that fits a schema. An empty body reads as `undefined`. */
  async json<T>(schema: z.ZodType<T>): Promise<T> {
    const text = await this.text()
    if (text.trim() === '') return parsed(schema, undefined, 'body')
    if (!isJson(this.contentType))
      throw new RequestFailed({ kind: 'unsupported_media_type', expected: ['application/json'] })
    const read = readJson(text, this.#limits.depth)
    if ('problem' in read) throw new RequestFailed({ kind: 'malformed', problem: read.problem })
    return parsed(schema, read.value, 'body')
  }

  async #readText(): Promise<string> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.#pieces(this.#limits.bodyTime)) pieces.push(piece)
    try {
      // At once: a decoder of streams takes several times as long, and makes texts of twice the size.
      return new TextDecoder('utf-8', { fatal: true }).decode(joined(pieces))
    } catch (error) {
      if (error instanceof TypeError) throw new RequestFailed({ kind: 'malformed', problem: 'The body is not UTF-8.' })
      throw error
    }
  }

  async *#pieces(time: number): AsyncGenerator<Uint8Array, void, undefined> {
    const tooLarge = () => new RequestFailed({ kind: 'too_large', what: 'body', limit: this.#max })
    // Said beforehand, it need not be read to be refused.
    if (Number(this.#request.headers.get('content-length') ?? 0) > this.#max) throw tooLarge()
    if (!this.#request.body) return
    const reader = this.#request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>
    const end = this.#clock.monotonic() + time
    let size = 0
    let finished = false
    try {
      for (;;) {
        const left = Math.min(this.#limits.bodyIdle, end - this.#clock.monotonic())
        const { done, value } = await this.#within(left, read(reader))
        finished = done
        if (value === undefined) return
        size += value.byteLength
        if (size > this.#max) throw tooLarge()
        yield value
      }
    } finally {
      if (!finished) void reader.cancel().catch(() => {})
    }
  }

  async #within<T>(ms: number, reading: Promise<T>): Promise<T> {
    let timer: object | undefined
    const late = new Promise<never>((_, reject) => {
      if (ms === Number.POSITIVE_INFINITY) return
      timer = this.#clock.setTimeout(() => reject(new RequestFailed({ kind: 'too_slow' })), ms)
    })
    try {
      return await Promise.race([reading, late])
    } finally {
      if (timer) this.#clock.clearTimeout(timer)
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const bytes = new Uint8Array(pieces.reduce((size, { byteLength }) => size + byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.byteLength
  }
  return bytes
}

/** The next piece. A connection that breaks is no defect of ours: it reads as a body that cannot be understood. */
async function read(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read()
  } catch {
    throw new RequestFailed({ kind: 'malformed', problem: 'The body broke off.' })
  }
}
