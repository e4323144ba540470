import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { nodeHandler } from '../../src/node.js'
import { CALLER_IDS, people } from '../support/people.js'
import { KEYS, World } from '../support/world.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const opened = async (basePath?: string) => {
  const world = await World.open({ dialects: [native()], transport: { ...(basePath && { basePath }) } })
  closing.push(() => world.close())
  return world
}

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const served = (listener: RequestListener) => listening(createServer(listener))

/** Creates a campaign, and gets it where the answer says that it is. */
async function story(base: string): Promise<void> {
  const headers = { authorization: `Bearer ${KEYS.acme.key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'Reminders', from: CALLER_IDS[0], contacts: people(2000) })
  const made = await fetch(`${base}/v1/call-jobs`, { method: 'POST', headers, body })
  expect(made.status).toBe(201)
  const location = made.headers.get('location') as string
  expect(location.startsWith(base)).toBe(true)
  const got = await fetch(location, { headers })
  expect(await got.json()).toMatchObject({ state: 'draft', tasks: { total: 2000 } })
  expect((await fetch(`${base}/v1/nothing`, { headers })).status).toBe(404)
}

describe('the transport in', () => {
  it('Node’s own server', async () => {
    const { transport } = await opened()
    const handler = nodeHandler(transport)
    await story(await served((request, response) => void handler(request, response)))
  })

  it('Express, for everything and below a path', async () => {
    const { transport } = await opened('/telephony')
    const app = express()
    // Express cuts the path of what is mounted below one off; mounted for everything, it stays whole.
    app.use(nodeHandler(transport))
    await story(`${await served(app)}/telephony`)
  })

  it('Fastify', async () => {
    const { transport } = await opened('/telephony')
    const app = fastify()
    const handler = nodeHandler(transport)
    await app.register(async (scope) => {
      // The transport reads bodies itself, within its limits.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.all('/telephony/*', async (request, reply) => {
        reply.hijack()
        await handler(request.raw, reply.raw)
      })
    })
    await app.ready()
    closing.push(() => app.close())
    await story(`${await app.listen({ port: 0, host: '127.0.0.1' })}/telephony`)
  })

  it('Hono', async () => {
    const { transport } = await opened('/telephony')
    const app = new Hono()
    app.all('/telephony/*', (context) => transport(context.req.raw))
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false })
    await story(`${await served((request, response) => void listener(request, response))}/telephony`)
  })
})
