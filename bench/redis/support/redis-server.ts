import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../../packages/outdial/test/processes/free-port.js'

/** A redis-server of this benchmark's own, on a free port and in a folder that goes with it. */
export interface RedisServer {
  readonly port: number
  /** For what is not measured: settings, statistics, memory. */
  readonly admin: Redis
  /** What it is, for the report. */
  readonly version: string
  /** Removes everything, and gives the memory back before it goes on. */
  empty(): Promise<void>
  /** Writes to disk every second, or not at all. Best while the server is empty. */
  persist(how: Persistence): Promise<void>
  stop(): Promise<void>
}

/** `off`: nothing is written; `everysec`: an append-only file that is forced onto the disk every second. */
export type Persistence = 'off' | 'everysec'

/** Starts a server. It ends with this process, however that ends. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'outdial-bench-'))
  const port = await freePort()
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', [...settings, '--daemonize', 'no'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const leave = () => process.exit(1)
  process.once('exit', kill).once('disconnect', leave).once('SIGTERM', leave).once('SIGINT', leave)
  await ready(child)
  const admin = new Redis(port, '127.0.0.1')
  const [, version = '?'] = /redis_version:(\S+)/.exec(await admin.info('server')) ?? []
  return {
    port,
    admin,
    version,
    async empty() {
      await admin.flushall('SYNC')
      await admin.memory('PURGE')
    },
    async persist(how) {
      await admin.config('SET', 'appendfsync', 'everysec', 'appendonly', how === 'off' ? 'no' : 'yes')
      while (/aof_rewrite_(in_progress|scheduled):1/.test(await admin.info('persistence'))) await pause(20)
    },
    async stop() {
      process.off('exit', kill).off('disconnect', leave).off('SIGTERM', leave).off('SIGINT', leave)
      admin.disconnect()
      const ended = once(child, 'close')
      kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ready(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.once('error', (error) => reject(new Error(`redis-server could not be started: ${error.message}`)))
    child.once('close', () => reject(new Error(`redis-server did not start:\n${output}`)))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (text.includes('Ready to accept connections')) resolve()
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
