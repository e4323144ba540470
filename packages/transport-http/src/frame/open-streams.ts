import { streamOf } from './answers.js'
import { RequestFailed } from './failure.js'
import type { HttpLimits } from './limits.js'

/** Long answers that are being written, and how many there may be. */
export class OpenStreams {
  readonly #limits: HttpLimits
  readonly #byOrganization: Map<string, number> = new Map()
  readonly #ends: Set<AbortController> = new Set()

  constructor(limits: HttpLimits) {
    this.#limits = limits
  }

  /** How many are open. */
  get size(): number {
    return this.#ends.size
  }

  /** An answer that is written while `make`'s pieces come. It ends when they do, when the client goes, or by {@link end}. */
  open(
    organization: string,
    client: AbortSignal,
    contentType: string,
    make: (signal: AbortSignal) => AsyncIterable<string>,
  ): Response {
    const own = this.#byOrganization.get(organization) ?? 0
    if (own >= this.#limits.streams) throw full(this.#limits.streams)
    if (this.#ends.size >= this.#limits.allStreams) throw full(this.#limits.allStreams)
    const end = new AbortController()
    const gone = () => end.abort()
    client.addEventListener('abort', gone)
    this.#byOrganization.set(organization, own + 1)
    this.#ends.add(end)
    const close = () => {
      client.removeEventListener('abort', gone)
      end.abort()
      if (!this.#ends.delete(end)) return
      const left = (this.#byOrganization.get(organization) ?? 1) - 1
      if (left === 0) this.#byOrganization.delete(organization)
      else this.#byOrganization.set(organization, left)
    }
    const headers = { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
    return new Response(closing(streamOf(make(end.signal)), close), { status: 200, headers })
  }

  /** Ends all of them: the server is about to stop. */
  end(): void {
    for (const end of this.#ends) end.abort()
  }
}

function full(limit: number): RequestFailed {
  return new RequestFailed({ kind: 'too_many_streams', limit })
}

/** The same stream, and `close` called once when it is over in whatever way. */
function closing(stream: ReadableStream<Uint8Array>, close: () => void): ReadableStream<Uint8Array> {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (value !== undefined) controller.enqueue(value)
        if (!done) return
        close()
        controller.close()
      } catch (error) {
        close()
        throw error
      }
    },
    async cancel(reason) {
      // First the signal, so that whoever waits for the next piece wakes up and can be ended.
      close()
      await reader.cancel(reason)
    },
  })
}
