import { describe, expect, it } from 'vitest'
import { decodeState } from '../../src/telnyx/client-state.js'
import { commandId } from '../../src/telnyx/command-id.js'
import type { TelnyxCarrierOptions } from '../../src/telnyx/index.js'
import { telnyxCarrier } from '../../src/telnyx/index.js'
import { LoopbackService } from '../stand-ins/loopback-service.js'
import { forbidden, refused } from '../stand-ins/telnyx/answers.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { attempt, FROM, optionsFor, placed, REF, setUp, TO } from './support.js'

describe('dialing', () => {
  it('asks for one call, with the ref in everything that comes back', async () => {
    const { service, carrier } = await setUp({
      amd: 'premium',
      fromDisplayName: 'Acme',
      billingGroupId: 'bg-1',
      record: 'dual',
    })
    const callId = await placed(carrier)
    expect(service.calls()).toEqual([
      { callId, to: TO, from: FROM, ref: REF, ringTimeout: 30_000, maxDuration: 600_000 },
    ])
    expect(service.call(callId).dial).toEqual({
      connection_id: service.book.connectionId,
      to: TO,
      from: FROM,
      command_id: commandId(REF, 'dial'),
      client_state: expect.any(String),
      timeout_secs: 30,
      time_limit_secs: 600,
      webhook_url: 'http://127.0.0.1:9/webhooks/telnyx',
      webhook_url_method: 'POST',
      answering_machine_detection: 'premium',
      from_display_name: 'Acme',
      billing_group_id: 'bg-1',
      record: 'record-from-answer',
      record_channels: 'dual',
    })
    expect(decodeState(service.call(callId).dial.client_state)).toEqual({ ref: REF })
  })

  it('names the command after the attempt: a UUID, the same for ever', () => {
    expect(commandId(REF, 'dial')).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(commandId(REF, 'dial')).toBe(commandId(REF, 'dial'))
    expect(commandId(REF, 'dial')).not.toBe(commandId(`${REF}2`, 'dial'))
    expect(commandId(REF, 'dial')).not.toBe(commandId(REF, 'hangup'))
  })

  it('is answered by the first call within the window that it declares', async () => {
    let now = Date.now()
    const { service, carrier } = await setUp({}, { now: () => now })
    const first = await placed(carrier)
    const { idempotency } = carrier.capabilities
    if (typeof idempotency !== 'object') throw new Error('no window')
    now += idempotency.window - 1
    expect(await placed(carrier)).toBe(first)
    now += 1
    expect(await placed(carrier)).not.toBe(first)
    expect(service.calls()).toHaveLength(2)
  })

  it('keeps to the limits of the service', async () => {
    const { service, carrier } = await setUp()
    await placed(carrier, { ringTimeout: 1_000, maxDuration: 999 })
    await placed(carrier, { ref: 'other', ringTimeout: 999_000, maxDuration: 99_999_000 })
    expect(service.calls()).toMatchObject([
      { ringTimeout: 5_000, maxDuration: 1_000 },
      { ringTimeout: 600_000, maxDuration: 14_400_000 },
    ])
  })

  it('writes nothing when it may not start', async () => {
    const { service, carrier } = await setUp()
    expect(await carrier.place(attempt({ startable: () => false }))).toMatchObject({ status: 'notSent' })
    expect(service.asked()).toBe(0)
  })
})

describe('who talks', () => {
  const agents: TelnyxCarrierOptions['agents'] = {
    reminder: { speak: 'Hello {{first name}}, see you on {{day}}.', voice: 'AWS.Polly.Joanna', language: 'en-US' },
    letter: { speak: '<speak>Hello {{name}}</speak>', voice: 'AWS.Polly.Joanna', ssml: true, hangup: false },
    jingle: { play: 'https://media.example.com/{{file}}.mp3' },
    anna: { assistant: 'assistant-1', greeting: 'Hello {{name}}!', needs: ['balance'] },
  }

  it('knows what each agent needs of a contact', async () => {
    const { carrier } = await setUp({ agents })
    const needs = (agent?: string) => carrier.needs?.(agent)
    expect([needs('reminder'), needs('letter'), needs('jingle'), needs('anna')]).toEqual([
      ['first name', 'day'],
      ['name'],
      ['file'],
      ['balance', 'name'],
    ])
    expect([needs(undefined), needs('assistant-77')]).toEqual([[], []])
    expect(() => needs('nobody')).toThrow(
      expect.objectContaining({ code: 'invalid_options', details: { field: 'agent' } }),
    )
  })

  it('takes what is to be said along, for whoever hears that the call is answered', async () => {
    const { service, carrier } = await setUp({ agents })
    const said = async (agent: string, variables: Record<string, unknown>) => {
      const id = await placed(carrier, { ref: agent, agent, variables })
      return decodeState(service.call(id).dial.client_state)
    }
    expect(await said('reminder', { 'first name': 'Ann', day: 3 })).toEqual({
      ref: 'reminder',
      say: { payload: 'Hello Ann, see you on 3.', voice: 'AWS.Polly.Joanna', language: 'en-US' },
      ends: true,
    })
    expect(await said('letter', { name: '<break time="9s"/>' })).toEqual({
      ref: 'letter',
      say: {
        payload: '<speak>Hello &lt;break time=&quot;9s&quot;/&gt;</speak>',
        voice: 'AWS.Polly.Joanna',
        payload_type: 'ssml',
      },
    })
  })

  it('has assistants and recordings attached to the call itself', async () => {
    const { service, carrier } = await setUp({ agents })
    const jingle = await placed(carrier, { agent: 'jingle', variables: { file: 'a b/c' } })
    expect(service.call(jingle).dial).toMatchObject({ audio_url: 'https://media.example.com/a%20b%2Fc.mp3' })
    const variables = { name: 'Ann', balance: 12.5, vip: true, orders: [1, 2], none: null }
    const anna = await placed(carrier, { ref: 'b', agent: 'anna', variables })
    const dynamic_variables = { name: 'Ann', balance: 12.5, vip: true, orders: '[1,2]' }
    expect(service.call(anna).dial.assistant).toEqual({ id: 'assistant-1', greeting: 'Hello Ann!', dynamic_variables })
    const other = await placed(carrier, { ref: 'c', agent: 'assistant-77', variables: { name: 'Ann' } })
    expect(service.call(other).dial.assistant).toEqual({ id: 'assistant-77', dynamic_variables: { name: 'Ann' } })
  })

  it('asks for no call whose text the service would not read out', async () => {
    const { service, carrier } = await setUp({ agents })
    const variables = { 'first name': 'x'.repeat(3_000), day: 1 }
    const answer = await carrier.place(attempt({ agent: 'reminder', variables }))
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code: 'speech_too_long' })
    expect(service.asked()).toBe(0)
  })
})

