import { isOutdialError } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import {
  type Fixture,
  pinned,
  readFixtures,
  recordedAnswers,
  replayWebhooks,
  writeFixtures,
} from '../../src/carriers/index.js'
import { manualClock } from '../../src/support/manual-clock.js'
import { Exchange, KEY, SECRET } from './support/exchange.js'
import { exchangeCarrier } from './support/exchange-carrier.js'

const START = 1_800_000_000_000

describe('fixtures', () => {
  it('should pin what a carrier makes of real webhooks, and show what has changed', async () => {
    const recorded = await record()
    const fresh = await replayWebhooks(carrierAt(START), recorded)
    expect(fresh.map(({ right }) => right)).toEqual([false, false, false])

    const text = writeFixtures(pinned(fresh), { secrets: [KEY, SECRET] })
    const kept = readFixtures(`// traffic of fiction\n\n${text}`)
    expect(await replayWebhooks(carrierAt(START), kept)).toMatchObject([
      { name: 'ringing', right: true, events: [{ type: 'ringing' }] },
      { name: 'busy', right: true, events: [{ type: 'ended', outcome: 'busy' }] },
      { name: 'forged', right: true, error: 'webhook_forged' },
    ])

    const other = { parseWebhook: async () => [] }
    expect((await replayWebhooks(other, kept)).map(({ right }) => right)).toEqual([false, false, false])
    // A recording grows old: the carrier needs a clock of its time.
    expect((await replayWebhooks(carrierAt(START + 86_400_000), kept)).map(({ right }) => right)).toEqual([
      false,
      false,
      true,
    ])
  })

  it('should not take a carrier for right that knows a webhook only once', async () => {
    const [fixture] = pinned(await replayWebhooks(carrierAt(START), await record()))
    let events = fixture?.events ?? []
    const once = {
      parseWebhook: async () => {
        const now = events
        events = []
        return now
      },
    }
    expect(await replayWebhooks(once, fixture ? [fixture] : [])).toMatchObject([{ right: false }])
  })

  it('should give recorded answers in the order of their recording', () => {
    const answer = (status: number, path = '/calls'): Fixture => ({
      kind: 'answer',
      name: `a ${status}`,
      request: { method: 'POST', path },
      answer: { status, headers: {}, body: '' },
    })
    const next = recordedAnswers([answer(429), answer(404, '/other'), answer(201)])
    const told = [next('post', '/calls'), next('POST', '/calls'), next('POST', '/calls'), next('GET', '/calls')]
    expect(told.map((each) => each?.status)).toEqual([429, 201, 201, undefined])
  })

  it('should refuse to write a secret down', () => {
    const basic = Buffer.from(`user:${KEY}`).toString('base64')
    const fixture: Fixture = {
      kind: 'webhook',
      name: 'with a key',
      request: { method: 'POST', url: 'https://host.example', headers: { authorization: `Basic ${basic}` }, body: '' },
    }
    expect(() => writeFixtures([fixture], { secrets: [KEY] })).toThrow('with a key')
    expect(writeFixtures([fixture], { secrets: ['another'] })).toContain('with a key')
  })

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'is not an object'],
    ['{"kind":"letter"}', 'kind'],
    ['{"kind":"webhook"}', 'name'],
    ['{"kind":"webhook","name":"a","at":"now"}', 'at'],
    ['{"kind":"webhook","name":"a"}', 'request'],
    ['{"kind":"webhook","name":"a","request":{"method":"POST"}}', 'url'],
    ['{"kind":"webhook","name":"a","request":{"method":"POST","url":"u","body":"","headers":{"a":1}}}', 'headers'],
    [
      '{"kind":"webhook","name":"a","request":{"method":"P","url":"u","body":"","headers":{}},"events":[{"type":"x"}]}',
      'events',
    ],
    ['{"kind":"answer","name":"a","request":{"method":"POST","path":"/"},"answer":{"status":"200"}}', 'answer'],
  ])('should name the line of what is none: %s', (line, problem) => {
    try {
      readFixtures(`// first\n${line}`)
      expect.unreachable()
    } catch (error) {
      expect(isOutdialError(error, 'invalid_options') && error.details.field).toBe('line 2')
      expect(String(error)).toContain(problem)
    }
  })
})

/** Three webhooks of the exchange: a call that rings, one that is busy, and a forgery. */
async function record(): Promise<Fixture[]> {
  const exchange = new Exchange(manualClock(START), false)
  const body = { to: '+12025550101', from: '+12025550199', tag: 'job_a:0:1:n', ring: 20, longest: 60 }
  const { body: placed } = await exchange.request({ path: '/calls', key: KEY, body })
  const { call } = JSON.parse(placed) as { call: string }
  const sent = [...(await exchange.ring(call)), ...(await exchange.end(call, 'busy'))]
  const all = [...sent, ...sent.slice(-1).map((webhook) => exchange.forged(webhook, 'other key'))]
  const names = ['ringing', 'busy', 'forged']
  return all.map((request, i) => ({ kind: 'webhook', name: names[i] ?? '', at: START, request }))
}

function carrierAt(now: number) {
  const clock = manualClock(now)
  return exchangeCarrier(new Exchange(clock, false), { clock, key: KEY, connections: 1, pushes: false })
}
