import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookRequest } from '@outdial/core'

/** An engine's webhook address, which takes down what it is sent. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly requests: WebhookRequest[]
  /** Resolves when so many requests have come. */
  count(requests: number): Promise<void>
}

/** Listens on the loopback. `status` says how the nth request, from 0, is answered. */
export const receiver = async (status: (index: number) => number = () => 204): Promise<Receiver> => {
  const requests: WebhookRequest[] = []
  const waiting: { count: number; done: () => void }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    requests.push({ method: request.method ?? '', url: `${url}${request.url}`, headers, body })
    response.writeHead(status(requests.length - 1)).end()
    for (const { count, done } of waiting) if (requests.length >= count) done()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    requests,
    count: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve()
        else waiting.push({ count, done: resolve })
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
