import assert from 'node:assert/strict'
import type { Placed, Rejection } from '@outdial/core'
import { NotTried, needed } from '../../kit/not-tried.js'
import type { Weather } from '../harness.js'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

type Rejected = Extract<Placed, { status: 'rejected' }>

export const refusals: CarrierRuleTests = {
  'C-020': async (session) => {
    await refused(session, 'contact', ['contact'])
  },

  'C-021': async (session) => {
    await refused(session, 'configuration', ['configuration', 'account'])
  },

  'C-022': async (session) => {
    await refused(session, 'account', ['account', 'configuration'])
  },

  'C-023': async (session) => {
    await refused(session, 'throttled', ['throttled'])
  },

  'C-024': async (session) => {
    if (session.service.retryAfter === false) throw new NotTried('service that says how long to wait')
    const { retryAfter } = await rejection(session, 'throttled')
    assert.equal(retryAfter, 7_000)
  },

  'C-025': async (session) => {
    const { code } = await rejection(session, 'contact')
    assert.ok(typeof code === 'string' && code !== '', `the code is ${JSON.stringify(code)}`)
  },

  'C-026': async (session) => {
    const carrier = await needed(session.under.wrongKey, 'wrongKey')()
    const answer = await session.place(session.attempt(), carrier)
    assert.equal(answer.status, 'rejected', JSON.stringify(answer))
    const { reason } = answer as Rejected
    assert.ok(reason === 'account' || reason === 'configuration', `the reason is ${reason}`)
    assert.deepEqual(session.service.calls(), [])
  },

  'C-027': async (session) => {
    const weathers: Weather[] = ['contact', 'throttled', { fault: 'error', placed: false }]
    const faults = (['silence', 'reset'] as const).map((fault): Weather => ({ fault, placed: false }))
    for (const weather of [...weathers, ...faults, { fault: 'refused' } as const]) {
      if (!session.offers(weather)) continue
      await session.placeIn(weather)
      await session.placed()
    }
  },
}

/** What a refusal answers, which placed nothing. */
async function rejection(session: CarrierSession, weather: Weather): Promise<Rejected> {
  const { answer } = await session.placeIn(weather)
  assert.equal(answer.status, 'rejected', JSON.stringify(answer))
  return answer as Rejected
}

async function refused(session: CarrierSession, weather: Weather, reasons: readonly Rejection[]): Promise<void> {
  const { reason } = await rejection(session, weather)
  assert.ok(reasons.includes(reason), `the reason is ${reason}`)
  assert.deepEqual([session.service.asked(), session.service.calls().length], [1, 0])
}
