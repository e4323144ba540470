import diagnostics from 'node:diagnostics_channel'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request that was read to its end. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What is answered: nothing at all, a reset, or an answer. */
export type Told =
  | 'silence'
  | 'reset'
  | { readonly code: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }

/** Published by undici. */
const CONNECT_ERROR = 'undici:client:connectError'
const SEND_HEADERS = 'undici:client:sendHeaders'

/** Somebody on the way gives up a connection on which nothing is said for so long, in milliseconds. */
const PATIENCE = 500

/** An HTTP server on this machine, of which connections can be cut at any point. */
export class LoopbackService {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #now: () => number
  #closed = false
  #port = 0

  /** `now` is what its answers say of the time. */
  constructor(answer: (asked: Asked) => Told | Promise<Told>, now: () => number = Date.now) {
    this.#now = now
    this.#server = createServer((request, response) => {
      void this.#handle(request, response, answer)
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async listen(): Promise<void> {
    await this.#open()
    this.#port = (this.#server.address() as { port: number }).port
  }

  /** Ends all connections, and refuses the next one. */
  refuse(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    // Nobody who does not listen knows that he was called; but who has called tells. So does who has written to a
    // connection of which it was not known yet that it had ended.
    const refused = (message: unknown) => {
      const { connectParams } = message as { connectParams: { port: string } }
      if (Number(connectParams.port) === this.#port) over()
    }
    const wasted = (message: unknown) => {
      const { socket } = message as { socket: Socket }
      if (socket.remotePort === undefined || socket.remotePort === this.#port) over()
    }
    const over = () => {
      diagnostics.unsubscribe(CONNECT_ERROR, refused)
      diagnostics.unsubscribe(SEND_HEADERS, wasted)
      if (!this.#closed) void this.#open()
    }
    diagnostics.subscribe(CONNECT_ERROR, refused)
    diagnostics.subscribe(SEND_HEADERS, wasted)
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #open(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
    answer: (asked: Asked) => Told | Promise<Told>,
  ): Promise<void> {
    let body = ''
    try {
      for await (const chunk of request.setEncoding('utf8')) body += chunk
    } catch {
      return
    }
    const url = new URL(request.url ?? '/', this.url)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const told = await answer({
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers,
      body,
    })
    if (this.#closed) return
    if (told === 'silence') return void setTimeout(() => request.socket.destroy(), PATIENCE).unref()
    if (told === 'reset') return void request.socket.resetAndDestroy()
    const { code, body: said, headers: more = {} } = told
    const text = typeof said === 'string' ? said : said === undefined ? '' : JSON.stringify(said)
    response
      .writeHead(code, { 'content-type': 'application/json', date: new Date(this.#now()).toUTCString(), ...more })
      .end(text)
  }
}
