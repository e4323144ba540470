import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { CarrierServerOptions } from '../src/process.js'
import { httpSimulatedCarrier, serveSimulatedCarrier } from '../src/process.js'
import { attemptAt, handleOf } from './support/calls.js'
import { receiver } from './support/receiver.js'

/** A server in this process, a client and an engine's address. */
const line = async (options: CarrierServerOptions = {}, status?: (index: number) => number) => {
  const hooks = await receiver(status)
  const server = await serveSimulatedCarrier({
    outcomes: { answered: 1 },
    setup: [0, 0],
    ring: [0, 0],
    talk: [5, 5],
    capabilities: { lookup: { visibilityLag: 0, horizon: 3_600_000 } },
    ...options,
  })
  const carrier = httpSimulatedCarrier({ url: server.url, callbackUrl: `${hooks.url}/sim` })
  return {
    hooks,
    server,
    carrier,
    async [Symbol.asyncDispose]() {
      carrier.close()
      await server.close()
      await hooks[Symbol.asyncDispose]()
    },
  }
}

describe('a carrier over HTTP', () => {
  test('places a call and posts its events, signed', async () => {
    await using all = await line()
    const { carrier, hooks, server } = all
    const placed = await carrier.place(attemptAt(1, { variables: { name: 'Ada' }, agent: 'greeter' }))
    expect(placed).toMatchObject({ status: 'accepted' })
    await hooks.count(3)
    const events = (await Promise.all(hooks.requests.map((request) => carrier.parseWebhook?.(request)))).flat()
    expect(events.map((event) => event?.type).toSorted()).toEqual(['answered', 'ended', 'ringing'])
    const ended = events.find((event) => event?.type === 'ended')
    expect(ended).toMatchObject({ ref: attemptAt(1).ref, outcome: 'answered', duration: 5, raw: { sip: 200 } })
    expect(hooks.requests[0]?.url).toBe(`${hooks.url}/sim`)
    expect(await carrier.lookup?.(handleOf(attemptAt(1), Date.now()))).toMatchObject({
      status: 'found',
      event: { type: 'ended', outcome: 'answered' },
    })
    expect([...server.carrier.ledger].map(({ kind }) => kind)).toEqual(['placed', 'answered', 'ended', 'lookup'])
  })

  test('hangs up, and says when there is nothing to hang up', async () => {
    await using all = await line({ talk: [3_600_000, 3_600_000] })
    const { carrier, hooks } = all
    const handle = handleOf(attemptAt(1), Date.now())
    await carrier.place(attemptAt(1))
    await hooks.count(2)
    expect(await carrier.hangup?.(handle)).toBe('done')
    await hooks.count(3)
    expect(await carrier.hangup?.(handle)).toBe('gone')
  })

  test('repeats a webhook until it is taken', async () => {
    await using all = await line({ outcomes: { busy: 1 } }, (index) => (index < 2 ? 503 : 204))
    const { carrier, hooks } = all
    await carrier.place(attemptAt(1))
    await hooks.count(3)
    const bodies = new Set(hooks.requests.map(({ body }) => body))
    expect(bodies.size).toBe(1)
    expect(await carrier.parseWebhook?.(hooks.requests[2] as (typeof hooks.requests)[0])).toMatchObject([
      { type: 'ended', outcome: 'busy' },
    ])
  })

  test('refuses in its own words', async () => {
    await using all = await line({ capabilities: { cps: 1, lookup: false, hangup: false }, burst: 1 })
    const { carrier, server } = all
    await carrier.place(attemptAt(1))
    expect(await carrier.place(attemptAt(2))).toMatchObject({ status: 'rejected', reason: 'throttled', code: '429' })
    server.carrier.setFaults({ refuse: { account: 1 } })
    expect(await carrier.place(attemptAt(3))).toEqual({ status: 'rejected', reason: 'account' })
    expect(await carrier.lookup?.(handleOf(attemptAt(1), 0))).toMatchObject({ status: 'cannotTell' })
    expect(await carrier.hangup?.(handleOf(attemptAt(1), 0))).toBe('refused')
  })

  test('refuses malformed requests and unknown routes', async () => {
    await using all = await line()
    const { server } = all
    const post = (path: string, body: string) => fetch(`${server.url}${path}`, { method: 'POST', body })
    expect((await post('/calls', '{"to":"+12125550101"}')).status).toBe(400)
    expect((await post('/calls', 'not json')).status).toBe(500)
    expect((await post('/nothing', '{}')).status).toBe(404)
    expect(server.carrier.ledger.size).toBe(0)
    expect(await (await fetch(`${server.url}/capabilities`)).json()).toMatchObject({
      idempotency: 'none',
      hangup: true,
    })
  })

  test.each([
    [{ timeoutPlaced: 1 }, 1, 'the connection broke or timed out'],
    [{ timeoutNotPlaced: 1 }, 0, 'the connection broke or timed out'],
    [{ throwOnPlace: 1 }, 1, 'HTTP 500'],
  ])('with %j the answer is unknown', async (faults, placements, message) => {
    await using all = await line({ faults })
    const { carrier, server } = all
    expect(await carrier.place(attemptAt(1))).toEqual({ status: 'unknown', message })
    expect(server.carrier.ledger.placements('all').get('all') ?? 0).toBe(placements)
    expect(await carrier.lookup?.(handleOf(attemptAt(1), Date.now()))).toMatchObject({
      status: placements === 1 ? 'found' : 'notFound',
    })
  })
})

