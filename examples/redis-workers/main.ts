// A campaign by one process that takes webhooks and three that dial, on one Redis: once in peace, and once with a worker
// killed in the middle. Report and calls are the same.
import { isDeepStrictEqual } from 'node:util'
import { Redis } from 'ioredis'
import { findOrStartRedis } from './redis.js'
import { runCampaign } from './run-campaign.js'

const redis = await findOrStartRedis()
const prefix = `example-${process.pid}-${Date.now()}`

const peaceful = await runCampaign(redis.url, `${prefix}-peace`, async () => {})
console.log('in peace:', peaceful.report)

const disturbed = await runCampaign(redis.url, `${prefix}-trouble`, async ([victim], called) => {
  while (called() < 40) await new Promise((resolve) => setTimeout(resolve, 10))
  victim?.kill('SIGKILL')
  console.log(`kill -9 of a worker when ${called()} of 100 people had been called`)
})
console.log('with a worker killed:', disturbed.report)

const same = isDeepStrictEqual(peaceful, disturbed)
const calls = [...disturbed.calls.values()].reduce((sum, n) => sum + n, 0)
console.log(`people called: ${disturbed.calls.size}, calls: ${calls}`)
console.log(same ? 'the same report, and the same calls to everybody' : 'THEY DIFFER')

const client = new Redis(redis.url)
for (let cursor = '0'; ; ) {
  const [next, keys] = await client.scan(cursor, 'MATCH', `{${prefix}-*`, 'COUNT', 1000)
  if (keys.length > 0) await client.unlink(...keys)
  cursor = next
  if (cursor === '0') break
}
client.disconnect()
await redis.stop()
if (!same || disturbed.calls.size !== 100) process.exitCode = 1
