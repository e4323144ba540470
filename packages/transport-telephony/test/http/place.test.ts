import { createServer, type Server, type Socket } from 'node:net'
import type { Placed } from '@outdial/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type HttpCarrierOptions, httpCarrier } from '../../src/http/index.js'
import { HttpService, type HttpWeather } from '../stand-ins/http-service.js'
import { attempt } from './support/attempt.js'

let service: HttpService
beforeAll(async () => {
  service = await HttpService.start()
})
afterAll(() => service.close())

const carrier = (options: Partial<HttpCarrierOptions> = {}) =>
  httpCarrier({ baseUrl: service.url, secret: service.secret, timeout: 2_000, ...options })
const placed = async (weather: HttpWeather, options?: Partial<HttpCarrierOptions>): Promise<Placed> => {
  const adapter = carrier(options)
  service.next(weather)
  return adapter.place(attempt())
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}): HttpWeather => ({
  answer: [status, typeof body === 'string' ? body : JSON.stringify(body), headers],
})

describe('a call that is placed', () => {
  it('is asked for with everything that the service may want, once', async () => {
    const asked = attempt({
      agent: 'Hello {{name}}, "{{note}}"',
      variables: { name: 'Zoë 🦆', note: '<b>&', n: 3 },
      externalId: 'crm-7',
    })
    const before = service.asked()
    const options = { webhookUrl: 'http://127.0.0.1:9/events?route=pbx', metadata: { trunk: 'north' } }
    expect(await carrier({ ...options, headers: { 'X-Gateway-Key': 'g-1' } }).place(asked)).toEqual({
      status: 'accepted',
      callId: service.calls().at(-1)?.callId,
      state: 'queued',
    })
    expect(service.asked()).toBe(before + 1)
    const { startable: _, agent: __, ...rest } = asked
    const { headers, body } = service.requests.at(-1) as (typeof service.requests)[0]
    expect(body).toEqual({ ...rest, ...options, agent: 'Hello Zoë 🦆, "<b>&"' })
    expect(headers).toMatchObject({ 'idempotency-key': asked.ref, 'x-gateway-key': 'g-1' })
  })

  it('is the same call when it is asked for again', async () => {
    const asked = attempt()
    const first = await carrier().place(asked)
    expect(await carrier().place(asked)).toEqual(first)
    expect(service.calls().filter(({ ref }) => ref === asked.ref)).toHaveLength(1)
  })

  it.each([
    [json(201, { callId: 'c', state: 'ended' }), { status: 'accepted', callId: 'c' }],
    [json(200, { callId: 'c', state: 'answered' }), { status: 'accepted', callId: 'c', state: 'answered' }],
  ])('is accepted with the state that it has', async (weather, answer) => {
    expect(await placed(weather)).toEqual(answer)
  })
})

describe('a call that is refused', () => {
  it.each([
    ['contact', 'contact', 'invalid_number'],
    ['configuration', 'configuration', 'caller_id_refused'],
    ['account', 'account', 'insufficient_funds'],
  ] as const)('as %s says why', async (weather, reason, code) => {
    expect(await placed(weather)).toMatchObject({ status: 'rejected', reason, code })
  })

  it.each(['throttled', 'unavailable'] as const)('as %s says when to come again', async (reason) => {
    expect(await placed(reason)).toMatchObject({ status: 'rejected', reason, code: reason, retryAfter: 7_000 })
  })

  it.each([
    [400, 'invalid_request', 'configuration'],
    [401, 'unauthenticated', 'account'],
    [403, 'forbidden', 'account'],
    [403, 'account_suspended', 'account'],
    [404, 'agent_unknown', 'configuration'],
    [422, 'number_refused', 'contact'],
    [422, 'late', 'unavailable'],
    // Codes of nobody: by the status.
    [401, 'mystery', 'account'],
    [429, 'mystery', 'throttled'],
    [503, 'mystery', 'unavailable'],
    [422, 'toString', 'configuration'],
  ])('with %i %s is %s', async (status, code, reason) => {
    expect(await placed(json(status, { placed: false, code }))).toMatchObject({ status: 'rejected', reason, code })
  })

  it('is what the service’s own codes are said to be', async () => {
    const codes = { 'trunk-7': 'unavailable', invalid_number: 'configuration' } as const
    expect(await placed(json(422, { placed: false, code: 'trunk-7' }), { codes })).toMatchObject({
      reason: 'unavailable',
    })
    expect(await placed('contact', { codes })).toMatchObject({ reason: 'configuration' })
  })

  it('is not asked for when the agent’s text is none', async () => {
    const before = service.asked()
    const answer = await carrier().place(attempt({ agent: 'Hello {{name' }))
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code: 'agent_invalid' })
    expect(service.asked()).toBe(before)
  })
})

