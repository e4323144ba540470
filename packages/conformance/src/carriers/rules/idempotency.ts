import assert from 'node:assert/strict'
import type { Placed } from '@outdial/core'
import { NotTried } from '../../kit/not-tried.js'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

export const idempotency: CarrierRuleTests = {
  'C-040': async (session) => {
    const { attempt, call } = await session.placed()
    const others = [session.carrier, session.carrier, await session.under.second()]
    for (const carrier of others) same(session, await session.place(attempt, carrier), call.callId)
  },

  'C-041': async (session) => {
    const { attempt, call } = await session.lost()
    same(session, await session.place(attempt, await session.under.second()), call.callId)
  },

  'C-042': async (session) => {
    const { idempotency: claimed } = session.carrier.capabilities
    if (!session.time.isGiven) throw new NotTried('clock that can be moved')
    const { attempt, call } = await session.placed()
    await session.time.pass(typeof claimed === 'object' ? claimed.window - 1_000 : 86_400_000)
    same(session, await session.place(attempt), call.callId)
  },
}

function same(session: CarrierSession, answer: Placed, callId: string): void {
  assert.equal(answer.status, 'accepted', JSON.stringify(answer))
  assert.equal(answer.status === 'accepted' && answer.callId, callId)
  assert.equal(session.service.calls().length, 1, 'the same ref was placed twice')
}
