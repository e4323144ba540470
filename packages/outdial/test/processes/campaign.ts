import { createServer } from 'node:http'
import { httpSimulatedCarrier } from '../../../simulation/src/process.js'
import { createEngine, isOutdialError, type Storage } from '../../src/index.js'

/** What a worker's process is told on its command line, after what names its store. */
export type WorkerArguments = [carrierUrl: string, port: string, people: string]

/** What a worker's process does: makes or takes up the campaign of a store, runs it to its end, prints how it ended. */
export async function runCampaign(storage: Storage, ...[carrierUrl, port, people]: WorkerArguments): Promise<void> {
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
  const engine = createEngine({ storage, carriers: { sim: carrier }, durable: true })
  await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))

  const create = () =>
    engine.calls.create({
      name: 'Reminders',
      idempotencyKey: 'the campaign of this store',
      carrier: 'sim',
      from: '+12025550100',
      contacts: Array.from({ length: Number(people) }, (_, i) => ({
        phone: `+1${['202', '303', '404', '505'][i % 4]}555${String(100 + Math.floor(i / 4)).padStart(4, '0')}`,
      })),
      maxDuration: '5 s',
      concurrency: 20,
      start: 'now',
    })
  // Processes that share a store make the same job at once: whoever is overtaken while it adds the contacts asks again.
  let job: Awaited<ReturnType<typeof create>> | undefined
  while (!job) {
    job = await create().catch(async (error) => {
      if (!isOutdialError(error, 'batch_discarded')) throw error
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200))
      return undefined
    })
  }
  await engine.start()
  const { state, tasks } = await job.finished()
  process.stdout.write(`${JSON.stringify({ state, tasks })}\n`)
  await engine.stop()
  await storage.close()
  carrier.close()
  server.close()
  server.closeAllConnections()
}
