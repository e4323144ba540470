import { describe, expect, it } from 'vitest'
import { attemptTo, carrierOf, FROM, handleOf, placed, REF, serviceWith, TO } from '../support/twilio-bench.js'

const HOUR = 3_600_000
const QUARTER = 15 * 60_000

/** A service whose clock is moved by hand. */
async function timed() {
  const time = { now: Date.parse('2026-03-02T10:00:00Z') }
  const service = await serviceWith({ now: () => time.now })
  const carrier = carrierOf(service)
  const handle = handleOf({ fencedAt: time.now })
  const lose = (part: Parameters<typeof attemptTo>[0] = {}) => {
    service.next({ fault: 'reset', placed: true })
    return carrier.place(attemptTo(part))
  }
  return { time, service, carrier, handle, lose, look: () => carrier.lookup?.(handle) }
}

describe('a call whose SID is not known', () => {
  it('was not placed when there is none with its numbers since its fence, as of the time of Twilio', async () => {
    const { time, look } = await timed()
    time.now += 90_500
    expect(await look()).toEqual({ status: 'notFound', asOf: time.now - 500 })
  })

  it('may be one that rings, or waits in the queue: nobody can tell yet', async () => {
    const { service, lose, look } = await timed()
    await lose()
    expect(await look()).toMatchObject({ status: 'cannotTell' })
    await service.ring(service.calls()[0]?.callId ?? '')
    expect(await look()).toMatchObject({ status: 'cannotTell' })
  })

  it('is known by its ref a quarter of an hour after its end', async () => {
    const { time, service, lose, look } = await timed()
    await lose()
    const callId = service.calls()[0]?.callId ?? ''
    await service.ring(callId)
    await service.end(callId, 'rejected')
    time.now += QUARTER - 1
    expect(await look()).toMatchObject({ status: 'cannotTell' })
    time.now += 1
    expect(await look()).toMatchObject({
      status: 'found',
      event: { type: 'ended', callId, outcome: 'rejected', raw: { CallStatus: 'busy', SipResponseCode: '603' } },
    })
  })

  it('was not placed when those with its numbers are shown to be other attempts', async () => {
    const { time, service, carrier, look } = await timed()
    const other = await placed(carrier, { ref: 'job_4x2b:17:1:0ther' })
    expect(await look()).toMatchObject({ status: 'cannotTell' })
    await service.end(other, 'busy')
    time.now += QUARTER
    expect(await look()).toMatchObject({ status: 'notFound' })
  })

  it('is told from another attempt at the same number', async () => {
    const { time, service, carrier, lose, look } = await timed()
    const other = await placed(carrier, { ref: 'job_4x2b:17:1:0ther' })
    await lose()
    const mine = service.calls().find(({ ref }) => ref === REF)?.callId ?? ''
    for (const sid of [other, mine]) await service.end(sid, 'no_answer')
    time.now += QUARTER
    expect(await look()).toMatchObject({ status: 'found', event: { callId: mine } })
  })

  it('is none that was there long before its fence, or from or to another number', async () => {
    const { time, carrier, handle } = await timed()
    await placed(carrier, { ref: 'job_4x2b:1:1:old' })
    time.now += HOUR
    await placed(carrier, { ref: 'job_4x2b:2:1:else', to: '+13035550101' })
    const late = { ...handle, fencedAt: time.now }
    expect(await carrier.lookup?.(late)).toMatchObject({ status: 'notFound' })
    // The clocks of the store and of Twilio may differ by minutes.
    expect(await carrier.lookup?.({ ...late, fencedAt: time.now - HOUR + 5 * 60_000 })).toMatchObject({
      status: 'cannotTell',
    })
  })

  it('is looked for on every page', async () => {
    const { time, service, carrier, handle, lose } = await timed()
    await lose()
    const mine = service.calls()[0]?.callId ?? ''
    await service.end(mine, 'busy')
    time.now += HOUR
    service.longestPage = 2
    for (let i = 0; i < 5; i++) await placed(carrier, { ref: `job_4x2b:${i}:1:more` })
    for (const { callId } of service.calls()) if (callId !== mine) await service.end(callId, 'busy')
    time.now += QUARTER
    expect(await carrier.lookup?.(handle)).toMatchObject({ status: 'found', event: { callId: mine } })
  })
})

describe('a call whose SID is known', () => {
  it('is what its record says, with what it cost', async () => {
    const { service, carrier, handle } = await timed()
    const callId = await placed(carrier)
    const look = () => carrier.lookup?.({ ...handle, callId })
    expect(await look()).toMatchObject({ status: 'found', event: { type: 'queued', callId } })
    await service.ring(callId)
    expect(await look()).toMatchObject({ event: { type: 'ringing' } })
    await service.answer(callId)
    expect(await look()).toMatchObject({ event: { type: 'answered' } })
    await service.end(callId, 'completed')
    expect(await look()).toMatchObject({
      event: { type: 'ended', outcome: 'answered', duration: 60_000, cost: 0.014 },
    })
  })

  it('failed for a reason that is seen later', async () => {
    const { time, service, carrier, handle } = await timed()
    const callId = await placed(carrier)
    const look = () => carrier.lookup?.({ ...handle, callId })
    await service.end(callId, 'network_error')
    expect(await look()).toMatchObject({ event: { outcome: 'failed' } })
    time.now += QUARTER
    expect(await look()).toMatchObject({ event: { outcome: 'network_error' } })
  })

  it('may be one whose record was deleted: that proves nothing', async () => {
    const { carrier, handle } = await timed()
    expect(await carrier.lookup?.({ ...handle, callId: `CA${'f'.repeat(32)}` })).toMatchObject({ status: 'cannotTell' })
  })
})

describe('calls with the same numbers', () => {
  it('that are too many are not gone through', async () => {
    const { service, carrier, look } = await timed()
    for (let i = 0; i < 21; i++) await placed(carrier, { ref: `job_4x2b:${i}:1:many`, to: TO, from: FROM })
    expect(await look()).toEqual({ status: 'cannotTell', message: '21 calls with the same numbers' })
    expect(service.calls()).toHaveLength(21)
  })
})