describe('what the service may answer', () => {
  it.each([
    ['contact', { reason: 'contact', code: '10016' }],
    ['configuration', { reason: 'configuration', code: 'D38' }],
    ['account', { reason: 'account', code: '10009' }],
    ['throttled', { reason: 'throttled', code: '10011', retryAfter: 7_000 }],
  ] as const)('%s', async (weather, refusal) => {
    const { service, carrier } = await setUp()
    service.next(weather)
    expect(await carrier.place(attempt())).toMatchObject({ status: 'rejected', ...refusal })
    expect(service.calls()).toEqual([])
    expect(await carrier.place(attempt())).toMatchObject({ status: 'accepted' })
  })

  it.each([
    { fault: 'error', placed: true },
    { fault: 'error', placed: false },
    { fault: 'silence', placed: true },
    { fault: 'reset', placed: true },
    { fault: 'reset', placed: false },
    { fault: 'nonsense', placed: true },
  ] as const)('nothing that can be concluded from: $fault, placed $placed', async (weather) => {
    const { service, carrier } = await setUp(weather.fault === 'silence' ? { timeout: 300 } : {})
    service.next(weather)
    expect(await carrier.place(attempt())).toMatchObject({ status: 'unknown' })
    expect(service.calls()).toHaveLength(weather.placed ? 1 : 0)
    expect(service.asked()).toBe(1)
  })

  it('places its calls within the pace of the account', async () => {
    const { service, carrier } = await setUp({}, { dps: 1 })
    const answers = []
    for (let i = 0; i < 6; i++) answers.push(await carrier.place(attempt({ ref: `ref${i}` })))
    expect(answers.at(-1)).toMatchObject({ status: 'rejected', reason: 'throttled', code: '90103', retryAfter: 7_000 })
    expect(service.calls()).toHaveLength(5)
  })

  const caller = refused(422, '10016', 'Phone number must be in +E164 format', undefined, '/from')
  it.each([
    ['a destination that is no number', forbidden('D11', 'Destination Number is invalid'), 'contact'],
    ['a destination without a route', forbidden('D40', 'No route'), 'contact'],
    [
      'a country that is not allowed',
      forbidden('D13', 'Dialed Number is not included in whitelisted countries'),
      'configuration',
    ],
    ['too many calls at once', forbidden('D1', 'User channel limit exceeded'), 'throttled'],
    ['an account that is blocked', forbidden('D19', 'Account is blocked'), 'account'],
    ['a caller id of another account', forbidden('D36', 'Caller Origination Number is not yours'), 'configuration'],
    ['a caller id that is no number', caller, 'configuration'],
    ['a permission that is missing', refused(403, '10010', 'Authorization failed'), 'account'],
    ['no money', refused(402, '20100', 'Insufficient funds'), 'account'],
  ] as const)('%s', async (_, answer, reason) => {
    const server = new LoopbackService(() => answer)
    await server.listen()
    const service = await TelnyxService.start()
    const carrier = telnyxCarrier(optionsFor(service, { baseUrl: server.url }))
    const { status, ...rest } = await carrier.place(attempt())
    await Promise.all([server.close(), service.close(), carrier.close()])
    expect({ status, ...rest }).toMatchObject({ status: 'rejected', reason })
  })

  it.each([
    ['a time-out of its own', refused(408, '10008', 'Request timeout')],
    ['a conflict', refused(409, '10012', 'Duplicate resource')],
    ['an error page of a proxy', { code: 403, body: '<html>Forbidden</html>' }],
    ['an outage', refused(503, '10007', 'Unexpected error')],
    ['a call without an id', { code: 200, body: { data: { is_alive: false } } }],
  ] as const)('no proof: %s', async (_, answer) => {
    const server = new LoopbackService(() => answer)
    await server.listen()
    const service = await TelnyxService.start()
    const carrier = telnyxCarrier(optionsFor(service, { baseUrl: server.url }))
    const placed = await carrier.place(attempt())
    await Promise.all([server.close(), service.close(), carrier.close()])
    expect(placed).toMatchObject({ status: 'unknown' })
  })
})
