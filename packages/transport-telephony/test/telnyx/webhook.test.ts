import { describe, expect, it } from 'vitest'
import type { TelnyxCarrierOptions } from '../../src/telnyx/index.js'
import { deliver, placed, REF, setUp } from './support.js'

const agents: TelnyxCarrierOptions['agents'] = {
  reminder: { speak: 'Hello {{name}}.', voice: 'AWS.Polly.Joanna' },
  jingle: { play: 'https://media.example.com/jingle.mp3' },
}
const reminded = { agent: 'reminder', variables: { name: 'Ann' } }

describe('the life of a call', () => {
  it('is told in events', async () => {
    const { service, carrier } = await setUp({}, { cost: '0.0125' })
    const callId = await placed(carrier)
    expect(await deliver(carrier, await service.ring(callId))).toMatchObject([{ ref: REF, type: 'queued', callId }])
    expect(await deliver(carrier, await service.answer(callId))).toMatchObject([{ ref: REF, type: 'answered', callId }])
    const raw = { hangup_cause: 'normal_clearing', sip_hangup_cause: '200', hangup_source: 'callee' }
    expect(await deliver(carrier, await service.end(callId, 'completed'))).toMatchObject([
      { ref: REF, type: 'ended', callId, outcome: 'answered', duration: 60_000, raw },
      { ref: REF, type: 'ended', callId, outcome: 'answered', cost: 0.0125 },
    ])
  })

  it.each([
    ['busy', 'busy'],
    ['no_answer', 'no_answer'],
    ['invalid_number', 'invalid_number'],
    ['rejected', 'rejected'],
    ['network_error', 'network_error'],
    ['canceled', 'canceled'],
  ] as const)('that nobody answers ends as %s', async (how, outcome) => {
    const { service, carrier } = await setUp()
    const callId = await placed(carrier)
    const [event, ...more] = await deliver(carrier, await service.end(callId, how))
    expect(more).toEqual([])
    expect(event).toMatchObject({ ref: REF, type: 'ended', outcome })
    expect(event).not.toHaveProperty('duration')
  })

  it('is never ended by its cost alone', async () => {
    const { service, carrier } = await setUp({}, { cost: '0.5' })
    const callId = await placed(carrier)
    await service.answer(callId)
    const [, cost] = await service.end(callId, 'completed')
    if (!cost) throw new Error('no cost')
    // Heard by a process that has heard of no end: it asks what the call came to.
    expect(await deliver(carrier, [cost])).toMatchObject([
      { type: 'ended', outcome: 'answered', cost: 0.5, duration: 60_000 },
    ])
    service.nextLookup('error')
    await expect(deliver(carrier, [cost])).rejects.toThrow('before its end')
  })
})

describe('a text', () => {
  it('is said once when the call is answered, however often that is told', async () => {
    const { service, carrier } = await setUp({ agents })
    const callId = await placed(carrier, reminded)
    const webhooks = await service.answer(callId)
    await deliver(carrier, [...webhooks, ...webhooks])
    const { commands } = service.call(callId)
    expect(commands).toMatchObject([{ action: 'speak', body: { payload: 'Hello Ann.', voice: 'AWS.Polly.Joanna' } }])
  })

  it('is followed by the end of the call, and the duration does not depend on who hears of it', async () => {
    const { service, carrier } = await setUp({ agents })
    const other = await setUp({
      agents,
      publicKey: service.keys.publicKey,
      baseUrl: service.baseUrl,
      apiKey: service.apiKey,
    })
    const callId = await placed(carrier, reminded)
    await deliver(carrier, await service.answer(callId))
    await deliver(other.carrier, service.life.spoken(service.call(callId)))
    expect(service.live(callId)).toBe(false)
    const ended = await deliver(other.carrier, await service.end(callId, 'completed'))
    expect(ended).toMatchObject([{ outcome: 'answered', duration: 60_000 }])
  })

  it('that could not be said makes the webhook fail, so that it comes again', async () => {
    const { service, carrier } = await setUp({ agents })
    const callId = await placed(carrier, reminded)
    const webhooks = await service.answer(callId)
    await service.close()
    await expect(deliver(carrier, webhooks)).rejects.toThrow('speak was not taken')
  })

  it('is not said to somebody who has hung up, nor long after', async () => {
    let now = Date.now()
    const clock = { now: () => now }
    const { service, carrier } = await setUp({ agents, clock }, clock)
    const callId = await placed(carrier, reminded)
    const webhooks = await service.answer(callId)
    await service.end(callId, 'completed')
    expect(await deliver(carrier, webhooks)).toMatchObject([{ type: 'answered' }])
    const late = await placed(carrier, { ...reminded, ref: 'late' })
    const answered = await service.answer(late)
    now += 55_000
    expect(await deliver(carrier, answered)).toMatchObject([{ type: 'answered' }])
    expect(service.call(late).commands).toEqual([])
  })

  it('of a recording ends the call when it has been played', async () => {
    const { service, carrier } = await setUp({ agents })
    const callId = await placed(carrier, { agent: 'jingle' })
    await service.answer(callId)
    await deliver(carrier, [service.life.webhook(service.call(callId), 'call.playback.ended', { status: 'completed' })])
    expect(service.live(callId)).toBe(false)
  })
})

