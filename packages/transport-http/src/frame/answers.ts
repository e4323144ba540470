/** An answer of JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

/** An answer without a body. */
export function empty(status = 204, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status, headers })
}

/** An answer of text that is written while it is read: a results file. A client that goes away ends the reading. */
export function textStream(
  contentType: string,
  pieces: AsyncIterable<string>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(streamOf(pieces), { status: 200, headers: { 'content-type': contentType, ...headers } })
}

/** Pieces of text as a stream of bytes that asks for the next one only when it is wanted. */
export function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}

/** As a name in `Content-Disposition`: letters, digits, `-`, `_` and `.` only. */
export function attachment(name: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"` }
}
