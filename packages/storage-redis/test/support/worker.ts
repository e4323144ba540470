import type { Campaigns } from '../../../outdial/test/processes/campaign.js'
import { type Worker, workersOf } from '../../../outdial/test/processes/workers.js'
import type { RedisStorageOptions } from '../../src/index.js'

/** Where a worker keeps everything: at the port of a server, of the nodes of a Cluster, or where Sentinels at ports say. */
export interface Where {
  redis?: number
  cluster?: number[]
  sentinels?: number[]
  /** Options of the storage; `durable` unless they say otherwise. */
  storage?: Omit<RedisStorageOptions, 'client'>
  campaigns?: Campaigns
}

const start = workersOf(new URL('./campaign.ts', import.meta.url))

/** Starts a worker on a Redis. */
export function worker(where: Where, carrierUrl: string, port: number, people: number): Worker {
  return start(JSON.stringify(where), carrierUrl, port, people)
}
