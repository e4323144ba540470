import { createServer, type Server } from 'node:http'
import { type Engine, isOutdialError } from 'outdial'

/** Takes the carrier's webhooks for an engine: 2xx only once an event is stored, so that it is sent again otherwise. */
export async function webhookServer(port: number, engine: Pick<Engine, 'webhook'>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const url = `http://127.0.0.1:${port}${request.url}`
    const status = await engine.webhook('sim', { method: 'POST', url, headers, body }).then(
      () => 204,
      (error: unknown) => (isOutdialError(error, 'webhook_forged') ? 401 : 503),
    )
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  return server
}
