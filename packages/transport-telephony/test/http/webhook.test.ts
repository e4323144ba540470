import { randomBytes } from 'node:crypto'
import type { Attempt, CarrierEvent, WebhookRequest } from '@outdial/core'
import fc from 'fast-check'
import { isOutdialError } from 'outdial'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HttpCarrierOptions, httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'

let service: HttpService
beforeAll(async () => {
  service = await HttpService.start()
})
afterAll(() => service.close())

const carrier = (options: Partial<HttpCarrierOptions> = {}) =>
  httpCarrier({ baseUrl: 'https://pbx.example.com', secret: service.secret, ...options })
const read = (request: WebhookRequest, options?: Partial<HttpCarrierOptions>) =>
  carrier(options).parseWebhook?.(request)
const told = (event: object) => read(service.signed(event))
const refused = (request: WebhookRequest, options?: Partial<HttpCarrierOptions>) =>
  expect(read(request, options)).rejects.toSatisfy((error) => isOutdialError(error, 'webhook_forged'))

const TIMESTAMP = '2026-11-03T20:26:10.344Z'
const at = Date.parse(TIMESTAMP)
const ended = { type: 'call.ended', timestamp: TIMESTAMP, data: { ref: 'job_1:0:1:x', callId: 'c', outcome: 'busy' } }

describe('an event', () => {
  it('tells how far a call has got', async () => {
    const adapter = httpCarrier({ baseUrl: service.url, secret: service.secret })
    const attempt: Attempt = {
      ref: 'job_1:0:1:life',
      attempt: 1,
      organization: 'acme',
      jobId: 'job_1',
      to: '+12025550123',
      from: '+12025550100',
      variables: {},
      ringTimeout: 25_000,
      maxDuration: 300_000,
      startable: () => true,
    }
    const placed = await adapter.place(attempt)
    const callId = placed.status === 'accepted' ? placed.callId : ''
    const webhooks = [
      ...(await service.ring(callId)),
      ...(await service.answer(callId)),
      ...(await service.end(callId, 'completed')),
    ]
    const events: CarrierEvent[] = []
    for (const webhook of webhooks) events.push(...((await adapter.parseWebhook?.(webhook)) ?? []))
    const common = { ref: attempt.ref, callId, at: expect.any(Number) }
    expect(events).toEqual([
      { ...common, type: 'ringing' },
      { ...common, type: 'answered' },
      { ...common, type: 'ended', outcome: 'answered', duration: 60_000, cost: 3, raw: { sip: 200, q850: 16 } },
    ])
  })

  it.each([
    [{ sip: 486 }, 'busy'],
    [{ sip: 404, q850: 1 }, 'invalid_number'],
    [{ sip: 603 }, 'rejected'],
    [{ sip: 603, reason: 'Network Blocked' }, 'blocked'],
    [{ sip: '503' }, 'network_error'],
    [{ sip: 200 }, undefined],
    [{ q850: 17 }, undefined],
  ])('that says %j and no outcome has that of the SIP code', async (raw, outcome) => {
    const events = await told({ type: 'call.ended', timestamp: TIMESTAMP, data: { ref: 'r', raw } })
    expect(events?.[0]?.outcome).toBe(outcome)
    expect(events?.[0]?.raw).toEqual(raw)
  })

  it('that says an outcome has it, whatever the SIP code', async () => {
    const data = { ref: 'r', outcome: 'voicemail', raw: { sip: 486 } }
    expect(await told({ type: 'call.ended', timestamp: TIMESTAMP, data })).toMatchObject([{ outcome: 'voicemail' }])
  })

  it('is passed on with what is wrong in it, which the engine reports', async () => {
    const data = { ref: 'r', outcome: 'splendid', duration: 'long' }
    expect(await told({ type: 'call.ended', timestamp: 'yesterday', data })).toEqual([
      { ref: 'r', type: 'ended', outcome: 'splendid', duration: 'long' },
    ])
    expect(await told({ type: 'call.ended', timestamp: TIMESTAMP })).toEqual([{ type: 'ended', at, ref: undefined }])
  })

  it.each([{ type: 'recording.ready' }, { type: 'call.transcribed', data: { ref: 'r' } }, {}, []])(
    'of another kind is none of ours: %j',
    async (event) => {
      expect(await told(event)).toEqual([])
    },
  )

  it('that is no JSON is none of ours', async () => {
    const id = 'msg_1'
    const now = new Date()
    const signature = new Webhook(service.secret).sign(id, now, 'hello')
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signature,
    }
    expect(await read({ method: 'POST', url: 'http://x/', headers, body: 'hello' })).toEqual([])
  })
})

describe('a signature', () => {
  it.each(['unsigned', 'other key', 'changed', 'old'] as const)('that is forged is refused: %s', async (how) => {
    await refused(service.forged(service.signed(ended), how))
  })

  it('holds for one id, one time and one body', async () => {
    const { headers, ...rest } = service.signed(ended)
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const { [name]: value = '', ...others } = headers
      await refused({ ...rest, headers: others })
      await refused({ ...rest, headers: { ...headers, [name]: '' } })
      await refused({ ...rest, headers: { ...headers, [name]: `${value}0` } })
    }
  })

  it('is good for five minutes, on the clock that is given', async () => {
    const webhook = service.signed(ended)
    const signedAt = Number(webhook.headers['webhook-timestamp']) * 1000
    for (const apart of [-300_000, 0, 300_000]) {
      expect(await read(webhook, { clock: { now: () => signedAt + apart } })).toHaveLength(1)
    }
    for (const apart of [-300_001, 300_001]) await refused(webhook, { clock: { now: () => signedAt + apart } })
    await refused({ ...webhook, headers: { ...webhook.headers, 'webhook-timestamp': 'soon' } })
  })

  it('may be one of several, by any of several secrets', async () => {
    const webhook = service.signed(ended)
    const other = `whsec_${randomBytes(24).toString('base64')}`
    const signature = webhook.headers['webhook-signature']
    const headers = { ...webhook.headers, 'webhook-signature': `v1a,AAAA v1,AAAA ${signature}` }
    expect(await read({ ...webhook, headers })).toHaveLength(1)
    expect(await read(webhook, { webhookSecret: [other, service.secret] })).toHaveLength(1)
    await refused(webhook, { webhookSecret: other })
    // A signature of another version is not ours to judge.
    await refused({ ...webhook, headers: { ...headers, 'webhook-signature': `${signature}`.replace('v1,', 'v2,') } })
  })

  it('that anybody makes up is refused', async () => {
    const header = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `v1,${text}`),
    )
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), header, fc.string(), async (id, timestamp, signature, body) => {
        const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
        await refused({ method: 'POST', url: 'http://x/', headers, body })
      }),
    )
  })
})
