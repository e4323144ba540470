import type { HttpTransport } from '@outdial/transport-http'
import { nodeHandler } from '@outdial/transport-http/node'
import fastify from 'fastify'
import type { Listening } from './server.js'
import { PATH } from './telephony.js'

/** Fastify: in a scope that reads no bodies, because the transport reads them itself, within its limits. */
export async function inFastify(transport: HttpTransport): Promise<Listening> {
  const app = fastify({ forceCloseConnections: true })
  const handler = nodeHandler(transport)
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.all(`${PATH}/*`, async (request, reply) => {
      reply.hijack()
      await handler(request.raw, reply.raw)
    })
  })
  app.get('/hello', () => ({ from: 'the rest of the application' }))
  return { base: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
}
