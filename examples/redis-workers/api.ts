// The process that users and the carrier talk to: it creates the campaign and takes webhooks, and dials nothing.
import { createServer } from 'node:http'
import { httpSimulatedCarrier } from '@outdial/simulation/process'
import { createEngine } from 'outdial'
import { openStore } from './store.js'

const [redisUrl = '', prefix = '', carrierUrl = '', port = ''] = process.argv.slice(2)
const address = `http://127.0.0.1:${port}/`

const store = openStore(redisUrl, prefix)
const carrier = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: address })
const engine = createEngine({ storage: store.storage, carriers: { sim: carrier }, dial: [] })

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const status = await engine.webhook('sim', { method: 'POST', url: address, headers, body }).then(
    () => 204,
    // What is not stored has to be sent again.
    () => 503,
  )
  response.writeHead(status).end()
})
await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))
await engine.start()

const job = await engine.calls.create({
  name: 'Reminders',
  carrier: 'sim',
  from: '+12025550100',
  contacts: Array.from({ length: 100 }, (_, i) => ({ phone: `+1303555${String(100 + i).padStart(4, '0')}` })),
  concurrency: 12,
  attempts: 2,
  retry: { busy: ['1s'] },
  ringTimeout: '5s',
  maxDuration: '5s',
  start: 'now',
})
const { state, tasks, byOutcome } = await job.finished()
const { total, succeeded, failed, open } = tasks
process.stdout.write(JSON.stringify({ state, total, succeeded, failed, open, byOutcome }))

await engine.stop()
await store.close()
carrier.close()
server.close()
server.closeAllConnections()
