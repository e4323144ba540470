import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TcpProxy, tcpProxy } from '../proxy/tcp-proxy.js'

let server: Server
let proxy: TcpProxy
/** What the server has heard. */
let heard: string[]
const clients: Socket[] = []

beforeEach(async () => {
  heard = []
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard.push(text)
      socket.write(`${text}!`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = await tcpProxy({ host: '127.0.0.1', port: (server.address() as { port: number }).port })
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
  await new Promise((resolve) => server.close(resolve))
})

function client(): Socket {
  const socket = connect(proxy.port, '127.0.0.1').setEncoding('utf8')
  socket.on('error', () => {})
  clients.push(socket)
  return socket
}

/** What comes back; `undefined` when the connection breaks instead. */
async function ask(socket: Socket, text: string): Promise<string | undefined> {
  if (socket.destroyed) return undefined
  return new Promise((resolve) => {
    const broken = (): void => resolve(undefined)
    socket.once('close', broken)
    socket.once('data', (data) => {
      socket.off('close', broken)
      resolve(String(data))
    })
    socket.write(text)
  })
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()))

it('should let everything through when the weather is fine', async () => {
  const socket = client()
  expect(await ask(socket, 'one')).toBe('one!')
  expect(await ask(socket, 'two')).toBe('two!')
  expect(proxy.connections).toBe(1)
})

it('should break what stands and refuse what comes while the link is cut', async () => {
  const before = client()
  await ask(before, 'one')
  const broken = closed(before)
  proxy.cut()
  await broken
  expect(await ask(client(), 'two')).toBeUndefined()
  proxy.heal()
  expect(await ask(client(), 'three')).toBe('three!')
  expect(heard).toEqual(['one', 'three'])
})

it('should swallow what a half-open link is given, and break it when it heals', async () => {
  const socket = client()
  await ask(socket, 'one')
  proxy.halfOpen()
  const answer = ask(socket, 'two')
  const late = ask(client(), 'three')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(socket.destroyed).toBe(false)
  proxy.heal()
  expect(await answer).toBeUndefined()
  expect(await late).toBeUndefined()
  expect(heard).toEqual(['one'])
})

it('should bring requests to the server while only replies are swallowed', async () => {
  const socket = client()
  proxy.halfOpen('replies')
  const answer = ask(socket, 'one')
  while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  proxy.heal()
  expect(await answer).toBeUndefined()
  expect(heard).toEqual(['one'])
})

it('should drop as many replies as it is told, each with its connection', async () => {
  proxy.dropReplies(2)
  expect(await ask(client(), 'one')).toBeUndefined()
  expect(await ask(client(), 'two')).toBeUndefined()
  expect(await ask(client(), 'three')).toBe('three!')
  expect(heard).toEqual(['one', 'two', 'three'])
  expect(proxy.dropped).toBe(2)
})

it('should keep the order of what it delays', async () => {
  proxy.delay(20)
  const socket = client()
  const answers: string[] = []
  socket.on('data', (text: string) => answers.push(text))
  for (const text of ['a', 'b', 'c']) {
    socket.write(text)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  // The server may hear two at once, and answers them so.
  const letters = (): string => answers.join('').replaceAll('!', '')
  while (letters().length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(heard.join('')).toBe('abc')
  expect(letters()).toBe('abc')
})
