import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A redis-server of a scenario's own. */
export interface RedisServer {
  /** Ends it as the loss of power would, and resolves when it is gone. */
  kill(): Promise<void>
  /** Cuts a torn step off the end of its append-only file, as an operator does after a crash of the machine. */
  repair(): Promise<void>
  /** Starts it on what its folder has. */
  start(): Promise<void>
}

const running = new Set<ChildProcess>()
// Nothing outlives the conductor.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server with its files in a folder. */
export async function redisServer(port: number, folder: string, settings: readonly string[]): Promise<RedisServer> {
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', ...settings]
  let child = await started(args)
  return {
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'close')
      child.kill('SIGKILL')
      await gone
    },
    async repair() {
      const check = spawn('redis-check-aof', ['--fix', join(folder, 'appendonlydir', 'appendonly.aof.manifest')], {
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      // It asks before it cuts. It may not have to ask.
      check.stdin.on('error', () => {})
      check.stdin.end('y\n')
      const [code] = await once(check, 'close')
      if (code !== 0) throw new Error(`redis-check-aof ended with ${code}`)
    },
    async start() {
      child = await started(args)
    },
  }
}

async function started(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  child.once('close', () => running.delete(child))
  await new Promise<void>((resolve, reject) => {
    let output = ''
    child.once('error', (error) => reject(new Error(`redis-server cannot be started: ${error.message}`)))
    child.once('close', () => reject(new Error(`redis-server did not start:\n${output}`)))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (text.includes('Ready to accept connections')) resolve()
    })
  })
  return child
}
