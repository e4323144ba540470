import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { httpSimulatedCarrier } from '../../../simulation/src/process.js'
import { createEngine, isOutdialError, type LedgerSink, type Storage } from '../../src/index.js'

/** What a worker's process is told on its command line, after what names its store. */
export type WorkerArguments = [carrierUrl: string, port: string, people: string]

/** Several campaigns instead of one, and their ledger. */
export interface Campaigns {
  /** One of each organization, with its part of the people. Default 1. */
  organizations?: number
  /** Calls of all of them at once. Default: no limit but that of each campaign. */
  atOnce?: number
  /** Default: none is written. */
  ledger?: 'keep' | DeadlySink
}

/** A sink that has its process killed with the first entries, before they are in its file or when they are. */
export interface DeadlySink {
  file: string
  dies: 'before' | 'after'
}

function deadlySink({ file, dies }: DeadlySink): LedgerSink {
  return {
    async append(entries) {
      if (dies === 'after') appendFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
      process.kill(process.pid, 'SIGKILL')
    },
  }
}

/** What a store that is away, or somebody who overtook us, has refused is asked again. */
async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const lasting = isOutdialError(error) && error.code !== 'batch_discarded' && error.code !== 'storage_unavailable'
      if (lasting && error.code !== 'barrier_unmet') throw error
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200))
    }
  }
}

/** What a worker's process does: makes or takes up the campaigns of a store, runs them to their end, prints how they ended. */
export async function runCampaign(
  storage: Storage,
  [carrierUrl, port, people]: WorkerArguments,
  { organizations = 1, atOnce, ledger }: Campaigns = {},
): Promise<void> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const url = `http://127.0.0.1:${port}${request.url}`
    const taken = await engine.webhook('sim', { method: 'POST', url, headers, body }).then(
      () => 204,
      () => 503,
    )
    response.writeHead(taken).end()
  })
  const carrier = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: `http://127.0.0.1:${port}/` })
  const sink = typeof ledger === 'object' ? deadlySink(ledger) : ledger
  const engine = createEngine({ storage, carriers: { sim: carrier }, durable: true, ...(sink && { ledger: sink }) })
  await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))

  const phones = Array.from({ length: Number(people) }, (_, i) => ({
    phone: `+1${['202', '303', '404', '505'][i % 4]}555${String(100 + Math.floor(i / 4)).padStart(4, '0')}`,
  }))
  const create = (organization: number) =>
    engine.calls.create({
      name: 'Reminders',
      organization: `organization ${organization}`,
      idempotencyKey: 'the campaign of this store',
      carrier: 'sim',
      from: '+12025550100',
      contacts: phones.filter((_, i) => i % organizations === organization),
      maxDuration: '5 s',
      concurrency: 20,
      start: 'now',
    })
  if (atOnce !== undefined) await insist(() => engine.setLimits({ everything: true }, { concurrency: atOnce }))
  // Processes that share a store make the same job at once: whoever is overtaken while it adds the contacts asks again.
  const jobs = []
  for (let i = 0; i < organizations; i++) jobs.push(await insist(() => create(i)))
  await insist(() => engine.start())
  const tasks = { total: 0, open: 0 }
  let state = ''
  for (const job of jobs) {
    const ended = await insist(() => job.finished())
    tasks.total += ended.tasks.total
    tasks.open += ended.tasks.open
    state = ended.state
  }
  process.stdout.write(`${JSON.stringify({ state, tasks })}\n`)
  await engine.stop()
  await storage.close()
  carrier.close()
  server.close()
  server.closeAllConnections()
}
