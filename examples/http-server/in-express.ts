import type { AddressInfo } from 'node:net'
import type { HttpTransport } from '@outdial/transport-http'
import { nodeHandler } from '@outdial/transport-http/node'
import express from 'express'
import type { Listening } from './server.js'
import { PATH } from './telephony.js'

/** Express: mounted for everything, since Express would cut a path off, and before whatever reads bodies. */
export async function inExpress(transport: HttpTransport): Promise<Listening> {
  const app = express()
  const handler = nodeHandler(transport)
  app.use((request, response, next) => (request.path.startsWith(PATH) ? handler(request, response) : next()))
  app.use(express.json())
  app.get('/hello', (_, response) => void response.json({ from: 'the rest of the application' }))
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const starting = app.listen(0, '127.0.0.1', () => resolve(starting))
  })
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
