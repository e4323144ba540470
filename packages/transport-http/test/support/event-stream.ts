/** One event of a stream, read. */
export interface Heard {
  id: string
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it knows to be there.
  data: any
}

/** An open stream of server-sent events, read one at a time. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #text = ''
  /** Comments so far. */
  comments = 0

  constructor(response: Response) {
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader()
  }

  /** The next event; `undefined` when the stream has ended. */
  async next(): Promise<Heard | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end < 0) {
        const { done, value } = await this.#reader.read()
        if (done) return undefined
        this.#text += this.#decoder.decode(value, { stream: true })
        continue
      }
      const block = this.#text.slice(0, end)
      this.#text = this.#text.slice(end + 2)
      if (block.startsWith(':')) this.comments++
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2))) as Record<
        string,
        string
      >
      if (fields.data !== undefined)
        return { id: fields.id ?? '', event: fields.event ?? '', data: JSON.parse(fields.data) as unknown }
    }
  }

  /** Events until one that is wanted, it included. */
  async until(wanted: (heard: Heard) => boolean): Promise<Heard[]> {
    const all: Heard[] = []
    for (;;) {
      const heard = await this.next()
      if (!heard) throw new Error(`The stream ended after ${all.length} events`)
      all.push(heard)
      if (wanted(heard)) return all
    }
  }

  close(): Promise<void> {
    return this.#reader.cancel()
  }
}
