import type { WebhookRequest } from '@outdial/core'
import { describe, expect, test } from 'vitest'
import { DEFAULT_START, virtualClock } from '../src/index.js'
import { httpSimulatedCarrier, SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from '../src/process.js'

const SECRET = 'between us'
const event = { ref: 'job_test:1:1:n0nce', type: 'answered', at: DEFAULT_START }

const signed = (changes: { secret?: string; at?: number | string } = {}): WebhookRequest => {
  const body = JSON.stringify(event)
  const timestamp = String(changes.at ?? DEFAULT_START)
  return {
    method: 'POST',
    url: 'https://host.example/webhooks/sim',
    headers: { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: sign(changes.secret ?? SECRET, timestamp, body) },
    body,
  }
}

const parse = (request: WebhookRequest) =>
  httpSimulatedCarrier({
    url: 'http://127.0.0.1:1',
    secret: SECRET,
    callbackUrl: '',
    clock: virtualClock(),
  }).parseWebhook?.(request)

describe('parseWebhook', () => {
  test('gives the event of a webhook whose signature holds', async () => {
    expect(await parse(signed())).toEqual([event])
    expect(await parse(signed({ at: DEFAULT_START - 300_000 }))).toEqual([event])
  })

  test.each<[string, WebhookRequest]>([
    ['a changed body', { ...signed(), body: signed().body.replace('answered', 'ended') }],
    [
      'a changed time',
      { ...signed(), headers: { ...signed().headers, [TIMESTAMP_HEADER]: String(DEFAULT_START + 1) } },
    ],
    ['another secret', signed({ secret: 'guessed' })],
    ['no signature', { ...signed(), headers: { [TIMESTAMP_HEADER]: String(DEFAULT_START) } }],
    ['a cut signature', { ...signed(), headers: { ...signed().headers, [SIGNATURE_HEADER]: 'ab' } }],
    ['no headers', { ...signed(), headers: {} }],
    ['a recording from long ago', signed({ at: DEFAULT_START - 300_001 })],
    ['a time to come', signed({ at: DEFAULT_START + 300_001 })],
    ['a time that is none', signed({ at: 'soon' })],
  ])('throws webhook_forged for %s', async (_, request) => {
    await expect(parse(request)).rejects.toMatchObject({ code: 'webhook_forged' })
  })
})
