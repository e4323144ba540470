import { Agent } from 'node:http'
import type { Attempt, CallHandle, Carrier, CarrierCapabilities, Clock, Lookup, Placed } from '@outdial/core'
import { DEFAULT_CAPABILITIES } from '../carrier/options.js'
import { realClock } from '../clock/real-clock.js'
import { exchange } from './http-request.js'
import { parseWebhook } from './webhook.js'
import type { PlaceRequest } from './wire.js'

/** Where a simulated carrier's process is, and how it finds the engine. */
export interface HttpSimulatedCarrierOptions {
  /** Base URL of the process. */
  url: string
  /** The secret with which the process signs webhooks. Default: `simulation`. */
  secret?: string
  /** Where this worker takes webhooks for this carrier. */
  callbackUrl: string
  /** What the process was told to be; it is not asked. Default: as a simulated carrier's. */
  capabilities?: Partial<CarrierCapabilities>
  /** Milliseconds until an answer is no longer waited for and the call is `unknown`. Default: `10_000`. */
  timeout?: number
  /** Judges the age of signatures. Default: the machine's clock. */
  clock?: Clock
}

/** The carrier of this process's side. */
export interface HttpSimulatedCarrier extends Carrier {
  /** Closes idle connections. */
  close(): void
}

/** A carrier whose calls are placed at another process: see {@link serveSimulatedCarrier}. */
export function httpSimulatedCarrier(options: HttpSimulatedCarrierOptions): HttpSimulatedCarrier {
  const { url, secret = 'simulation', callbackUrl, timeout = 10_000, clock = realClock } = options
  const agent = new Agent({ keepAlive: true })
  const capabilities = { ...DEFAULT_CAPABILITIES, ...options.capabilities }

  const lookup = async (call: CallHandle): Promise<Lookup> => {
    const answer = await exchange(agent, { method: 'GET', url: callUrl(url, call), timeout })
    const found = typeof answer === 'string' ? undefined : parsed<Lookup>(answer.body)
    if (found?.status === 'found' || found?.status === 'notFound') return found
    return { status: 'cannotTell', message: typeof answer === 'string' ? answer : `HTTP ${answer.status}` }
  }

  const hangup = async (call: CallHandle): Promise<'done' | 'gone' | 'refused'> => {
    const answer = await exchange(agent, { method: 'POST', url: callUrl(url, call, '/hangup'), timeout })
    const result = typeof answer === 'string' ? undefined : parsed<{ result: string }>(answer.body)?.result
    return result === 'done' || result === 'gone' ? result : 'refused'
  }

  return {
    capabilities,
    async place(attempt) {
      const answer = await exchange(agent, {
        method: 'POST',
        url: new URL('/calls', url),
        body: JSON.stringify(wire(attempt, callbackUrl)),
        timeout,
        startable: () => attempt.startable(),
      })
      if (answer === 'notSent') return { status: 'notSent', message: 'no connection, or too late to start' }
      if (answer === 'unknown') return { status: 'unknown', message: 'the connection broke or timed out' }
      const placed = parsed<Placed>(answer.body)
      // Only the carrier's own word counts: a status may come from anything in between.
      if (placed?.status === 'accepted' || placed?.status === 'rejected') return placed
      return { status: 'unknown', message: `HTTP ${answer.status}` }
    },
    ...(capabilities.lookup && { lookup }),
    ...(capabilities.hangup && { hangup }),
    parseWebhook: async (request) => parseWebhook(request, secret, clock),
    close: () => agent.destroy(),
  }
}

/** What an attempt looks like on the wire: without the question that only this side can answer. */
function wire({ startable: _, ...attempt }: Attempt, callbackUrl: string): PlaceRequest {
  return { ...attempt, callbackUrl }
}

function callUrl(base: string, { ref, to, from, fencedAt }: CallHandle, action = ''): URL {
  const url = new URL(`/calls/${encodeURIComponent(ref)}${action}`, base)
  url.search = new URLSearchParams({ to, from, fencedAt: String(fencedAt) }).toString()
  return url
}

function parsed<Body>(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body
  } catch {
    return undefined
  }
}
