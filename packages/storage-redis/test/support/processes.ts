import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import type { RedisStorageOptions } from '../../src/index.js'

const CAMPAIGN = fileURLToPath(new URL('./campaign.ts', import.meta.url))
const children = new Set<ChildProcess>()

// Nothing outlives the tests of a file.
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A worker's process, and what it wrote when it has ended. */
export interface Worker {
  readonly child: ChildProcess
  readonly ended: Promise<{ code: number | null; output: string }>
}

/** Where a worker keeps everything: at the port of a server, of the nodes of a Cluster, or where Sentinels at ports say. */
export interface Where {
  redis?: number
  cluster?: number[]
  sentinels?: number[]
  /** Options of the storage; `durable` unless they say otherwise. */
  storage?: Omit<RedisStorageOptions, 'client'>
}

/** Starts a worker on a Redis. */
export function worker(where: Where, carrierUrl: string, port: number, people: number): Worker {
  const node = ['--conditions=@outdial/source', '--import', 'tsx', CAMPAIGN]
  const child = spawn(process.execPath, [...node, JSON.stringify(where), carrierUrl, String(port), String(people)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  const ended = once(child, 'close').then(([code]) => {
    children.delete(child)
    return { code: code as number | null, output }
  })
  return { child, ended }
}

/** Resolves when a condition that something outside brings about has come true. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}
