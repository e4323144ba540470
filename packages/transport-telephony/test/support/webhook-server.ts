import { createServer } from 'node:http'
import type { WebhookRequest } from 'outdial'

/** Where a service delivers its webhooks, on this machine. */
export interface WebhookServer {
  readonly url: string
  close(): Promise<void>
}

/** Hands each request over: 204 when it was taken, 503 when it was not, so that it comes again. */
export async function webhookServer(take: (request: WebhookRequest) => Promise<unknown>): Promise<WebhookServer> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    // As a proxy has it: another host, another scheme.
    const taken = take({ method: request.method ?? '', url: `http://inside.local${request.url}`, headers, body })
    const code = await taken.then(
      () => 204,
      () => 503,
    )
    response.writeHead(code).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
