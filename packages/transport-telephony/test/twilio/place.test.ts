import { describe, expect, it } from 'vitest'
import { refInUrl } from '../../src/webhooks/ref-in-url.js'
import { sidOf } from '../stand-ins/twilio-answers.js'
import { attemptTo, carrierOf, FROM, placed, REF, serviceWith, TO } from '../support/twilio-bench.js'

describe('what a call is asked for with', () => {
  it('has the numbers, the script with the contact in it, the callbacks with the ref, and the times in seconds', async () => {
    const service = await serviceWith()
    const sid = await placed(carrierOf(service), { variables: { name: 'Ada & <Example>' } })
    const asked = service.parametersOf(sid)
    expect(Object.fromEntries(asked)).toMatchObject({
      To: TO,
      From: FROM,
      Twiml: '<Response><Say>Hello Ada &amp; &lt;Example&gt;</Say></Response>',
      StatusCallback: `${service.webhookUrl}&outdial_ref=${encodeURIComponent(REF)}`,
      StatusCallbackMethod: 'POST',
      Timeout: '30',
      TimeLimit: '60',
    })
    expect(asked.getAll('StatusCallbackEvent')).toEqual(['initiated', 'ringing', 'answered', 'completed'])
    expect(asked.has('MachineDetection')).toBe(false)
  })

  it('keeps a fragment of the webhook address behind the query', async () => {
    const service = await serviceWith()
    const webhookUrl = 'https://calls.example.com/hook#rc=3&rp=5xx,ct'
    const sid = await placed(carrierOf(service, { webhookUrl }))
    expect(service.parametersOf(sid).get('StatusCallback')).toBe(
      `https://calls.example.com/hook?outdial_ref=${encodeURIComponent(REF)}#rc=3&rp=5xx,ct`,
    )
  })

  it('asks for a machine to be told from a person', async () => {
    const service = await serviceWith()
    const amd = { messageEnd: true, async: true, timeout: 20_000, speechThreshold: 2_000, silenceTimeout: 3_000 }
    const asked = service.parametersOf(await placed(carrierOf(service, { amd })))
    expect(Object.fromEntries(asked)).toMatchObject({
      MachineDetection: 'DetectMessageEnd',
      MachineDetectionTimeout: '20',
      MachineDetectionSpeechThreshold: '2000',
      MachineDetectionSilenceTimeout: '3000',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: asked.get('StatusCallback'),
    })
    const plain = service.parametersOf(await placed(carrierOf(service, { amd: true })))
    expect(plain.get('MachineDetection')).toBe('Enable')
    expect(plain.has('AsyncAmd')).toBe(false)
  })

  it('has the address of an agent, with the contact and the ref in its query', async () => {
    const service = await serviceWith()
    const agent = 'https://agents.example.com/talk?name={{name}}'
    const asked = service.parametersOf(await placed(carrierOf(service), { agent, variables: { name: 'Ada & Co' } }))
    expect(asked.get('Url')).toBe(
      `https://agents.example.com/talk?name=Ada%20%26%20Co&outdial_ref=${encodeURIComponent(REF)}`,
    )
    expect(asked.has('Twiml')).toBe(false)
  })

  it('never rings for longer than Twilio can, and always for a second', async () => {
    const service = await serviceWith()
    const carrier = carrierOf(service)
    const long = service.parametersOf(await placed(carrier, { ringTimeout: 3_600_000 }))
    expect(long.get('Timeout')).toBe('600')
    const short = service.parametersOf(await placed(carrier, { ringTimeout: 10, maxDuration: 10 }))
    expect([short.get('Timeout'), short.get('TimeLimit')]).toEqual(['1', '1'])
  })

  it('records, and goes by a trunk, when told to', async () => {
    const service = await serviceWith()
    const byoc = sidOf('BY', 1)
    const asked = service.parametersOf(await placed(carrierOf(service, { record: true, byoc })))
    expect([asked.get('Record'), asked.get('Byoc')]).toEqual(['true', byoc])
  })
})

describe('an application', () => {
  const sid = sidOf('AP', 7)
  const applications = {
    [sid]: { voice_url: 'https://app.example.com/voice?a=1', voice_method: 'GET', voice_fallback_url: '' },
    [sidOf('AP', 8)]: { voice_url: null },
  }

  it('is asked for its address, so that the callbacks have the ref', async () => {
    const service = await serviceWith({ applications })
    const agent = `${sid}?name={{name}}`
    const asked = service.parametersOf(await placed(carrierOf(service), { agent }))
    expect(refInUrl(asked.get('StatusCallback') ?? '')).toBe(REF)
    expect(asked.has('ApplicationSid')).toBe(false)
    expect(asked.get('Method')).toBe('GET')
    expect(asked.get('Url')).toBe(
      `https://app.example.com/voice?a=1&name=Ada%20Example&outdial_ref=${encodeURIComponent(REF)}`,
    )
  })

  it.each([
    [sidOf('AP', 8), 'application_silent'],
    [sidOf('AP', 9), 'application_unknown'],
  ])('%s is the fault of whoever set it up', async (agent, code) => {
    const service = await serviceWith({ applications })
    const answer = await carrierOf(service).place(attemptTo({ agent }))
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code })
    expect(service.asked()).toBe(0)
  })
})

describe('what is not placed', () => {
  it('is a script that is too long with the contact in it, in words that say so', async () => {
    const service = await serviceWith()
    const carrier = carrierOf(service)
    const filled = (length: number) => ({ variables: { name: 'x'.repeat(length) } })
    const room = 4000 - '<Response><Say>Hello </Say></Response>'.length
    await placed(carrier, filled(room))
    const answer = await carrier.place(attemptTo(filled(room + 1)))
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code: 'twiml_too_long' })
    expect(answer).toHaveProperty('message', expect.stringContaining('4001 characters'))
    expect(service.asked()).toBe(1)
  })

  it.each([undefined, 'nobody', 'AP12'])('has the agent %s, which there is not', async (agent) => {
    const service = await serviceWith()
    const { agent: _, ...rest } = attemptTo()
    const answer = await carrierOf(service).place({ ...rest, ...(agent !== undefined && { agent }) })
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code: 'agent_unknown' })
    expect(service.asked()).toBe(0)
  })

  it('comes from a number of somebody else', async () => {
    const service = await serviceWith()
    const answer = await carrierOf(service).place(attemptTo({ from: '+12025550111' }))
    expect(answer).toMatchObject({ status: 'rejected', reason: 'configuration', code: '21210' })
  })
})

describe('a key', () => {
  it('is used instead of the token', async () => {
    const service = await serviceWith()
    const { apiKey, apiKeySecret } = service
    await placed(carrierOf(service, { apiKey, apiKeySecret, authToken: undefined as never }))
    const refused = await carrierOf(service, { apiKey, apiKeySecret: 'wrong' }).place(attemptTo())
    expect(refused).toMatchObject({ status: 'rejected', reason: 'account', code: '20003' })
  })

  it('alone reads no webhooks', async () => {
    const service = await serviceWith()
    const { authToken: _, ...options } = { authToken: '' }
    const { apiKey, apiKeySecret } = service
    const carrier = carrierOf(service, { ...options, apiKey, apiKeySecret, authToken: undefined as never })
    expect(carrier.parseWebhook).toBeUndefined()
  })
})
