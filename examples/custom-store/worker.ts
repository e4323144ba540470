// The process that is going to be killed: an engine over a SQLite file, and an address for the carrier's webhooks.
import { createServer } from 'node:http'
import { httpSimulatedCarrier } from '@outdial/simulation/process'
import { kvStorage } from '@outdial/storage-kv'
import { createEngine } from 'outdial'
import { sqliteKv } from './sqlite-kv.js'

const [file = '', carrierUrl = '', port = ''] = process.argv.slice(2)
const address = `http://127.0.0.1:${port}/`

const storage = kvStorage(sqliteKv(file))
const carrier = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: address })
const engine = createEngine({ storage, carriers: { sim: carrier }, durable: true })

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const taken = engine.webhook('sim', { method: 'POST', url: address, headers, body })
  response
    .writeHead(
      await taken.then(
        () => 204,
        () => 503,
      ),
    )
    .end()
})
await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))

// Created once: with the same idempotency key a process that comes after a crash gets the job that is there.
const job = await engine.calls.create({
  name: 'Reminders',
  idempotencyKey: 'reminders of this week',
  carrier: 'sim',
  from: '+12025550100',
  contacts: Array.from({ length: 100 }, (_, i) => ({ phone: `+1303555${String(100 + i).padStart(4, '0')}` })),
  concurrency: 10,
  start: 'now',
})
await engine.start()
const { state, tasks } = await job.finished()
console.log(`${state}: ${tasks.total} contacts, ${tasks.succeeded} succeeded, ${tasks.open} open`)

await engine.stop()
await storage.close()
carrier.close()
server.close()
server.closeAllConnections()
