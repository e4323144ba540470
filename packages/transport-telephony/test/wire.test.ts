import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Wire } from '../src/index.js'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close()
})

/** A server of bytes: does with each connection as it is told, and remembers what it was sent. */
async function service(answer: (socket: Socket, text: string) => void) {
  const sent: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      sent.push(data.toString())
      answer(socket, data.toString())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  const { port } = server.address() as { port: number }
  return { origin: `http://127.0.0.1:${port}`, sent, sockets }
}

function wire(origin: string, options = {}): Wire {
  const made = new Wire(origin, { timeout: 2_000, ...options })
  opened.push(made)
  return made
}

const ok = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const post = { method: 'POST', path: '/calls?a=1', body: 'To=1' } as const

describe('a request to a service', () => {
  it('brings its answer', async () => {
    const { origin, sent } = await service((socket) =>
      socket.write('HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nX: a\r\nX: b\r\ncontent-length: 2\r\n\r\n{}'),
    )
    const reply = await wire(origin).request({ ...post, headers: { 'content-type': 'text/plain' } })
    expect(reply).toEqual({
      status: 'answered',
      code: 429,
      headers: { 'retry-after': '3', x: 'a, b', 'content-length': '2' },
      body: '{}',
    })
    expect(sent.join('')).toMatch(
      /^POST \/calls\?a=1 HTTP\/1\.1\r\n[\s\S]*content-type: text\/plain[\s\S]*\r\n\r\nTo=1$/,
    )
  })

  it('uses connections again', async () => {
    const { origin, sockets } = await service((socket) => socket.write(ok('')))
    const one = wire(origin)
    for (let i = 0; i < 5; i++) expect(await one.request(post)).toMatchObject({ status: 'answered' })
    expect(sockets.size).toBeLessThan(3)
  })

  it('was not sent when nobody listens', async () => {
    const { origin } = await service(() => {})
    await opened.pop()?.close()
    expect(await wire(origin).request(post)).toMatchObject({ status: 'notSent' })
  })

  it('was not sent when it may not be, once the connection stands', async () => {
    const { origin, sent } = await service((socket) => socket.write(ok('')))
    const one = wire(origin)
    expect(await one.request({ ...post, startable: () => false })).toEqual({
      status: 'notSent',
      message: 'too late to start',
    })
    expect(await one.request({ ...post, path: '/second' })).toMatchObject({ status: 'answered' })
    expect(sent.join('')).not.toContain('/calls')
  })

  it('was not sent when it waited for a free connection for too long, and is not sent later', async () => {
    const waiting: Socket[] = []
    const { origin, sent } = await service((socket) => waiting.push(socket))
    const one = wire(origin, { connections: 1 })
    const first = one.request({ ...post, timeout: 5000 })
    const second = await one.request({ ...post, path: '/second', timeout: 50 })
    expect(second).toEqual({ status: 'notSent', message: 'no answer within 50 ms' })
    waiting[0]?.write(ok(''))
    expect(await first).toMatchObject({ status: 'answered' })
    const third = one.request({ ...post, path: '/third', timeout: 5000 })
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve))
    waiting[1]?.write(ok(''))
    expect(await third).toMatchObject({ status: 'answered' })
    expect(sent.join('')).not.toContain('/second')
  })

  it.each<[string, (socket: Socket) => void]>([
    ['is not answered', () => {}],
    ['is answered by a reset', (socket) => socket.resetAndDestroy()],
    ['is answered by half an answer', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    ['is answered by nonsense', (socket) => socket.end('so what')],
    ['is answered without an end', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
    ['is answered by too much', (socket) => socket.write(ok('x'.repeat(5_000_000)))],
  ])('is unknown when it %s', async (_, answer) => {
    const { origin, sent } = await service(answer)
    expect(await wire(origin).request(post)).toMatchObject({ status: 'unknown' })
    expect(sent.join('').match(/POST/g)).toHaveLength(1)
  })

  it('is unknown, and not sent again, when the connection was closed while it was idle', async () => {
    const { origin, sent } = await service((socket, text) => {
      if (text.includes('/first')) socket.write(ok(''))
      else socket.resetAndDestroy()
    })
    const one = wire(origin)
    await one.request({ ...post, path: '/first' })
    expect(await one.request(post)).toMatchObject({ status: 'unknown' })
    expect(sent.join('').match(/POST/g)).toHaveLength(2)
  })
})
