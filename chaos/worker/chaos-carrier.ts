import { type HttpSimulatedCarrier, httpSimulatedCarrier } from '@outdial/simulation/process'
import { type CarrierEvent, type Clock, parseRef, type Storage } from 'outdial'
import type { Assignment } from './assignment.js'

/** The carrier as a worker sees it, with what a control switches off on this side. */
export function chaosCarrier(assignment: Assignment, clock: Clock, storage: Storage): HttpSimulatedCarrier {
  const { carrierUrl, callbackPort, lookup, visibilityLag, sabotage } = assignment
  const carrier = httpSimulatedCarrier({
    url: carrierUrl,
    callbackUrl: `http://127.0.0.1:${callbackPort}/`,
    clock,
    timeout: 5_000,
    capabilities: { lookup: lookup && { visibilityLag, horizon: 86_400_000 } },
  })
  if (sabotage === 'signatures-unchecked') {
    return { ...carrier, parseWebhook: async ({ body }) => [JSON.parse(body) as CarrierEvent] }
  }
  if (sabotage === 'events-by-contact') {
    return {
      ...carrier,
      async parseWebhook(request) {
        const events = (await carrier.parseWebhook?.(request)) ?? []
        return Promise.all(events.map((event) => ofItsContact(event, storage)))
      },
    }
  }
  return carrier
}

async function ofItsContact(event: CarrierEvent, storage: Storage): Promise<CarrierEvent> {
  const parts = parseRef(event.ref)
  const task = parts && (await storage.getTask(parts.jobId, parts.index))
  return task?.ref === undefined ? event : { ...event, ref: task.ref }
}