describe('a call of which nobody knows', () => {
  const body = { placed: false, code: 'invalid_number' }
  it.each<[string, HttpWeather]>([
    ['an error', { fault: 'error', placed: true }],
    ['no answer', { fault: 'silence', placed: true }],
    ['a connection that is reset', { fault: 'reset', placed: true }],
    ['an answer that is none', { fault: 'nonsense', placed: true }],
    ['no id', json(201, {})],
    ['an id that is no text', json(201, { callId: 7 })],
    ['a refusal without proof', json(422, { code: 'invalid_number' })],
    ['proof that is not exactly that', json(422, { placed: 'false', code: 'invalid_number' })],
    ['a proxy’s 403', json(403, '<html>forbidden</html>')],
    ['a proxy’s 404', json(404, '')],
    ['a proxy’s 429', json(429, 'slow down', { 'retry-after': '7' })],
    ['a proxy’s 503', json(503, 'upstream', { 'retry-after': '7' })],
    ['a 500 that says it was not placed', json(500, body)],
    ['a 502 that says it was not placed', json(502, body)],
    ['a 504 that says it was not placed', json(504, body)],
    ['a redirection', json(307, body, { location: '/elsewhere' })],
    ['a success of another kind', json(202, { callId: 'c' })],
    ['a success without content', json(204, '')],
  ])('is unknown: %s', async (_, weather) => {
    expect(await placed(weather)).toMatchObject({ status: 'unknown' })
  })
})

describe('a call that was not sent', () => {
  it('is one whose time has passed while it waited', async () => {
    const before = service.asked()
    expect(await carrier().place(attempt({ startable: () => false }))).toMatchObject({ status: 'notSent' })
    expect(service.asked()).toBe(before)
  })

  it('is one for which there is no connection', async () => {
    const gone = await HttpService.start()
    const adapter = httpCarrier({ baseUrl: gone.url, secret: gone.secret })
    await gone.close()
    expect(await adapter.place(attempt())).toMatchObject({ status: 'notSent' })
  })
})

it('should read an empty base path and one that ends with a slash', async () => {
  for (const baseUrl of [`${service.url}/`, `${service.url}//`]) {
    expect(await carrier({ baseUrl }).place(attempt())).toMatchObject({ status: 'accepted' })
  }
})

describe('an answer that is no HTTP, or only a part of it', () => {
  const servers: Server[] = []
  const sockets: Socket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const server of servers.splice(0)) server.close()
  })

  /** Reads a request and does this with its connection. */
  const served = async (answer: (socket: Socket) => void) => {
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => {}).once('data', () => answer(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    const baseUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    return carrier({ baseUrl, timeout: 300 }).place(attempt())
  }
  const HEAD = 'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\n'

  it.each<[string, (socket: Socket) => void]>([
    ['another language', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
    ['nothing at all', (socket) => socket.end()],
    ['half a head', (socket) => socket.end('HTTP/1.1 201 Cre')],
    ['a body cut short', (socket) => socket.end(`${HEAD}content-length: 99\r\n\r\n{"callId":"c"}`)],
    ['a chunk cut short', (socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n99\r\n{"callId":"c"}`)],
    ['a body that does not end', (socket) => socket.write(`${HEAD}content-length: 99\r\n\r\n{"callId":"c"}`)],
    [
      'a refusal cut short',
      (socket) => socket.end('HTTP/1.1 422 No\r\ncontent-length: 99\r\n\r\n{"placed":false,"code":"invalid_number"}'),
    ],
  ])('is unknown: %s', async (_, answer) => {
    expect(await served(answer)).toMatchObject({ status: 'unknown' })
  })

  it('is waited for while it is slow', async () => {
    const body = '{"callId":"c"}'
    const slow = served((socket) => {
      socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n`)
      const letters = [...body]
      const next = () => {
        socket.write(letters.shift() ?? '')
        if (letters.length > 0) setImmediate(next)
      }
      next()
    })
    expect(await slow).toEqual({ status: 'accepted', callId: 'c' })
  })
})
