import assert from 'node:assert/strict'
import { type CarrierEvent, isOutdialError, type WebhookRequest } from '@outdial/core'
import { NotTried, needed } from '../../kit/not-tried.js'
import { orCaught } from '../../kit/unanswered.js'
import type { Forgery } from '../harness.js'
import type { CarrierSession, Life } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

export const webhooks: CarrierRuleTests = {
  'C-060': async (session) => {
    const { webhooks: sent } = await life(session)
    const once = await parsed(session, sent)
    assert.ok(once.flat().length > 0, 'no webhook of a call makes an event')
    const backwards = await parsed(session, [...sent].reverse())
    assert.deepEqual(backwards.reverse(), once, 'backwards')
    assert.deepEqual(await parsed(session, sent), once, 'once more')
    const together = await Promise.all([...sent, ...sent].map((webhook) => session.parse(webhook)))
    assert.deepEqual(together, [...once, ...once], 'all at once')
    await early(session)
  },

  'C-061': async (session) => {
    const { webhooks: sent } = await life(session)
    const once = await parsed(session, sent)
    const second = await session.under.second()
    for (const [i, webhook] of sent.entries()) assert.deepEqual(await session.parse(webhook, second), once[i])
  },

  'C-062': (session) => forged(session, 'unsigned'),
  'C-063': (session) => forged(session, 'other key'),
  'C-064': (session) => forged(session, 'changed'),
  'C-065': (session) => forged(session, 'old'),

  'C-066': async (session) => {
    const { webhooks: sent } = await life(session)
    const [real] = sent.slice(-1)
    assert.ok(real, 'the service sent no webhook')
    for (const strange of strangers(real)) {
      const told = await orCaught(session.parse(strange), (error) => error)
      const text = JSON.stringify(strange).slice(0, 300)
      if (Array.isArray(told)) continue
      assert.ok(isOutdialError(told, 'webhook_forged'), `${text} makes it throw ${String(told)}`)
    }
  },

  'C-067': async (session) => {
    const foreign = await needed(session.service.foreign, 'foreign').call(session.service)
    for (const webhook of foreign) {
      assert.deepEqual(await session.parse(webhook), [], JSON.stringify(webhook))
    }
  },
}

async function life(session: CarrierSession): Promise<Life> {
  const lived = await session.life('completed')
  assert.ok(lived, 'a service has calls that are completed')
  if (lived.webhooks.length === 0 && session.carrier.connect) throw new NotTried('webhooks')
  assert.ok(lived.webhooks.length > 0, 'the service sends no webhooks')
  return lived
}

async function parsed(session: CarrierSession, sent: readonly WebhookRequest[]): Promise<(readonly CarrierEvent[])[]> {
  const all: (readonly CarrierEvent[])[] = []
  for (const webhook of sent) all.push(await session.parse(webhook))
  return all
}

/** A webhook that comes while the answer to `place` is still waited for. */
async function early(session: CarrierSession): Promise<void> {
  const { service, time } = session
  const attempt = session.attempt()
  await session.meet({ fault: 'silence', placed: true })
  const placing = session.place(attempt).catch(() => undefined)
  await time.until(() => service.calls().some(({ to }) => to === attempt.to), 5_000)
  const { callId } = session.callWith('to', attempt.to)
  const sent = [...(await service.ring(callId)), ...(await service.answer(callId))]
  const meanwhile = await parsed(session, sent)
  await placing
  assert.deepEqual(await parsed(session, sent), meanwhile, 'before `place` had answered')
  for (const { ref } of meanwhile.flat()) assert.equal(ref, attempt.ref, 'before `place` had answered')
}

async function forged(session: CarrierSession, how: Forgery): Promise<void> {
  const { webhooks: sent } = await life(session)
  const forgeries = sent.flatMap((webhook) => session.service.forged(webhook, how) ?? [])
  if (forgeries.length === 0) throw new NotTried(`webhook that is ${how}`)
  for (const forgery of forgeries) {
    const told = await orCaught(session.parse(forgery), (error) => error)
    assert.ok(isOutdialError(told, 'webhook_forged'), `${how}: ${JSON.stringify(told) ?? String(told)}`)
  }
}

/** What anybody on the internet may post to the address of webhooks. */
function strangers(real: WebhookRequest): WebhookRequest[] {
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '0',
    '"text"',
    '{}',
    '{"data":null}',
    'a=b',
    '%',
    '\u0000',
    'x'.repeat(100_000),
  ]
  const headers = Object.keys(real.headers)
  return [
    ...bodies.map((body) => ({ ...real, body })),
    ...bodies.map((body) => ({ ...real, body, headers: {} })),
    ...headers.map((name) => ({ ...real, headers: { ...real.headers, [name]: '' } })),
    ...headers.map((name) => ({ ...real, headers: { ...real.headers, [name]: '\u00e9,;=%00' } })),
    { ...real, headers: {} },
    { ...real, method: 'GET', body: '' },
    { ...real, url: 'https://stranger.example/elsewhere?ref=a&ref=b' },
    { ...real, url: 'no address at all' },
  ]
}
