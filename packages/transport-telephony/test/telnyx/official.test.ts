import Telnyx from 'telnyx'
import { describe, expect, it } from 'vitest'
import { telnyxNumbers } from '../../src/telnyx/index.js'
import type { TelnyxService } from '../stand-ins/telnyx-service.js'
import { FROM, placed, setUp, TO } from './support.js'

/** The service's own package, talking to the stand-in. */
function client(service: TelnyxService, publicKey = service.keys.publicKey): Telnyx {
  return new Telnyx({ apiKey: service.apiKey, publicKey, baseURL: `${service.baseUrl}/v2`, maxRetries: 0 })
}

describe('the official package', () => {
  it('verifies what the stand-in signs, and refuses what it forges', async () => {
    const { service, carrier } = await setUp()
    const telnyx = client(service)
    const [webhook] = await service.ring(await placed(carrier))
    if (!webhook) throw new Error('no webhook')
    const { headers, body } = webhook
    const event = (await telnyx.webhooks.unwrap(body, { headers })) as { data: { event_type: string } }
    expect(event.data.event_type).toBe('call.initiated')
    for (const how of ['unsigned', 'other key', 'changed', 'old'] as const) {
      const forged = service.forged(webhook, how)
      await expect(telnyx.webhooks.unwrap(forged.body, { headers: forged.headers })).rejects.toThrow()
      await expect(carrier.parseWebhook?.(forged)).rejects.toMatchObject({ code: 'webhook_forged' })
    }
  })

  it('dials, reads and hangs up as the carrier does', async () => {
    const { service, carrier } = await setUp()
    const telnyx = client(service)
    const dialed = await telnyx.calls.dial({
      connection_id: service.book.connectionId,
      to: TO,
      from: FROM,
      command_id: 'a',
    })
    const id = dialed.data?.call_control_id ?? ''
    expect(dialed.data).toMatchObject({ record_type: 'call', is_alive: false })
    await service.ring(id)
    expect((await telnyx.calls.retrieveStatus(id)).data).toMatchObject({ is_alive: true })
    expect((await telnyx.calls.actions.hangup(id, {})).data).toEqual({ result: 'ok' })
    const again = telnyx.calls.actions.hangup(id, {})
    await expect(again).rejects.toMatchObject({ status: 422, error: { errors: [{ code: '90018' }] } })
    // What the carrier placed is found by the package, page by page.
    const callId = await placed(carrier)
    await service.ring(callId)
    const names: string[] = []
    for await (const event of telnyx.callEvents.list({ filter: { to: TO }, 'page[size]': 1 })) names.push(event.name)
    expect(names).toEqual(['dial', 'call.initiated', 'hangup', 'dial', 'call.initiated'])
  })

  it('meets the errors of the stand-in as the errors of the service', async () => {
    const { service } = await setUp()
    const telnyx = client(service)
    const dial = (to: string, from = FROM) => telnyx.calls.dial({ connection_id: service.book.connectionId, to, from })
    await expect(dial('nobody')).rejects.toBeInstanceOf(Telnyx.UnprocessableEntityError)
    await expect(dial(TO, '+12025550188')).rejects.toBeInstanceOf(Telnyx.PermissionDeniedError)
    service.next('throttled')
    await expect(dial(TO)).rejects.toBeInstanceOf(Telnyx.RateLimitError)
    service.next({ fault: 'error', placed: false })
    await expect(dial(TO)).rejects.toBeInstanceOf(Telnyx.InternalServerError)
    const stranger = new Telnyx({ apiKey: 'KEY-of-nobody', baseURL: `${service.baseUrl}/v2`, maxRetries: 0 })
    await expect(stranger.balance.retrieve()).rejects.toBeInstanceOf(Telnyx.AuthenticationError)
    await expect(telnyx.phoneNumbers.retrieve('0')).rejects.toBeInstanceOf(Telnyx.NotFoundError)
  })

  it('sees what the numbers back end has done, and the other way round', async () => {
    const { service } = await setUp()
    const numbers = telnyxNumbers({ apiKey: service.apiKey, baseUrl: service.baseUrl })
    const telnyx = client(service)
    const context = { organization: 'acme', ref: 'op:1', startable: () => true }
    const bought = await numbers.create({ phonenumber: '+12025550150' }, context)
    if (bought.status !== 'done' || !bought.resource) throw new Error(bought.status)
    const { id } = bought.resource
    const orders = await telnyx.numberOrders.list({ filter: { customer_reference: 'op:1' } })
    expect(orders.data).toMatchObject([{ status: 'success', customer_reference: 'op:1' }])
    await telnyx.phoneNumbers.update(id, { tags: ['hot'] })
    await telnyx.phoneNumbers.voice.update(id, { call_forwarding: { forwards_to: TO } })
    const fields = { tags: ['hot'], 'voice.call_forwarding.forwards_to': TO }
    expect((await numbers.find('acme', { field: 'id', value: id }))?.fields).toMatchObject(fields)
    await numbers.update({ field: 'id', value: id }, { 'voice.tech_prefix_enabled': true }, context)
    expect((await telnyx.phoneNumbers.voice.retrieve(id)).data).toMatchObject({ tech_prefix_enabled: true })
    const all: string[] = []
    for await (const { phone_number } of telnyx.phoneNumbers.list({ 'page[size]': 1 })) all.push(phone_number)
    expect(all).toEqual([FROM, '+12025550150'])
    await numbers.delete({ field: 'id', value: id }, context)
    await expect(telnyx.phoneNumbers.retrieve(id)).rejects.toBeInstanceOf(Telnyx.NotFoundError)
    await numbers.close()
  })
})
