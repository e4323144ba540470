import type { CallHandle } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { attempt, FROM, placed, REF, setUp, TO } from './support.js'

const handle = (more: Partial<CallHandle> = {}): CallHandle => ({
  ref: REF,
  to: TO,
  from: FROM,
  fencedAt: Date.now(),
  ...more,
})

describe('looking a call up whose id was lost', () => {
  it('finds it by its numbers and its ref, however far it has got', async () => {
    const { service, carrier } = await setUp({ amd: 'premium' })
    service.next({ fault: 'silence', placed: true })
    expect(await carrier.place(attempt())).toMatchObject({ status: 'unknown' })
    const [call] = service.calls()
    const callId = call?.callId ?? ''
    await placed(carrier, { ref: 'another' })
    const found = () => carrier.lookup?.(handle())
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'queued' } })
    await service.ring(callId)
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'queued', callId } })
    await service.answer(callId, 'machine')
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'answered', callId } })
    await service.end(callId, 'voicemail')
    const raw = { hangup_cause: 'normal_clearing', sip_hangup_cause: '200' }
    const event = { type: 'ended', callId, outcome: 'voicemail', duration: 60_000, raw }
    expect(await found()).toMatchObject({ status: 'found', event })
  })

  it('says that there is none as of the time of the service', async () => {
    const now = Date.parse('2027-01-04T14:00:00.700Z')
    const { service, carrier } = await setUp({}, { now: () => now })
    service.next({ fault: 'silence', placed: false })
    await carrier.place(attempt())
    const asOf = Date.parse('2027-01-04T14:00:00.000Z')
    expect(await carrier.lookup?.(handle({ fencedAt: now }))).toEqual({ status: 'notFound', asOf })
    // The list of events forgets after a day, and then says nothing of who was called.
    const before = handle({ fencedAt: now - 86_400_000 })
    expect(await carrier.lookup?.(before)).toMatchObject({ status: 'cannotTell' })
  })

  it('reads the list to its end', async () => {
    const { service, carrier } = await setUp()
    const first = await placed(carrier)
    const { life } = service
    for (let i = 0; i < 600; i++) life.webhook(service.call(first), 'call.dtmf.received', {})
    const callId = await placed(carrier, { ref: 'last' })
    await service.ring(callId)
    expect(await carrier.lookup?.(handle({ ref: 'last' }))).toMatchObject({ status: 'found', event: { callId } })
  })

  it.each(['throttled', 'error', 'silence', 'account'] as const)(
    'proves nothing when it is answered by: %s',
    async (weather) => {
      const { service, carrier } = await setUp()
      service.nextLookup(weather)
      expect(await carrier.lookup?.(handle())).toMatchObject({ status: 'cannotTell' })
      expect(await carrier.lookup?.(handle())).toMatchObject({ status: 'notFound' })
    },
  )
})

describe('looking a call up by its id', () => {
  it('finds it before the list of events does, and says how it ended once that does', async () => {
    let now = Date.now()
    const clock = { now: () => now }
    const { service, carrier } = await setUp({ clock }, clock)
    const callId = await placed(carrier)
    service.hide(callId)
    const call = handle({ callId, fencedAt: now })
    const found = () => carrier.lookup?.(call)
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'queued', callId } })
    await service.ring(callId)
    await service.end(callId, 'busy')
    expect(await found()).toMatchObject({ status: 'cannotTell' })
    now += 10_000
    // What it came to is never made up because the list cannot be read.
    service.nextLookup('fair', 'error')
    expect(await found()).toMatchObject({ status: 'cannotTell' })
    service.call(callId).hidden = false
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'ended', outcome: 'busy' } })
    // It is known for ten minutes by its id, and then by its events.
    now += 700_000
    expect(await found()).toMatchObject({ status: 'found', event: { type: 'ended', outcome: 'busy' } })
    service.hide(callId)
    expect(await found()).toMatchObject({ status: 'cannotTell' })
  })
})

describe('hanging up', () => {
  it('ends a call, also one whose id was lost, and says when it is over', async () => {
    const { service, carrier } = await setUp()
    const callId = await placed(carrier)
    expect(await carrier.hangup?.(handle({ callId }))).toBe('done')
    expect(service.live(callId)).toBe(false)
    const second = await placed(carrier, { ref: 'second' })
    await service.ring(second)
    expect(await carrier.hangup?.(handle({ ref: 'second' }))).toBe('done')
    expect(service.live(second)).toBe(false)
    expect(await carrier.hangup?.(handle({ callId: second, ref: 'third' }))).toBe('gone')
  })

  it('says that a call may be live when it cannot be ended', async () => {
    const { service, carrier } = await setUp()
    const callId = await placed(carrier)
    service.nextHangup('error')
    expect(await carrier.hangup?.(handle({ callId }))).toBe('refused')
    service.nextHangup('silence')
    expect(await carrier.hangup?.(handle({ callId }))).toBe('refused')
    expect(await carrier.hangup?.(handle({ callId: 'v3:nobody' }))).toBe('refused')
    expect(await carrier.hangup?.(handle({ ref: 'nobody' }))).toBe('refused')
    expect(await carrier.hangup?.(handle({ callId }))).toBe('done')
  })
})
