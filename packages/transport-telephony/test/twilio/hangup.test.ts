import { describe, expect, it } from 'vitest'
import { carrierOf, handleOf, placed, serviceWith } from '../support/twilio-bench.js'

async function call() {
  const service = await serviceWith()
  const carrier = carrierOf(service)
  const callId = await placed(carrier)
  return { service, carrier, callId, hangup: () => carrier.hangup?.(handleOf({ callId })) }
}

describe('hanging up', () => {
  it('cancels a call that rings, which ends as canceled', async () => {
    const { service, carrier, callId, hangup } = await call()
    await service.ring(callId)
    expect(await hangup()).toBe('done')
    const [webhook] = (await service.end(callId, 'canceled')) ?? []
    expect(webhook && (await carrier.parseWebhook?.(webhook))).toMatchObject([{ type: 'ended', outcome: 'canceled' }])
  })

  it('ends a call that is talked on, which was answered', async () => {
    const { service, carrier, callId, hangup } = await call()
    await service.ring(callId)
    await service.answer(callId)
    expect(await hangup()).toBe('done')
    const [webhook] = (await service.end(callId, 'completed')) ?? []
    expect(webhook && (await carrier.parseWebhook?.(webhook))).toMatchObject([{ type: 'ended', outcome: 'answered' }])
  })

  it('is too late for a call that has ended, and for one whose record is deleted', async () => {
    const { service, carrier, callId, hangup } = await call()
    await service.end(callId, 'busy')
    expect(await hangup()).toBe('gone')
    expect(await carrier.hangup?.(handleOf({ callId: `CA${'f'.repeat(32)}` }))).toBe('gone')
  })

  it('is refused when Twilio does not answer, and when the SID is not known', async () => {
    const { service, carrier, callId, hangup } = await call()
    for (const weather of ['error', 'silence'] as const) {
      service.nextHangup(weather)
      expect(await hangup()).toBe('refused')
      expect(service.live(callId)).toBe(true)
    }
    expect(await carrier.hangup?.(handleOf())).toBe('refused')
  })
})
