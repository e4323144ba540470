import { httpSimulatedCarrier } from '@outdial/simulation/process'
import { Worker } from 'bullmq'
import type { Outcome, WebhookRequest } from 'outdial'
import { webhookServer } from '../../chaos/worker/webhook-server.js'
import type { Person } from '../redis/support/corpus.js'
import { type Assignment, FROM, LIMITS, QUEUE } from './assignment.js'

/**
 * A worker as a host writes it with BullMQ: the processor places the call, and is through when the webhook says that the
 * call has ended. The job keeps its lock meanwhile. Everything is as BullMQ has it unless told otherwise.
 */
export async function play(args: string): Promise<void> {
  const { redis, carrierUrl, port, concurrency, maxStalledCount } = JSON.parse(args) as Assignment
  // A call is this process's alone: so its events come here.
  const carrier = httpSimulatedCarrier({ url: carrierUrl, callbackUrl: `http://127.0.0.1:${port}/` })
  const live = new Map<string, (outcome: Outcome | undefined) => void>()
  let calls = 0

  const call = async ({ phone, variables }: Person): Promise<Outcome | undefined> => {
    const ref = `bull:${process.pid}:1:${++calls}`
    const ended = new Promise<Outcome | undefined>((resolve) => live.set(ref, resolve))
    const placed = await carrier.place({
      ref,
      attempt: 1,
      organization: 'default',
      jobId: QUEUE,
      to: phone,
      from: FROM,
      variables: { ...variables },
      ...LIMITS,
      startable: () => true,
    })
    if (placed.status !== 'accepted') throw new Error(`not placed: ${placed.status}`)
    return ended
  }

  await webhookServer(port, {
    async webhook(_: string, request: WebhookRequest) {
      const events = (await carrier.parseWebhook?.(request)) ?? []
      for (const { ref, type, outcome } of events) {
        if (type !== 'ended') continue
        live.get(ref)?.(outcome)
        live.delete(ref)
      }
      return { events: events.length }
    },
  })
  const worker = new Worker<Person>(QUEUE, ({ data }) => call(data), {
    connection: { host: '127.0.0.1', port: redis, maxRetriesPerRequest: null },
    concurrency,
    ...(maxStalledCount !== undefined && { maxStalledCount }),
  })
  worker.on('error', () => {})
  await worker.waitUntilReady()
  process.send?.('ready')
}
