// A worker on the Redis that it is told of.
import { Cluster, Redis } from 'ioredis'
import { runCampaign, type WorkerArguments } from '../../../outdial/test/processes/campaign.js'
import { redisStorage } from '../../src/index.js'
import type { Where } from './worker.js'

const [where, ...told] = process.argv.slice(2) as [string, ...WorkerArguments]
const { redis, cluster, sentinels, storage, campaigns } = JSON.parse(where) as Where
const at = (port: number) => ({ host: '127.0.0.1', port })
const client = redis
  ? new Redis(at(redis))
  : sentinels
    ? new Redis({ sentinels: sentinels.map(at), name: 'primary' })
    : new Cluster((cluster ?? []).map(at), { clusterRetryStrategy: () => 100 })
client.on('error', () => {}) // it connects again by itself
await runCampaign(redisStorage({ client, durable: true, ...storage }), told, campaigns)
client.disconnect()