describe('what is certain about a request', () => {
  test('nothing is written when the attempt may not be started any more', async () => {
    await using all = await line()
    const { carrier, server } = all
    let asked = 0
    const startable = () => {
      asked++
      return false
    }
    expect(await carrier.place(attemptAt(1, { startable }))).toMatchObject({ status: 'notSent' })
    // Over a connection that stands already, too.
    await carrier.place(attemptAt(2))
    expect(await carrier.place(attemptAt(3, { startable }))).toMatchObject({ status: 'notSent' })
    expect(asked).toBe(2)
    expect(server.carrier.ledger.placements('ref')).toEqual(new Map([[attemptAt(2).ref, 1]]))
  })

  test('nobody listens: not sent, and never asked whether it may start', async () => {
    const nobody = await silent()
    await nobody.close()
    const carrier = httpSimulatedCarrier({ url: nobody.url, callbackUrl: '' })
    const startable = () => {
      throw new Error('asked without a connection')
    }
    expect(await carrier.place(attemptAt(1, { startable }))).toMatchObject({ status: 'notSent' })
    expect(await carrier.lookup?.(handleOf(attemptAt(1), 0))).toMatchObject({ status: 'cannotTell' })
    expect(await carrier.hangup?.(handleOf(attemptAt(1), 0))).toBe('refused')
  })

  test('somebody listens and says nothing: unknown', async () => {
    const mute = await silent()
    const carrier = httpSimulatedCarrier({ url: mute.url, callbackUrl: '', timeout: 50 })
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    await mute.close()
  })

  test('the connection breaks after the request: unknown', async () => {
    const rude = await silent((socket) => socket.once('data', () => socket.destroy()))
    const carrier = httpSimulatedCarrier({ url: rude.url, callbackUrl: '' })
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    await rude.close()
  })

  test.each([
    ['HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'],
    ['HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nslow'],
    ['HTTP/1.1 201 Created\r\ncontent-length: 50\r\n\r\n{"status":"accep'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'],
  ])('an answer that is not the carrier’s proves nothing: %j', async (answer) => {
    const proxy = await silent((socket) => socket.once('data', () => socket.end(answer)))
    const carrier = httpSimulatedCarrier({ url: proxy.url, callbackUrl: '' })
    expect(await carrier.place(attemptAt(1))).toMatchObject({ status: 'unknown' })
    await proxy.close()
  })
})

// Helpers

/** Accepts connections and does nothing with them, unless told what. */
async function silent(connected: (socket: Socket) => void = () => {}) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    connected(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
