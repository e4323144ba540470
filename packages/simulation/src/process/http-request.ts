import { type Agent, request } from 'node:http'

/** What came of a request: an answer, the certainty that nothing was written, or neither. */
export type Exchange = { status: number; body: string } | 'notSent' | 'unknown'

/** One request to the carrier's process. */
export interface Ask {
  method: 'GET' | 'POST'
  url: URL
  body?: string
  /** Milliseconds until an answer is no longer waited for. */
  timeout: number
  /** Asked when a connection stands, right before the first byte is written. Default: yes. */
  startable?: () => boolean
}

/**
 * Sends a request so that it is known whether any of it can have left: nothing is written before a connection stands
 * and `startable` was asked, and after that everything is written in the same turn.
 */
export function exchange(agent: Agent, { method, url, body, timeout, startable }: Ask): Promise<Exchange> {
  return new Promise((resolve) => {
    let written = false
    let answering = false
    const failed = (): void => resolve(written ? 'unknown' : 'notSent')
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const asked = request(url, { method, agent, headers })
    const timer = setTimeout(() => asked.destroy(), timeout)
    const write = (): void => {
      if (startable && !startable()) {
        asked.destroy()
        return
      }
      written = true
      asked.end(body)
    }
    asked
      .on('socket', (socket) => {
        if (socket.connecting) socket.once('connect', write)
        else write()
      })
      .on('response', (response) => {
        answering = true
        read(response)
          .then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), failed)
          .finally(() => clearTimeout(timer))
      })
      .on('error', failed)
      .on('close', () => {
        if (answering) return
        clearTimeout(timer)
        failed()
      })
  })
}

async function read(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
