// A worker: makes or takes up the campaign of a Redis, runs it to its end, prints how it ended.
import { createServer } from 'node:http'
import { Cluster, Redis } from 'ioredis'
import { createEngine, isOutdialError } from '../../../outdial/src/index.js'
import { httpSimulatedCarrier } from '../../../simulation/src/process.js'
import { redisStorage } from '../../src/index.js'
import type { Where } from './processes.js'

const [where = '', carrierUrl = '', port = '0', people = '0'] = process.argv.slice(2)

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
const { redis, cluster, sentinels, storage: options } = JSON.parse(where) as Where
const at = (port: number) => ({ host: '127.0.0.1', port })
const client = redis
  ? new Redis(at(redis))
  : sentinels
    ? new Redis({ sentinels: sentinels.map(at), name: 'primary' })
    : new Cluster((cluster ?? []).map(at), { clusterRetryStrategy: () => 100 })
client.on('error', () => {}) // it connects again by itself
const storage = redisStorage({ client, durable: true, ...options })
const engine = createEngine({ storage, carriers: { sim: carrier }, durable: options?.durable ?? true })
await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve))

const create = () =>
  engine.calls.create({
    name: 'Reminders',
    idempotencyKey: 'the campaign of this Redis',
    carrier: 'sim',
    from: '+12025550100',
    contacts: Array.from({ length: Number(people) }, (_, i) => ({
      phone: `+1${['202', '303', '404', '505'][i % 4]}555${String(100 + Math.floor(i / 4)).padStart(4, '0')}`,
    })),
    maxDuration: '5 s',
    concurrency: 20,
    start: 'now',
  })
/** What a store that is away, or somebody who overtook us, has refused is asked again. */
async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      const known = isOutdialError(error)
      if (known && error.code !== 'batch_discarded' && error.code !== 'storage_unavailable') throw error
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 200))
    }
  }
}

// Both processes make the same job at the same time: whoever is overtaken while it adds the contacts asks again.
const job = await insist(create)
await insist(() => engine.start())
const { state, tasks } = await insist(() => job.finished())
process.stdout.write(`${JSON.stringify({ state, tasks })}\n`)
await engine.stop()
await storage.close()
client.disconnect()
carrier.close()
server.close()
server.closeAllConnections()
