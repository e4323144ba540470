import twilio from 'twilio'
import { describe, expect, it } from 'vitest'
import { sidOf } from '../stand-ins/twilio-answers.js'
import type { TwilioService } from '../stand-ins/twilio-service.js'
import { carrierOf, FROM, placed, serviceWith, TO } from '../support/twilio-bench.js'

// The official client, against the service of these tests: what it reads without complaint is what Twilio answers.

/** Sends what would go to Twilio to this machine. */
class ToThisMachine extends twilio.RequestClient {
  readonly #service: TwilioService

  constructor(service: TwilioService) {
    super()
    this.#service = service
  }

  override request<Data>(options: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
    const { pathname, search } = new URL(options.uri)
    return super.request<Data>({
      ...options,
      data: options.data as Data,
      uri: `${this.#service.url}${pathname}${search}`,
    })
  }
}

const clientOf = (service: TwilioService, token = service.authToken) =>
  twilio(service.accountSid, token, { httpClient: new ToThisMachine(service) })

describe('the official client', () => {
  it('places, reads, cancels and lists calls', async () => {
    const service = await serviceWith()
    const client = clientOf(service)
    const statusCallback = `${service.webhookUrl}&outdial_ref=a`
    const call = await client.calls.create({
      to: TO,
      from: FROM,
      twiml: '<Response/>',
      statusCallback,
      timeout: 5,
      timeLimit: 9,
    })
    expect(call).toMatchObject({ to: TO, from: FROM, status: 'queued', direction: 'outbound-api' })
    expect(call.dateCreated).toBeInstanceOf(Date)
    expect(await client.calls(call.sid).update({ status: 'canceled' })).toMatchObject({ status: 'canceled' })
    await expect(client.calls(call.sid).update({ status: 'completed' })).rejects.toMatchObject({ code: 21220 })
    expect(await client.calls.list({ to: TO, from: FROM })).toMatchObject([{ sid: call.sid, status: 'canceled' }])
    expect(await client.calls(call.sid).fetch()).toMatchObject({ status: 'canceled', endTime: expect.any(Date) })
  })

  it('reads every page, and sees what the carrier has placed', async () => {
    const service = await serviceWith({ eventsAfter: 0 })
    const carrier = carrierOf(service)
    const sids: string[] = []
    for (let i = 0; i < 5; i++) sids.push(await placed(carrier, { ref: `job_4x2b:${i}:1:n0nc3` }))
    service.longestPage = 2
    const client = clientOf(service)
    expect((await client.calls.list({ to: TO })).map(({ sid }) => sid)).toEqual(sids.reverse())
    const [event] = await client.calls(sids[0] ?? '').events.list()
    expect(event?.request).toMatchObject({ method: 'POST', parameters: { to: TO, status_callback_method: 'POST' } })
  })

  it('is refused as the carrier is', async () => {
    const service = await serviceWith()
    const client = clientOf(service)
    const wanted = {
      to: TO,
      from: FROM,
      twiml: '<Response/>',
      timeout: 5,
      timeLimit: 9,
      statusCallback: service.webhookUrl,
    }
    await expect(clientOf(service, 'wrong').calls.create(wanted)).rejects.toMatchObject({ code: 20003, status: 401 })
    await expect(client.calls.create({ ...wanted, from: '+12025550111' })).rejects.toMatchObject({ code: 21210 })
    await expect(client.calls.create({ ...wanted, to: 'nobody' })).rejects.toMatchObject({ code: 21211 })
    service.next('throttled')
    await expect(client.calls.create(wanted)).rejects.toMatchObject({ code: 20429, status: 429 })
  })

  it('buys, changes, finds and releases numbers', async () => {
    const service = await serviceWith({ numbers: [] })
    const client = clientOf(service)
    const phoneNumber = '+13035550107'
    const bought = await client.incomingPhoneNumbers.create({ phoneNumber, friendlyName: 'Desk' })
    expect(bought).toMatchObject({ phoneNumber, friendlyName: 'Desk', capabilities: { voice: true } })
    const changed = await client.incomingPhoneNumbers(bought.sid).update({ voiceUrl: 'https://a.example.com/' })
    expect(changed).toMatchObject({ sid: bought.sid, voiceUrl: 'https://a.example.com/' })
    await client.incomingPhoneNumbers.create({ areaCode: '505' })
    expect(await client.incomingPhoneNumbers.list({ friendlyName: 'Desk' })).toMatchObject([{ sid: bought.sid }])
    expect(await client.incomingPhoneNumbers.list()).toHaveLength(2)
    await client.incomingPhoneNumbers(bought.sid).remove()
    await expect(client.incomingPhoneNumbers(bought.sid).fetch()).rejects.toMatchObject({ status: 404 })
    await expect(client.incomingPhoneNumbers.create({ phoneNumber: '12' })).rejects.toMatchObject({ code: 21421 })
  })

  it('reads accounts, caller ids and applications', async () => {
    const sid = sidOf('AP', 1)
    const verified = '+12025550111'
    const service = await serviceWith({
      verified: [verified],
      applications: { [sid]: { voice_url: 'https://a.example.com/' } },
    })
    const client = clientOf(service)
    expect(await client.api.v2010.accounts(service.accountSid).fetch()).toMatchObject({ status: 'active' })
    expect(await client.outgoingCallerIds.list({ phoneNumber: verified })).toMatchObject([{ phoneNumber: verified }])
    expect(await client.applications(sid).fetch()).toMatchObject({ voiceUrl: 'https://a.example.com/' })
  })
})
