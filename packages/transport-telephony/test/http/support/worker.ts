// A worker's process on Redis: makes or takes up the campaign of the store, runs it to its end, prints how it ended.
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { createEngine, isOutdialError, virtualClock } from 'outdial'
import { RedisStorage } from '../../../../storage-redis/src/redis-storage.js'
import { GIVEN_CLOCK } from '../../../../storage-redis/test/support/given-clock.lua.js'
import { httpCarrier } from '../../../src/http/index.js'
import { CAMPAIGN, CAPABILITIES, people } from './people.js'

/** What a worker is told. */
export interface Told {
  redis: number
  baseUrl: string
  secret: string
  /** Where it takes events. */
  port: number
  people: number
  /** Everybody's time: it was `epoch` at `epoch`, and runs so many times as fast. */
  epoch: number
  speed: number
}

const told = JSON.parse(process.argv[2] ?? '') as Told
const { epoch, speed, port } = told
const clock = virtualClock({ start: epoch + (Date.now() - epoch) * speed, speed })
const client = new Redis({ port: told.redis, host: '127.0.0.1' })
client.on('error', () => {}) // it connects again by itself
const storage = new RedisStorage({ client, durable: true }, { givenClock: GIVEN_CLOCK })
const { baseUrl, secret } = told
const carrier = httpCarrier({
  baseUrl,
  secret,
  webhookUrl: `http://127.0.0.1:${port}/pbx`,
  capabilities: CAPABILITIES,
  timeout: 400,
  clock,
})
const engine = createEngine({ storage, carriers: { pbx: carrier }, clock, durable: true })

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) body += chunk
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const taken = engine.webhook('pbx', { method: 'POST', url: `http://127.0.0.1:${port}/pbx`, headers, body })
  response
    .writeHead(
      await taken.then(
        () => 204,
        () => 503,
      ),
    )
    .end()
})
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))

/** Whoever is overtaken by another process that makes the same campaign asks again. */
async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isOutdialError(error, 'batch_discarded') && !isOutdialError(error, 'barrier_unmet')) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const job = await insist(() => engine.calls.create({ ...CAMPAIGN, contacts: people(told.people) }))
await insist(() => engine.start())
const { state, tasks } = await insist(() => job.finished())
process.stdout.write(JSON.stringify({ state, tasks }))
await engine.stop()
await storage.close()
client.disconnect()
server.closeAllConnections()
server.close()
clock.dispose()
