import { Pool } from 'undici'
import type { Deadlines, Reply, WireRequest } from './reply.js'

/** How a service is reached. */
export interface WireOptions extends Deadlines {
  /** Connections at most; further requests wait for one that is free. Default 32. */
  readonly connections?: number
}

/** Much more than any service has to say about a call. */
const MOST_BYTES = 4 * 1024 * 1024

/** Beyond it a timer ends at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Requests to one service over connections that are kept alive. Nothing is ever sent a second time by itself: whether a
 * repeat is harmless is known only to whoever asked.
 */
export class Wire {
  readonly #pool: Pool
  readonly #timeout: number

  /** `origin`: scheme, host and port. */
  constructor(origin: string, { connections = 32, timeout = 10_000, connectTimeout = 5_000 }: WireOptions = {}) {
    this.#timeout = timeout
    this.#pool = new Pool(origin, { connections, pipelining: 1, connect: { timeout: connectTimeout } })
  }

  /** Never rejects. See {@link Reply} for what may be concluded from each answer. */
  request({ method, path, headers = {}, body, startable, timeout = this.#timeout }: WireRequest): Promise<Reply> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let size = 0
      let abort: ((reason: Error) => void) | undefined
      let over = false
      let answer = { code: 0, headers: {} as Record<string, string> }
      const end = (reply: Reply) => {
        if (over) return
        over = true
        clearTimeout(timer)
        resolve(reply)
      }
      const fail = (message: string) => end({ status: abort ? 'unknown' : 'notSent', message })
      const timer = setTimeout(
        () => {
          fail(`no answer within ${timeout} ms`)
          abort?.(new Error('too late'))
        },
        Math.min(timeout, LONGEST_TIMER),
      )
      const full = { method, path, headers, body: body ?? null, headersTimeout: 0, bodyTimeout: 0 }
      try {
        this.#pool.dispatch(full, {
          // The connection stands, and the next thing that happens is the write.
          onRequestStart(controller) {
            const refuse = (message: string) => {
              fail(message)
              controller.abort(new Error(message))
            }
            if (over) return refuse('too late')
            if (abort) return refuse('the connection was lost while the request was written')
            if (startable && !startable()) return refuse('too late to start')
            abort = (reason) => controller.abort(reason)
          },
          onResponseStart(_, code, received) {
            if (code >= 200) answer = { code, headers: single(received) }
          },
          onResponseData(controller, chunk) {
            chunks.push(chunk)
            size += chunk.length
            if (size > MOST_BYTES) controller.abort(new Error(`an answer of more than ${MOST_BYTES} bytes`))
          },
          onResponseEnd() {
            end({ status: 'answered', ...answer, body: Buffer.concat(chunks).toString('utf8') })
          },
          onResponseError(_, error) {
            fail(error.message)
          },
        })
      } catch (error) {
        fail(String(error))
      }
    })
  }

  /** Ends idle connections, and those under way when they have been answered. */
  close(): Promise<void> {
    return this.#pool.close()
  }
}

/** What comes several times is joined, as HTTP says. */
function single(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
