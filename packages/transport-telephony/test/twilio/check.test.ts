import { createEngine } from 'outdial'
import { describe, expect, it } from 'vitest'
import type { TwilioCarrierOptions } from '../../src/twilio/index.js'
import { sidOf } from '../stand-ins/twilio-answers.js'
import type { TwilioServiceOptions } from '../stand-ins/twilio-service.js'
import { carrierOf, FROM, serviceWith } from '../support/twilio-bench.js'

const USE = { organization: 'acme', from: [FROM], agent: 'reminder' }

async function fields(options: TwilioServiceOptions, part: Partial<TwilioCarrierOptions> = {}, use = USE) {
  const carrier = carrierOf(await serviceWith(options), part)
  const problems = [...((await carrier.check?.()) ?? []), ...((await carrier.check?.(use)) ?? [])]
  return problems.map(({ field }) => field)
}

describe('an account', () => {
  it('is in order', async () => {
    expect(await fields({})).toEqual([])
  })

  it('has another token, or another SID', async () => {
    expect(await fields({}, { authToken: 'wrong' })).toEqual(['authToken', 'authToken'])
    const other = sidOf('AC', 99)
    expect(await fields({}, { accountSid: other })).toEqual(['authToken', 'authToken'])
  })

  it.each(['suspended', 'closed'])('is %s', async (state) => {
    expect(await fields({ state })).toEqual(['accountSid', 'accountSid'])
  })

  it('has a key that may not see accounts, and calls', async () => {
    const { apiKey, apiKeySecret } = await serviceWith()
    expect(await fields({}, { apiKey, apiKeySecret })).toEqual([])
    expect(await fields({}, { apiKey, apiKeySecret: 'wrong' })).toEqual(['apiKeySecret', 'apiKeySecret'])
    // No webhook would hold.
    expect(await fields({}, { apiKey, apiKeySecret, authToken: 'wrong' })).toEqual(['authToken', 'authToken'])
  })

  it('cannot be asked: then nothing is said', async () => {
    const service = await serviceWith()
    const carrier = carrierOf(service)
    for (const weather of ['error', 'silence'] as const) {
      service.nextCheck(weather)
      await expect(carrier.check?.()).rejects.toThrow('Twilio cannot be asked')
    }
    service.nextLookup('fair')
    expect(await carrier.check?.()).toEqual([])
  })

  it('keeps an engine from starting, in words that say what to do and show no secret', async () => {
    const service = await serviceWith()
    const twilio = carrierOf(service, { authToken: 'a wrong token' })
    const engine = createEngine({ carriers: { twilio } })
    const error = await engine.start().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'carrier_misconfigured' })
    expect(String(error)).toContain('twilio: authToken: Twilio refuses it')
    expect(String(error)).not.toContain('a wrong token')
  })
})

describe('a caller id', () => {
  it('is a number of the account, or verified', async () => {
    const verified = '+12025550111'
    expect(await fields({ verified: [verified] }, {}, { ...USE, from: [FROM, verified] })).toEqual([])
    expect(await fields({}, {}, { ...USE, from: [FROM, verified, verified] })).toEqual(['from'])
  })

  it('is not to be known where a trunk of somebody else has it', async () => {
    expect(await fields({}, { byoc: sidOf('BY', 1) }, { ...USE, from: ['+12025550111'] })).toEqual([])
  })

  it('is a number that has no voice', async () => {
    const service = await serviceWith()
    const phone = '+12025550112'
    const data = { account_sid: service.accountSid, phone_number: phone, capabilities: { voice: false } }
    await service.numbers.add(data)
    const problems = await carrierOf(service).check?.({ ...USE, from: [phone] })
    expect(problems).toMatchObject([{ field: 'from', message: expect.stringContaining('cannot make calls') }])
  })
})

describe('the address of webhooks, and of agents', () => {
  // The service of these tests is on this machine, and cannot show it: what is not public is refused of any service.
  it.each([
    'http://calls.example.com/hook',
    'https://10.1.2.3/hook',
    'https://calls.internal/hook',
    'https://calls/hook',
    'https://[fd00::1]/hook',
  ])('%s is nothing that Twilio can reach', async (webhookUrl) => {
    expect(await fields({}, { webhookUrl })).toEqual(['webhookUrl', 'webhookUrl'])
    expect(await fields({}, { agents: { reminder: webhookUrl } })).toEqual(['agents.reminder', 'agent'])
  })

  it('is asked of an application', async () => {
    const applications = { [sidOf('AP', 1)]: { voice_url: 'https://a.example.com/' }, [sidOf('AP', 2)]: {} }
    const agents = (n: number) => ({ agents: { reminder: sidOf('AP', n) } })
    expect(await fields({ applications }, agents(1))).toEqual([])
    expect(await fields({ applications }, agents(2))).toEqual(['agents.reminder', 'agent'])
    expect(await fields({ applications }, agents(3))).toEqual(['agents.reminder', 'agent'])
    expect(await fields({ applications }, { agent: sidOf('AP', 2) })).toEqual(['agent'])
    expect(await fields({ applications }, { agent: 'reminder' })).toEqual([])
  })
})
