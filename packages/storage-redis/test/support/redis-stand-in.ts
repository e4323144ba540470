import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Redis, type RedisOptions } from 'ioredis'
import { afterAll } from 'vitest'

/** Speaks for a server as a newer one would. */
export interface StandIn {
  client(options?: Pick<RedisOptions, 'maxRetriesPerRequest'>): Redis
  /** What `WAITAOF` is answered: how many have it on disk, of this server and of its replicas. */
  onDisk: [number, number]
  /** Breaks the connection on which this command comes next, instead of passing it on. */
  breakAt: string | undefined
  /** Names of the commands that came, in their order. */
  readonly seen: string[]
}

const closing: (() => void)[] = []
afterAll(() => {
  for (const close of closing) close()
})

/**
 * A server before the one at a port that says it is Redis 7.2, and answers `WAITAOF` as that is documented to: with the counts it is
 * given. Everything else the real one answers. Commands are rewritten, so that replies come in their order.
 */
export async function redisStandIn(port: number): Promise<StandIn> {
  const sockets = new Set<Socket>()
  const standIn: StandIn = {
    onDisk: [1, 0],
    breakAt: undefined,
    seen: [],
    client(options = {}) {
      const client = new Redis({
        host: '127.0.0.1',
        port: (server.address() as { port: number }).port,
        retryStrategy: () => 20,
        ...options,
      })
      client.on('error', () => {})
      return client
    },
  }
  const server = createServer((socket) => {
    const real = connect(port, '127.0.0.1')
    for (const one of [socket, real]) {
      sockets.add(one)
      one.on('error', () => {})
    }
    socket.on('close', () => real.destroy())
    real.on('close', () => socket.destroy())
    real.pipe(socket)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('data', (data) => {
      rest = Buffer.concat([rest, data as Buffer])
      for (let read = readCommand(rest); read; read = readCommand(rest)) {
        rest = rest.subarray(read.length)
        const name = String(read.words[0]).toUpperCase()
        standIn.seen.push(name)
        if (standIn.breakAt === name) {
          standIn.breakAt = undefined
          // What came before has been done by then; nobody is told.
          real.unpipe(socket)
          real.on('data', (data) => String(data).endsWith('+PONG\r\n') && socket.destroy())
          real.resume()
          real.write(written(['PING']))
          return
        }
        real.write(written(asNewer(read.words, standIn)))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return standIn
}

const INFO = `return (string.gsub(redis.call('INFO', ARGV[1]), 'redis_version:[%d.]+', 'redis_version:7.2.0'))`

function asNewer(words: readonly Buffer[], { onDisk }: StandIn): readonly (Buffer | string)[] {
  const [name = '', what = ''] = words.map(String)
  if (name.toUpperCase() === 'WAITAOF') return ['EVAL', `return {${onDisk.join()}}`, '0']
  if (name.toUpperCase() === 'INFO' && what) return ['EVAL', INFO, '0', what]
  return words
}

/** The first command of what has come, and its length; `undefined` while some of it is missing. */
function readCommand(bytes: Buffer): { words: Buffer[]; length: number } | undefined {
  const line = (from: number) => {
    const end = bytes.indexOf('\r\n', from)
    return end < 0 ? undefined : { number: Number(bytes.subarray(from + 1, end)), next: end + 2 }
  }
  let at = line(0)
  if (!at) return undefined
  const words: Buffer[] = []
  for (let left = at.number; left > 0; left--) {
    const size = line(at.next)
    if (!size || bytes.length < size.next + size.number + 2) return undefined
    words.push(bytes.subarray(size.next, size.next + size.number))
    at = { number: 0, next: size.next + size.number + 2 }
  }
  return { words, length: at.next }
}

function written(words: readonly (Buffer | string)[]): Buffer {
  const parts = words.flatMap((word) => {
    const bytes = Buffer.from(word as Buffer)
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]
  })
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts])
}
