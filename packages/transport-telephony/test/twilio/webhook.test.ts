import fc from 'fast-check'
import { isOutdialError, type WebhookRequest } from 'outdial'
import { getExpectedBodyHash, getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js'
import { describe, expect, it } from 'vitest'
import { signatureOf } from '../../src/twilio/signature.js'
import { TwilioCall } from '../stand-ins/twilio-call.js'
import { carrierOf, placed, REF, serviceWith } from '../support/twilio-bench.js'

async function completed(part: Parameters<typeof carrierOf>[1] = {}) {
  const service = await serviceWith()
  const carrier = carrierOf(service, part)
  const sid = await placed(carrier)
  await service.ring(sid)
  await service.answer(sid)
  const [webhook] = (await service.end(sid, 'completed')) ?? []
  const parse = (request: WebhookRequest) => carrier.parseWebhook?.(request) ?? Promise.reject(new Error('no webhooks'))
  return { service, carrier, sid, webhook: webhook as WebhookRequest, parse }
}

describe('the signature', () => {
  const values = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), { maxKeys: 12 })

  it('is the one that the official package makes, and that it takes', () => {
    fc.assert(
      fc.property(fc.string(), values, fc.webUrl({ withQueryParameters: true }), (token, said, url) => {
        const parameters = new URLSearchParams(said)
        // Lone surrogates do not outlive a form.
        const sent = Object.fromEntries(parameters)
        const ours = signatureOf(token, { url, parameters })
        expect(ours).toBe(getExpectedTwilioSignature(token, url, sent))
        expect(validateRequest(token, getExpectedTwilioSignature(token, url, sent), url, sent)).toBe(true)
      }),
    )
  })

  it('takes values of one name together, as the official package does', () => {
    const parameters = new URLSearchParams('b=2&a=z&a=y&a=z')
    const url = 'https://calls.example.com/'
    expect(signatureOf('t', { url, parameters })).toBe(
      getExpectedTwilioSignature('t', url, { b: '2', a: ['z', 'y', 'z'] }),
    )
  })

  it('holds behind proxies that change scheme, host, port, path, and the query', async () => {
    const webhookUrl = 'https://calls.example.com/webhooks/twilio?route=a&x=1'
    const { webhook, parse } = await completed({ webhookUrl })
    const ref = encodeURIComponent(REF)
    for (const url of [
      webhook.url,
      `http://10.0.0.7:3000/webhooks/twilio?route=a&x=1&outdial_ref=${ref}`,
      `http://localhost/inner?outdial_ref=${ref}&x=1&route=a`,
      `https://calls.example.com:443/webhooks/twilio?outdial_ref=${REF}&route=a&x=1&added=by-proxy`,
      `/?outdial_ref=${REF}`,
    ]) {
      expect(await parse({ ...webhook, url }), url).toMatchObject([{ ref: REF, type: 'ended' }])
    }
  })

  it.each([
    'https://calls.example.com/hook',
    'https://calls.example.com:443/hook',
    'https://calls.example.com:8443/hook',
    'https://calls.example.com/hook#rc=2',
    'https://calls.example.com',
    " https://Calls.Example.com/it's here?a=b c#rc=2 ",
    'https://bücher.example.com/hook',
  ])('holds for an address that Twilio writes with a port or without: %s', async (webhookUrl) => {
    const { service, sid, webhook, parse } = await completed({ webhookUrl })
    expect(await parse(webhook)).toHaveLength(1)
    const { url } = webhook
    const written = url.includes(':443')
      ? url.replace(':443', '')
      : url.replace(/^(https:\/\/[^/:?]+)(?=[/?])/, '$1:443')
    const parameters = Object.fromEntries(new URLSearchParams(webhook.body))
    const signature = getExpectedTwilioSignature(service.authToken, written, parameters)
    const signed = { ...webhook, headers: { ...webhook.headers, 'x-twilio-signature': signature } }
    expect(await parse(signed)).toMatchObject([{ callId: sid }])
  })

  it('does not hold for another call, another host, or another token', async () => {
    const { service, webhook, parse } = await completed()
    const sign = (url: string, token = service.authToken): WebhookRequest => {
      const parameters = Object.fromEntries(new URLSearchParams(webhook.body))
      const signature = getExpectedTwilioSignature(token, url, parameters)
      return { ...webhook, url, headers: { ...webhook.headers, 'x-twilio-signature': signature } }
    }
    const forged = async (request: WebhookRequest) =>
      isOutdialError(await parse(request).catch((error: unknown) => error), 'webhook_forged')
    const other = webhook.url.replace(encodeURIComponent(REF), encodeURIComponent('job_4x2b:18:1:other'))
    expect(await forged({ ...webhook, url: other })).toBe(true)
    expect(await forged({ ...webhook, url: webhook.url.replace(/outdial_ref=.*/, '') })).toBe(true)
    expect(await forged(sign('https://elsewhere.example.com/hook'))).toBe(true)
    expect(await forged(sign(webhook.url, 'another token'))).toBe(true)
    expect(await forged(sign(webhook.url))).toBe(false)
  })
})

