// The Redis of the example: the one that REDIS_URL names, or one of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RunningRedis {
  readonly url: string
  stop(): Promise<void>
}

export async function findOrStartRedis(): Promise<RunningRedis> {
  const given = process.env.REDIS_URL
  if (given) return { url: given, stop: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'outdial-redis-workers-'))
  const port = await freePort()
  const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'yes']
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(server, 'close').catch(() => {
    throw new Error('redis-server cannot be started: install it, or name a Redis in REDIS_URL.')
  })
  process.once('exit', () => server.kill('SIGKILL'))
  for await (const output of server.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    if (String(output).includes('Ready to accept connections')) break
  }
  server.stdout.resume()
  if (server.pid === undefined) await gone
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill()
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A port on which nobody listens now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}
