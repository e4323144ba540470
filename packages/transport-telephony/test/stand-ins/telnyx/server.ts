import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Answer } from './answers.js'

/** A request that was read to its end. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** `undefined` without one. */
  readonly body: Readonly<Record<string, unknown>> | undefined
}

/** What becomes of a request: an answer, none at all, a reset, or bytes that are no answer of the service. */
export type Fate = Answer | 'silence' | 'reset' | { readonly raw: string }

/** A loopback HTTP server whose time is given. */
export class LoopbackServer {
  readonly #server: Server
  readonly #sockets: Set<Socket> = new Set()
  readonly #now: () => number
  #refusing = 0

  constructor(now: () => number, handle: (asked: Asked) => Fate | Promise<Fate>) {
    this.#now = now
    this.#server = createServer((request, response) => {
      void this.#serve(request, response, handle)
    })
    this.#server.keepAliveTimeout = 60_000
    this.#server.on('connection', (socket) => {
      if (this.#refusing > 0) {
        this.#refusing--
        socket.resetAndDestroy()
        return
      }
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => {})
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Resets the connections that stand, and the next one that is made. */
  refuseNext(): void {
    this.#refusing++
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    handle: (asked: Asked) => Fate | Promise<Fate>,
  ): Promise<void> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return // Whoever asked has gone.
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback')
    const text = Buffer.concat(chunks).toString('utf8')
    const fate = await handle({
      method: request.method ?? 'GET',
      path: decodeURIComponent(pathname),
      query: searchParams,
      headers: request.headers,
      body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>),
    })
    if (fate === 'silence') return
    if (fate === 'reset') return void request.socket.resetAndDestroy()
    response.setHeader('date', new Date(this.#now()).toUTCString())
    if ('raw' in fate) return void response.writeHead(200, { 'content-type': 'text/html' }).end(fate.raw)
    response
      .writeHead(fate.code, { 'content-type': 'application/json', ...fate.headers })
      .end(JSON.stringify(fate.body))
  }
}
