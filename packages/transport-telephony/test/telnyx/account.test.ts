import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type TelnyxCarrierOptions, telnyxCarrier } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { attempt, FROM, optionsFor, setUp } from './support.js'

const use = { organization: 'acme', from: [FROM] }

describe('an account in order', () => {
  it('has nothing to be repaired', async () => {
    const { carrier } = await setUp()
    expect(await carrier.check?.()).toEqual([])
    expect(await carrier.check?.({ ...use, agent: 'assistant-1' })).toEqual([])
  })
})

describe('an account that is not', () => {
  const problems = async (options: Partial<TelnyxCarrierOptions>, more: object = {}) => {
    const { carrier } = await setUp(options)
    return (await carrier.check?.({ ...use, ...more }))?.map(({ field }) => field)
  }

  it.each([
    ['a key that is refused', { apiKey: 'KEY-of-nobody' }, ['apiKey']],
    ['an application that is not there', { connectionId: '1' }, ['connectionId']],
    ['an address that nobody can reach', { webhookUrl: 'https://10.0.0.7/telnyx' }, ['webhookUrl']],
    ['an address that is not encrypted', { webhookUrl: 'http://calls.example.com/telnyx' }, ['webhookUrl']],
  ])('%s', async (_, options, fields) => {
    expect(await problems(options)).toEqual(fields)
  })

  it('a caller id that is neither a number of the account nor verified', async () => {
    const { service, carrier } = await setUp()
    service.numbers.verified.add('+12025550142')
    const from = [FROM, '+12025550142', '+12025550143', '+1202555019']
    expect(await carrier.check?.({ ...use, from })).toEqual([
      { field: 'from', message: expect.stringContaining('+12025550143') },
      { field: 'from', message: expect.stringContaining('+1202555019 ') },
    ])
  })

  it('an assistant that is not there', async () => {
    expect(await problems({}, { agent: 'assistant-404' })).toEqual(['agent'])
  })

  it.each(['error', 'silence'] as const)('is not condemned when it cannot be asked: %s', async (weather) => {
    const { service, carrier } = await setUp()
    service.nextCheck(weather)
    await expect(carrier.check?.()).rejects.toThrow('was not read')
  })
})

describe('options', () => {
  const good: TelnyxCarrierOptions = {
    apiKey: 'KEY1',
    publicKey: 'eu2zvPjhY6odxV34Z/EsRiERvTodkev4Fq0SlK90Izg=',
    connectionId: '1',
    webhookUrl: 'https://calls.example.com/telnyx',
  }

  it.each([
    ['apiKey', { apiKey: ' ' }],
    ['publicKey', { publicKey: 'short' }],
    ['connectionId', { connectionId: '' }],
    ['webhookUrl', { webhookUrl: 'calls.example.com' }],
    ['baseUrl', { baseUrl: 'nowhere' }],
    ['amd', { amd: 'always' as never }],
    ['onMachine', { onMachine: 'ignore' as never }],
    ['record', { record: 'triple' as never }],
    ['cps', { cps: 0 }],
    ['visibilityLag', { visibilityLag: -1 }],
    ['agents.a.speak', { agents: { a: { speak: 'Hello {{name', voice: 'x' } } }],
    ['agents.a.voice', { agents: { a: { speak: 'Hello', voice: '' } } }],
    ['agents.a', { agents: { a: null as never } }],
  ])('that cannot be are named: %s', (field, wrong) => {
    const make = () => telnyxCarrier({ ...good, ...wrong })
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_options', details: { field } }))
  })

  it('become capabilities', () => {
    const { capabilities } = telnyxCarrier({ ...good, cps: 5, amd: 'detect' })
    expect(capabilities).toEqual({
      idempotency: { window: 60_000 },
      lookup: { visibilityLag: 120_000, horizon: 86_400_000 },
      hangup: true,
      amd: true,
      maxDuration: 14_400_000,
      cps: 5,
      costUnit: 100,
    })
  })
})

describe('the key', () => {
  it('is seen by nobody but the service', async () => {
    const service = await TelnyxService.start()
    const carrier = telnyxCarrier(optionsFor(service))
    const seen: string[] = [String(carrier), JSON.stringify(carrier), inspect(carrier, { depth: 9, showHidden: true })]
    for (const weather of ['account', 'configuration', 'contact'] as const) {
      service.next(weather)
      seen.push(JSON.stringify(await carrier.place(attempt())))
    }
    await service.close()
    seen.push(JSON.stringify(await carrier.place(attempt())))
    seen.push(String(await carrier.check?.().catch((error: unknown) => inspect(error, { depth: 9 }))))
    expect(seen.join('\n')).not.toContain(service.apiKey)
    await carrier.close()
  })
})
