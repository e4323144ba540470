import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import type { HttpTransport } from '@outdial/transport-http'
import { Hono } from 'hono'
import type { Listening } from './server.js'
import { PATH } from './telephony.js'

/** Hono: a transport takes a `Request` and gives a `Response`, as Hono's handlers do. */
export async function inHono(transport: HttpTransport): Promise<Listening> {
  const app = new Hono()
  app.all(`${PATH}/*`, (context) => transport(context.req.raw))
  app.get('/hello', (context) => context.json({ from: 'the rest of the application' }))
  const server = await new Promise<ServerType>((resolve) => {
    const starting = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(starting))
  })
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
