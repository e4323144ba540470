import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis, type RedisOptions } from 'ioredis'
import { afterAll } from 'vitest'
import { freePort } from '../../../outdial/test/processes/free-port.js'

/** A redis-server of its own, in a folder of its own; both are gone after the tests of this file. */
export interface RedisServer {
  readonly port: number
  /** A client that the server disconnects from when it stops. */
  client(options?: Pick<RedisOptions, 'username' | 'password' | 'enableReadyCheck'>): Redis
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Has it do nothing, as a machine that hangs, and go on. */
  freeze(): void
  thaw(): void
  /** Has it come back on the same data. */
  start(): Promise<void>
  /** Ends it as a crash would, and has it come back on the same data. */
  restart(): Promise<void>
  /** Remembers the data of now, for `rollback`. Only with `persistent`. */
  mark(): void
  /** Ends it, and has it come back with the data of the last mark. */
  rollback(): Promise<void>
  /** Removes everything on it. */
  flush(): Promise<unknown>
}

export interface ServerOptions {
  /** Everything it has answered is on disk. */
  persistent?: boolean
  settings?: readonly string[]
  /** What starts it: another program than `redis-server`, with what comes before its settings. */
  program?: readonly string[]
}

const children = new Set<ChildProcess>()
const folders: string[] = []

afterAll(async () => {
  await Promise.all([...children].map(ended))
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

/** Ends it as a crash would. Until it is gone, it may write. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  children.delete(child)
}

/** A folder that is gone after the tests of this file. */
export function folderOfTest(path: string): string {
  folders.push(path)
  return path
}

/** Starts a server on a port that was free a moment ago. */
export async function redisServer({
  persistent = false,
  settings = [],
  program = ['redis-server'],
}: ServerOptions = {}): Promise<RedisServer> {
  const path = folderOfTest(mkdtempSync(join(tmpdir(), 'outdial-redis-')))
  const data = join(path, 'appendonlydir')
  const copy = join(path, 'marked')
  const disk = persistent
    ? ['--appendonly', 'yes', '--appendfsync', 'always', '--aof-load-truncated', 'no']
    : ['--appendonly', 'no']
  const port = await freePort()
  const start = () =>
    started([
      ...program,
      '--port',
      String(port),
      '--dir',
      path,
      '--save',
      '',
      '--repl-diskless-sync-delay',
      '0',
      ...disk,
      ...settings,
    ])
  let child = await start()
  const stop = () => ended(child)
  const client: RedisServer['client'] = (options = {}) => {
    const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20, ...options })
    client.on('error', () => {})
    return client
  }
  return {
    port,
    client,
    kill: stop,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async start() {
      child = await start()
    },
    async restart() {
      await stop()
      child = await start()
    },
    mark() {
      rmSync(copy, { recursive: true, force: true })
      cpSync(data, copy, { recursive: true })
    },
    async rollback() {
      await stop()
      rmSync(data, { recursive: true, force: true })
      cpSync(copy, data, { recursive: true })
      child = await start()
    },
    async flush() {
      const admin = client()
      await admin.flushall()
      admin.disconnect()
    },
  }
}

/** Starts a program, and resolves when it is ready; it is gone after the tests of this file. */
export async function started([program = '', ...args]: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, [...args, '--bind', '127.0.0.1', '--daemonize', 'no'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.on('error', reject)
    child.on('close', () => reject(new Error(`redis-server did not start:\n${output}`)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (/Ready to accept connections|Sentinel ID is/.test(text)) resolve()
    })
  })
  return child
}
