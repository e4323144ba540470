import type { CallHandle } from '@outdial/core'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HttpCarrierOptions, httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'
import { attempt } from './support/attempt.js'

let service: HttpService
beforeEach(async () => {
  service = await HttpService.start()
})
afterEach(() => service.close())

const HOUR = 3_600_000
const ALL = { lookup: { visibilityLag: 0, horizon: HOUR }, hangup: true } as const
const carrier = (options: Partial<HttpCarrierOptions> = {}) =>
  httpCarrier({ baseUrl: service.url, secret: service.secret, timeout: 2_000, capabilities: ALL, ...options })
const asked = attempt({ ref: 'job_1:0:1:Ü/x' })
const handle: CallHandle = { ref: asked.ref, to: asked.to, from: asked.from, fencedAt: 0 }
const placed = async (adapter = carrier()) => {
  const answer = await adapter.place(asked)
  return answer.status === 'accepted' ? answer.callId : ''
}

describe('looking a call up', () => {
  it('finds how far it has got', async () => {
    const adapter = carrier()
    const callId = await placed(adapter)
    const at = expect.any(Number)
    expect(await adapter.lookup?.(handle)).toEqual({ status: 'found', event: { type: 'queued', callId, at } })
    await service.ring(callId)
    expect(await adapter.lookup?.(handle)).toMatchObject({ status: 'found', event: { type: 'ringing' } })
    await service.end(callId, 'invalid_number')
    expect(await adapter.lookup?.(handle)).toMatchObject({
      status: 'found',
      event: { type: 'ended', outcome: 'invalid_number', raw: { sip: 404 } },
    })
  })

  it('proves that there is none by the service’s own time', async () => {
    const before = Date.now()
    const answer = await carrier().lookup?.(handle)
    expect(answer).toMatchObject({ status: 'notFound' })
    const asOf = answer?.status === 'notFound' ? answer.asOf : 0
    expect(asOf).toBeGreaterThanOrEqual(before)
    expect(asOf).toBeLessThanOrEqual(Date.now())
  })

  it.each(['throttled', 'error', 'silence', 'account'] as const)('proves nothing when it meets %s', async (weather) => {
    service.nextLookup(weather)
    expect(await carrier().lookup?.(handle)).toMatchObject({ status: 'cannotTell' })
  })

  it('proves nothing when nobody is there', async () => {
    const adapter = carrier()
    await service.close()
    expect(await adapter.lookup?.(handle)).toMatchObject({ status: 'cannotTell' })
    service = await HttpService.start()
  })
})

/** A service that answers everything with the same. */
async function answering(status: number, body: unknown): Promise<HttpCarrierOptions> {
  const { createServer } = await import('node:http')
  const server = createServer((_, response) => {
    response.writeHead(status).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { close } = service
  service.close = async () => {
    server.closeAllConnections()
    server.close()
    await close.call(service)
  }
  const { port } = server.address() as { port: number }
  return { baseUrl: `http://127.0.0.1:${port}`, secret: service.secret, capabilities: ALL }
}

describe('an answer that is not what the protocol says', () => {
  const asOf = '2026-11-03T20:26:10Z'
  it.each<[number, unknown]>([
    [404, { code: 'call_not_found' }],
    [404, { code: 'call_not_found', asOf: '2026-11-03T20:26:10' }],
    [404, { code: 'call_not_found', asOf: 1_762_201_570_000 }],
    [404, { code: 'not_found', asOf }],
    [404, 'no such page'],
    [410, { code: 'call_not_found', asOf }],
    [200, { code: 'call_not_found', asOf }],
    [200, { ref: asked.ref, state: 'vanished' }],
    [200, { ref: 'job_1:0:2:another', state: 'ended' }],
    [200, []],
    [200, null],
  ])('proves nothing of a call: %i %j', async (status, body) => {
    expect(await httpCarrier(await answering(status, body)).lookup?.(handle)).toMatchObject({ status: 'cannotTell' })
  })

  it.each<[number, unknown]>([
    [404, 'no such page'],
    [410, {}],
    [500, { code: 'call_ended' }],
    [403, {}],
  ])('does not say that a call is over: %i %j', async (status, body) => {
    const ended = httpCarrier(await answering(status, body)).hangup?.(handle)
    await expect(ended).rejects.toThrow(`the service answered ${status}`)
  })

  it.each<[number, unknown, string]>([
    [409, { code: 'too_early' }, 'refused'],
    [404, { code: 'call_not_found' }, 'gone'],
    [410, { code: 'call_ended' }, 'gone'],
    [204, undefined, 'done'],
  ])('of hanging up means: %i %j is %s', async (status, body, answer) => {
    expect(await httpCarrier(await answering(status, body)).hangup?.(handle)).toBe(answer)
  })
})

describe('hanging up', () => {
  it('ends a call, which the service then tells', async () => {
    const adapter = carrier()
    const callId = await placed(adapter)
    expect(await adapter.hangup?.(handle)).toBe('done')
    expect(service.live(callId)).toBe(false)
    expect(await adapter.hangup?.(handle)).toBe('gone')
  })

  it('says that nobody knows when it is so', async () => {
    const adapter = carrier()
    await placed(adapter)
    for (const weather of ['error', 'silence'] as const) {
      service.nextHangup(weather)
      await expect(adapter.hangup?.(handle)).rejects.toThrow('The call could not be hung up')
    }
    expect(await adapter.hangup?.(handle)).toBe('done')
  })
})

it('should sign requests so that a library of Standard Webhooks can verify them', async () => {
  await placed()
  const [{ headers, path, body } = { headers: {}, path: '', body: {} }] = service.requests
  const content = `POST ${path}\n${JSON.stringify(body)}`
  const said = headers as Record<string, string>
  expect(() => new Webhook(service.secret).verify(content, said, { jsonParse: false })).not.toThrow()
  expect(() => new Webhook(service.secret).verify(`${content} `, said, { jsonParse: false })).toThrow()
})

it('should offer only what the service can do', () => {
  const adapter = carrier({ capabilities: {} })
  expect(adapter.capabilities).toEqual({ idempotency: 'none', lookup: false, hangup: false, amd: false })
  expect([adapter.lookup, adapter.hangup]).toEqual([undefined, undefined])
})

it('should keep its secrets to itself', async () => {
  const adapter = carrier({ headers: { authorization: 'Bearer g4teway' } })
  const { inspect } = await import('node:util')
  const answer = await adapter.place(asked)
  const shown = [JSON.stringify(adapter), String(adapter), inspect(adapter, { depth: 9 }), JSON.stringify(answer)]
  for (const text of shown) {
    expect(text).not.toContain(service.secret.slice(6))
    expect(text).not.toContain('g4teway')
  }
})