describe('a machine', () => {
  it('is hung up on, without a word, and the end says what it was', async () => {
    const { service, carrier } = await setUp({ agents, amd: 'detect' })
    const callId = await placed(carrier, reminded)
    await deliver(carrier, await service.answer(callId, 'machine'))
    expect(service.call(callId).commands.map(({ action }) => action)).toEqual(['hangup'])
    const ended = await deliver(carrier, await service.end(callId, 'voicemail'))
    expect(ended).toMatchObject([{ type: 'ended', outcome: 'voicemail', duration: 60_000 }])
  })

  it('is talked to if the host says so, and the end says what it was', async () => {
    const { service, carrier } = await setUp({ agents, amd: 'detect', onMachine: 'continue' })
    const callId = await placed(carrier, reminded)
    await deliver(carrier, await service.answer(callId, 'machine'))
    expect(service.call(callId).commands.map(({ action }) => action)).toEqual(['speak', 'client_state_update'])
    expect(service.live(callId)).toBe(true)
    const ended = await deliver(carrier, await service.end(callId, 'voicemail'))
    expect(ended).toMatchObject([{ type: 'ended', outcome: 'voicemail' }])
  })

  it('that is a fax is known as one to the premium detection', async () => {
    const { service, carrier } = await setUp({ amd: 'premium' })
    const callId = await placed(carrier)
    await deliver(carrier, service.life.answer(service.call(callId), 'fax'))
    expect(await deliver(carrier, await service.end(callId, 'completed'))).toMatchObject([{ outcome: 'fax' }])
  })

  it('is waited for before a person is talked to', async () => {
    const { service, carrier } = await setUp({ agents, amd: 'premium' })
    const callId = await placed(carrier, reminded)
    const [answered, detected] = await service.answer(callId)
    if (!answered || !detected) throw new Error('two webhooks were to come')
    await deliver(carrier, [answered])
    expect(service.call(callId).commands).toEqual([])
    await deliver(carrier, [detected])
    expect(service.call(callId).commands.map(({ action }) => action)).toEqual(['speak'])
  })

  it('is known at the end also when nobody was told of it', async () => {
    const { service, carrier } = await setUp({ amd: 'detect' })
    const callId = await placed(carrier)
    await service.answer(callId, 'machine')
    expect(await deliver(carrier, await service.end(callId, 'voicemail'))).toMatchObject([{ outcome: 'voicemail' }])
    // A call that ended before the detection did is a person's; one of which that cannot be said is told of again.
    const second = await placed(carrier, { ref: 'second' })
    await service.answer(second)
    service.hide(second)
    const webhooks = await service.end(second, 'completed')
    service.nextLookup('error')
    await expect(deliver(carrier, webhooks)).rejects.toThrow('nobody says who answered')
    expect(await deliver(carrier, webhooks)).toMatchObject([{ outcome: 'answered' }])
  })

  it('that was recognised too late corrects the end', async () => {
    const { service, carrier } = await setUp({ amd: 'detect' })
    const callId = await placed(carrier)
    const [, detected] = await service.answer(callId, 'machine')
    if (!detected) throw new Error('two webhooks were to come')
    service.hide(callId)
    expect(await deliver(carrier, await service.end(callId, 'completed'))).toMatchObject([{ outcome: 'answered' }])
    expect(await deliver(carrier, [detected])).toMatchObject([{ type: 'ended', outcome: 'voicemail' }])
  })
})

describe('a webhook', () => {
  it.each(['unsigned', 'other key', 'changed', 'old'] as const)('that is forged is refused: %s', async (how) => {
    const { service, carrier } = await setUp()
    const callId = await placed(carrier)
    const [webhook] = await service.ring(callId)
    if (!webhook) throw new Error('no webhook')
    const forged = deliver(carrier, [service.forged(webhook, how)])
    await expect(forged).rejects.toMatchObject({ code: 'webhook_forged' })
  })

  it('is taken for five minutes by the clock that was given', async () => {
    let now = Date.now()
    const { service, carrier } = await setUp({ clock: { now: () => now } })
    const [webhook] = await service.ring(await placed(carrier))
    if (!webhook) throw new Error('no webhook')
    now += 298_000
    expect(await deliver(carrier, [webhook])).toHaveLength(1)
    now += 3_000
    await expect(deliver(carrier, [webhook])).rejects.toMatchObject({ code: 'webhook_forged' })
  })

  it('about something else is no event', async () => {
    const { service, carrier } = await setUp()
    expect(await deliver(carrier, await service.foreign())).toEqual([])
  })
})
