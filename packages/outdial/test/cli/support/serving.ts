import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../processes/free-port.js'
import { folder, type Running, start } from './outdial.js'

export const SECRET = 'a-key-from-the-environment-0123456789'

/** A configuration whose calls take no time worth mentioning. */
export const QUICK = {
  port: 0,
  dialects: ['native'],
  organizations: [{ id: 'acme', name: 'Acme', concurrency: 5, credits: 1000 }],
  keys: [{ organization: 'acme', key: { env: 'ACME_KEY' } }],
  numbers: [{ id: 'pn_1', phone: '+13035550100', organization: 'acme', agent: 'agent_1' }],
  carriers: { simulated: { kind: 'simulated', outcomes: { answered: 1 }, setup: [1, 5], ring: [1, 5], talk: [5, 20] } },
  resources: { kind: 'simulated', numbers: { acme: ['+14155550150'] } },
  drain: '5s',
}

export interface Serving extends Running {
  base: string
  /** Asks the native API with the organization's key. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it knows to be there.
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>
}

/** Writes a configuration into a folder of its own; answers its path. */
export function configFile(config: unknown): string {
  const path = join(folder(), 'serve.json')
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config))
  return path
}

/** Starts a server in a process of its own and waits until it takes requests. */
export async function serving(
  config: unknown = QUICK,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const env = { ACME_KEY: SECRET, ...more }
  const running = start(['serve', '--config', configFile(config), ...args], { cwd: folder(), env })
  let log = ''
  running.child.stderr?.on('data', (text: string) => {
    log += text
  })
  await running.until(/"msg":"listening"/)
  const base = /"url":"([^"]+)"/.exec(log)?.[1] ?? ''
  return {
    ...running,
    base,
    async ask(method, path, body) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: await response.json() }
    },
  }
}

/** Asks for a job again and again until it is in a state; a stream of its progress says when it is worth asking. */
export async function ended({ base }: Serving, id: string): Promise<void> {
  const response = await fetch(`${base}/v1/call-jobs/${id}/progress`, {
    headers: { authorization: `Bearer ${SECRET}` },
  })
  // It ends with the job.
  await response.text()
}

/** A Redis server of its own, gone after the test; answers its address. */
export async function redisServer(): Promise<string> {
  const port = await freePort()
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder(),
  ]
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let said = ''
  while (!/Ready to accept connections/.test(said)) {
    const [text] = await once(child.stdout, 'data')
    said += String(text)
  }
  child.stdout.resume()
  return `redis://127.0.0.1:${port}`
}
