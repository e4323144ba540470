import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { HttpTransport } from './options.js'

/** What Node's `http.createServer`, Express's `app.use` and the raw request and reply of Fastify take. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * A transport as a listener of Node's own server. Mount it before whatever reads bodies (`express.json()`): it reads them
 * itself, within its limits.
 */
export function nodeHandler(transport: HttpTransport): NodeHandler {
  return getRequestListener(transport, { overrideGlobalObjects: false })
}
