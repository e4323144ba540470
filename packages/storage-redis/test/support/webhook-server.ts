import { createServer } from 'node:http'
import { afterEach } from 'vitest'
import type { CarrierEvent, Engine } from '../../../outdial/src/index.js'

const servers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of servers.splice(0)) await close()
})

/** Listens for webhooks of routes named by the path; each is given to the engine that is chosen for it. */
export async function webhookServer(choose: (event: CarrierEvent) => Pick<Engine, 'webhook'>): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const route = request.url?.slice(1) ?? ''
    const status = await choose(JSON.parse(body))
      .webhook(route, { method: 'POST', url: `http://127.0.0.1/${route}`, headers, body })
      .then(
        () => 204,
        () => 503,
      )
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}