describe('a webhook of JSON', () => {
  async function json(body: string, hash = getExpectedBodyHash(body)) {
    const { service, parse } = await completed()
    const url = `${service.webhookUrl}&outdial_ref=${encodeURIComponent(REF)}&bodySHA256=${hash}`
    const signature = getExpectedTwilioSignature(service.authToken, url, {})
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': signature }
    return parse({ method: 'POST', url, headers, body })
  }

  it('is read when its hash is signed', async () => {
    const body = '{"CallSid":"CA1","CallStatus":"busy","SipResponseCode":603}'
    expect(await json(body)).toEqual([
      {
        ref: REF,
        type: 'ended',
        callId: 'CA1',
        outcome: 'rejected',
        raw: { CallStatus: 'busy', SipResponseCode: '603' },
      },
    ])
  })

  it('is forged when the hash is of another body', async () => {
    await expect(json('{"CallStatus":"busy"}', getExpectedBodyHash('{}'))).rejects.toMatchObject({
      code: 'webhook_forged',
    })
  })

  it('is nothing when it is no object', async () => {
    expect(await json('[1')).toEqual([])
    expect(await json('null')).toEqual([])
  })
})

describe('what a webhook tells', () => {
  it('is how far the call has got, and at the end what came of it', async () => {
    const service = await serviceWith()
    const carrier = carrierOf(service)
    const sid = await placed(carrier)
    const told = async (webhooks: readonly WebhookRequest[] | undefined) => {
      const events = await Promise.all((webhooks ?? []).map((webhook) => carrier.parseWebhook?.(webhook)))
      return events.flat()
    }
    const at = expect.any(Number)
    expect(await told(await service.ring(sid))).toEqual([
      { ref: REF, callId: sid, type: 'queued', at },
      { ref: REF, callId: sid, type: 'ringing', at },
    ])
    expect(await told(await service.answer(sid))).toEqual([{ ref: REF, callId: sid, type: 'answered', at }])
    const raw = { CallStatus: 'completed', SipResponseCode: '200' }
    expect(await told(await service.end(sid, 'completed'))).toEqual([
      { ref: REF, callId: sid, type: 'ended', at, outcome: 'answered', duration: 60_000, raw },
    ])
  })

  it('is nothing of another account', async () => {
    const { service, webhook, parse } = await completed()
    const call = new TwilioCall(9, 'AC00', new URLSearchParams({ StatusCallback: webhook.url }), service)
    expect(await parse(call.goOn('completed')[0] as WebhookRequest)).toEqual([])
  })
})

describe('detection beside the call', () => {
  it('is asked for at the end, as the callback of the end need not have it', async () => {
    const { carrier, service, sid, webhook } = await completed({ amd: { async: true } })
    expect(webhook.body).not.toContain('AnsweredBy')
    service.call(sid).answeredBy = 'machine_start'
    expect(await carrier.parseWebhook?.(webhook)).toMatchObject([
      { outcome: 'voicemail', raw: { AnsweredBy: 'machine_start' } },
    ])
  })

  it('refuses the webhook when it cannot be asked, so that nobody is taken for a person who is none', async () => {
    const { carrier, service, webhook } = await completed({ amd: { async: true } })
    service.nextLookup('error')
    await expect(carrier.parseWebhook?.(webhook)).rejects.toThrow('did not say who answered')
    expect(await carrier.parseWebhook?.(webhook)).toMatchObject([{ outcome: 'answered' }])
  })

  it('makes no event of the callback about machines', async () => {
    const service = await serviceWith()
    const carrier = carrierOf(service, { amd: { async: true } })
    const sid = await placed(carrier)
    await service.ring(sid)
    const [, amd] = await service.answer(sid, 'machine')
    expect(amd?.body).toContain('MachineDetectionDuration')
    expect(await carrier.parseWebhook?.(amd as WebhookRequest)).toEqual([])
  })
})
