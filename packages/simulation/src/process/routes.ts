import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallHandle, Placed } from '@outdial/core'
import type { SimulatedCarrier } from '../carrier/carrier.js'
import { isPlaceRequest } from './wire.js'

/** HTTP statuses of definite refusals; the body says so again, because a status alone proves nothing. */
const REFUSALS = { contact: 422, configuration: 400, account: 402, throttled: 429, unavailable: 503 } as const

/** Answers one request to the carrier's process. `calledBack` learns where the events of a call go. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  carrier: SimulatedCarrier,
  calledBack: (ref: string, url: string) => void,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://carrier')
  const [collection, ref, action] = url.pathname.split('/').slice(1).map(decodeURIComponent)
  const route = `${request.method} ${collection}${ref ? '/:ref' : ''}${action ? `/${action}` : ''}`
  switch (route) {
    case 'POST calls':
      return place(await json(request), response, carrier, calledBack)
    case 'GET calls/:ref':
      return look(handle(ref as string, url.searchParams), response, carrier)
    case 'POST calls/:ref/hangup': {
      if (!carrier.hangup) return reply(response, 404, { error: 'no hangup' })
      return reply(response, 200, { result: await carrier.hangup(handle(ref as string, url.searchParams)) })
    }
    case 'GET ledger': {
      response.writeHead(200, { 'content-type': 'application/jsonl' })
      for (const entry of carrier.ledger) response.write(`${JSON.stringify(entry)}\n`)
      response.end()
      return
    }
    case 'GET capabilities':
      return reply(response, 200, carrier.capabilities)
    case 'PUT faults':
      carrier.setFaults((await json(request)) as Parameters<typeof carrier.setFaults>[0])
      return reply(response, 200, {})
    case 'PUT outcomes':
      carrier.setOutcomes((await json(request)) as Parameters<typeof carrier.setOutcomes>[0])
      return reply(response, 200, {})
    default:
      return reply(response, 404, { error: `no ${route}` })
  }
}

async function place(
  body: unknown,
  response: ServerResponse,
  carrier: SimulatedCarrier,
  calledBack: (ref: string, url: string) => void,
): Promise<void> {
  if (!isPlaceRequest(body)) {
    return reply(response, 400, { status: 'rejected', reason: 'configuration', message: 'malformed request' })
  }
  calledBack(body.ref, body.callbackUrl)
  const placed: Placed = await carrier.place({ ...body, startable: () => true })
  switch (placed.status) {
    case 'accepted':
      return reply(response, 201, placed)
    case 'rejected':
      return reply(response, REFUSALS[placed.reason], placed)
    default:
      // The fault that an answer is lost: the connection breaks.
      response.destroy()
  }
}

async function look(handle: CallHandle, response: ServerResponse, carrier: SimulatedCarrier): Promise<void> {
  if (!carrier.lookup) return reply(response, 404, { error: 'no lookup' })
  const found = await carrier.lookup(handle)
  const status = { found: 200, notFound: 404, cannotTell: 503 }[found.status]
  return reply(response, status, found)
}

function handle(ref: string, query: URLSearchParams): CallHandle {
  return {
    ref,
    to: query.get('to') ?? '',
    from: query.get('from') ?? '',
    fencedAt: Number(query.get('fencedAt') ?? 0),
  }
}

async function json(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
