// A worker on the Redis at a port.
import { Redis } from 'ioredis'
import { runCampaign, type WorkerArguments } from '../../../outdial/test/processes/campaign.js'
import { redisStorage } from '../../src/index.js'

const [redis, ...told] = process.argv.slice(2) as [string, ...WorkerArguments]
const client = new Redis(Number(redis), '127.0.0.1')
client.on('error', () => {}) // it connects again by itself
await runCampaign(redisStorage({ client, durable: true }), ...told)
client.disconnect()
