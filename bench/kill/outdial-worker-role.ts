import { httpSimulatedCarrier } from '@outdial/simulation/process'
import { createEngine } from 'outdial'
import { webhookServer } from '../../chaos/worker/webhook-server.js'
import { openStore } from '../redis/subjects/outdial-store.js'
import type { Assignment } from './assignment.js'

/** A worker: an engine on the Redis that all share, with a server for webhooks. */
export async function play(args: string): Promise<void> {
  const { redis, carrierUrl, port, callbackPort, concurrency } = JSON.parse(args) as Assignment
  const { storage } = await openStore(redis)
  const sim = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: `http://127.0.0.1:${callbackPort}/` })
  const engine = createEngine({ storage, carriers: { sim }, placeAtOnce: concurrency })
  await webhookServer(port, engine)
  await engine.start()
  process.send?.('ready')
}
