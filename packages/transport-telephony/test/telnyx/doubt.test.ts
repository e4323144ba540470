import type { CallHandle } from '@outdial/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { telnyxCarrier, telnyxNumbers } from '../../src/telnyx/index.js'
import { type Asked, LoopbackService, type Told } from '../stand-ins/loopback-service.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { attempt, deliver, FROM, optionsFor, placed, REF, setUp, TO } from './support.js'

const handle = (more: Partial<CallHandle> = {}): CallHandle => ({
  ref: REF,
  to: TO,
  from: FROM,
  fencedAt: Date.now(),
  ...more,
})

/** An event as the reference of `GET /call_events` shows one: without anything that says whose call it is. */
const shown = (name: string, ago = 0) => ({
  record_type: 'call_event',
  call_leg_id: 'leg1',
  call_session_id: 'session1',
  event_timestamp: new Date(Date.now() - ago).toISOString(),
  name,
  type: 'webhook',
  metadata: {},
})
const page = (data: unknown[]) => ({
  code: 200,
  body: { data, meta: { total_pages: 1, total_results: data.length, page_number: 1, page_size: 250 } },
})
const over = (ago = 0) => ({
  code: 200,
  body: {
    data: {
      call_leg_id: 'leg1',
      call_control_id: 'v3:x',
      is_alive: false,
      end_time: new Date(Date.now() - ago).toISOString(),
    },
  },
})
const context = { organization: 'o', ref: 'r', startable: () => true }

async function service(answer: (asked: Asked) => Told): Promise<LoopbackService> {
  const made = new LoopbackService(answer)
  await made.listen()
  onTestFinished(() => made.close())
  return made
}

async function answering(answer: (asked: Asked) => Told) {
  const { url } = await service(answer)
  const known = await TelnyxService.start({})
  const carrier = telnyxCarrier({ ...optionsFor(known), baseUrl: url })
  onTestFinished(async () => {
    await carrier.close()
    await known.close()
  })
  return carrier
}

describe('what proves nothing', () => {
  it('is a call with the same numbers of which nobody can see whose it is', async () => {
    const carrier = await answering(() => page([shown('call.initiated'), shown('call.answered'), shown('call.hangup')]))
    expect(await carrier.lookup?.(handle())).toMatchObject({ status: 'cannotTell' })
  })

  it('is a store whose clock is ahead of the service', async () => {
    const { service, carrier } = await setUp()
    service.next({ fault: 'silence', placed: true })
    await carrier.place(attempt())
    expect(await carrier.lookup?.(handle({ fencedAt: Date.now() + 90_000 }))).toMatchObject({ status: 'found' })
  })

  it('is another connection than the one that the call was placed by', async () => {
    const { service, carrier } = await setUp()
    service.next({ fault: 'silence', placed: true })
    await carrier.place(attempt())
    const deployed = telnyxCarrier(optionsFor(service, { connectionId: '1999999999999999999' }))
    onTestFinished(() => deployed.close())
    expect(await deployed.lookup?.(handle())).toMatchObject({ status: 'found' })
  })

  it.each(['10007', '10008'])('is a refusal with the code %s', async (code) => {
    const carrier = await answering(() => ({ code: 400, body: { errors: [{ code, title: 'Trouble' }] } }))
    expect(await carrier.place(attempt())).toMatchObject({ status: 'unknown' })
  })

  it('is a 404 of a proxy to a deletion, and an account that nobody can ask', async () => {
    const { url } = await service(() => ({ code: 404, body: '<html>no backend</html>' }))
    const numbers = telnyxNumbers({ apiKey: 'k', baseUrl: url })
    const deleted = await numbers.delete({ field: 'id', value: '1293384261075731499' }, context)
    expect(deleted.status).not.toBe('done')
    const nobody = telnyxNumbers({ apiKey: () => undefined, baseUrl: url })
    await expect(nobody.findCreated({}, context)).rejects.toThrow('no account')
  })
})

describe('an end of which little is said', () => {
  it('is no failure when somebody had answered', async () => {
    const ended = (events: unknown[], ago = 0) =>
      answering(({ path }) => (path.startsWith('/v2/calls/') ? over(ago) : page(events)))
    const first = await ended([shown('call.initiated'), shown('call.answered', 60_000), shown('call.hangup')])
    const found = await first.lookup?.(handle({ callId: 'v3:x' }))
    expect(found).toMatchObject({ status: 'found', event: { type: 'ended', outcome: 'answered' } })
    const second = await ended([shown('call.answered', 400_000)], 300_000)
    const late = await second.lookup?.(handle({ callId: 'v3:x' }))
    expect(late).toMatchObject({ status: 'found', event: { type: 'ended', outcome: 'answered' } })
  })

  it('is no failure in a webhook either', async () => {
    const { service, carrier } = await setUp()
    const call = service.call(await placed(carrier))
    await deliver(carrier, [service.life.webhook(call, 'call.answered', {})])
    const causes = { hangup_cause: 'unspecified', sip_hangup_cause: 'unspecified', hangup_source: 'unknown' }
    const [end] = await deliver(carrier, [service.life.webhook(call, 'call.hangup', causes)])
    expect(end).toMatchObject({ type: 'ended', outcome: 'answered' })
  })

  it('is a voicemail when a beep was heard, of which nothing else is told', async () => {
    const agents = { reminder: { speak: 'Hello', voice: 'female' } }
    const { service, carrier } = await setUp({ amd: 'premium', agents })
    const call = service.call(await placed(carrier, { agent: 'reminder' }))
    const { life } = service
    await deliver(carrier, [life.webhook(call, 'call.answered', {})])
    await deliver(carrier, [life.webhook(call, 'call.machine.premium.greeting.ended', { result: 'beep_detected' })])
    const causes = { hangup_cause: 'normal_clearing', sip_hangup_cause: '200', hangup_source: 'callee' }
    const [end] = await deliver(carrier, [life.webhook(call, 'call.hangup', causes)])
    expect(end).toMatchObject({ type: 'ended', outcome: 'voicemail' })
  })
})

describe('what is asked for', () => {
  it('is refused for an agent that is not there, so that the job is paused', async () => {
    const { carrier } = await setUp()
    const refused = { status: 'rejected', reason: 'configuration', code: 'agent_unknown' }
    expect(await carrier.place(attempt({ agent: 'gone' }))).toMatchObject(refused)
  })

  it('is a number in digits, since others find nothing', async () => {
    const asked: string[] = []
    const phone = '+12025550100'
    const { url } = await service(({ method, query }) => {
      const wanted = query.get('filter[phone_number]') ?? ''
      asked.push(`${method} ${wanted}`)
      if (method === 'DELETE') return { code: 200, body: { data: { id: '1', phone_number: phone, status: 'deleted' } } }
      return page(/^\d{3,}$/.test(wanted) ? [{ id: '1', phone_number: phone, status: 'active' }] : [])
    })
    const numbers = telnyxNumbers({ apiKey: 'k', baseUrl: url })
    expect((await numbers.delete({ field: 'phonenumber', value: phone }, context)).status).toBe('done')
    expect(asked).toEqual(['GET 12025550100', 'DELETE '])
  })
})
