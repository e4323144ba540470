// Runs the campaign once, in four processes of its own. The carrier is in this one, and writes down whom it was asked to call.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { serveSimulatedCarrier } from '@outdial/simulation/process'
import { freePort } from './redis.js'

export interface Campaign {
  /** What the process that made the campaign says of it in the end. */
  readonly report: unknown
  /** Calls to each number, by the carrier's ledger. */
  readonly calls: ReadonlyMap<string, number>
}

export async function runCampaign(
  redisUrl: string,
  prefix: string,
  disturb: (workers: readonly ChildProcess[], called: () => number) => Promise<void>,
): Promise<Campaign> {
  const server = await serveSimulatedCarrier({
    // Who is busy once is called again, and then answers.
    outcomes: ({ to, attempt }) =>
      to.endsWith('7') && attempt === 1 ? 'busy' : to.endsWith('3') ? 'no_answer' : 'answered',
    setup: [0, 50],
    ring: [0, 100],
    talk: [50, 400],
    replyDelay: [0, 100],
  })
  const { ledger } = server.carrier
  const args = [redisUrl, prefix, server.url, String(await freePort())]
  const start = (file: string, stdout: 'pipe' | 'inherit') =>
    spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL(file, import.meta.url)), ...args], {
      stdio: ['ignore', stdout, 'inherit'],
    })

  const workers = [1, 2, 3].map(() => start('worker.ts', 'inherit'))
  const api = start('api.ts', 'pipe')
  const report = api.stdout ? text(api.stdout) : ''
  try {
    const [[code]] = await Promise.all([once(api, 'exit'), disturb(workers, () => ledger.placements().size)])
    if (code !== 0) throw new Error(`the process with the campaign ended with ${code}`)
    return { report: JSON.parse(await report), calls: ledger.placements() }
  } finally {
    await Promise.all(workers.map(stopped))
    await server.close()
  }
}

async function stopped(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const gone = once(worker, 'exit')
  worker.kill('SIGTERM')
  await gone
}
