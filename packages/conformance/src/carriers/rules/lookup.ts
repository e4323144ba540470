import assert from 'node:assert/strict'
import type { CallHandle, Carrier, CarrierEvent, Lookup } from '@outdial/core'
import { orCaught } from '../../kit/unanswered.js'
import type { CarrierSession } from '../session.js'
import { outcomesOf } from './outcomes.js'
import type { CarrierRuleTests } from './rule-test.js'

/** How far a call has got. */
const RANK: Readonly<Record<CarrierEvent['type'], number>> = { queued: 0, ringing: 1, answered: 2, ended: 3 }
const DAY = 86_400_000
const TROUBLE = ['throttled', 'error', 'silence', 'account'] as const

export const lookup: CarrierRuleTests = {
  'C-080': async (session) => {
    const { attempt, call } = await session.lost()
    const event = found(await session.find(session.handle(attempt), await session.under.second()))
    assert.equal(event.callId, call.callId)
  },

  'C-081': async (session) => {
    const { attempt, call } = await session.placed()
    for (const carrier of [session.carrier, await session.under.second()]) {
      const event = found(await session.find(session.handle(attempt, call.callId), carrier))
      assert.ok(event.callId === undefined || event.callId === call.callId, `it found ${event.callId}`)
    }
  },

  'C-082': async (session) => {
    const { service } = session
    service.plan?.('completed')
    const { attempt, call } = await session.placed()
    const handle = session.handle(attempt, call.callId)
    const story = session.story(attempt.ref)
    const look = async (most: CarrierEvent['type']) => {
      const event = found(await session.find(handle))
      assert.ok(RANK[event.type] <= RANK[most], `a call that is ${most} was found as ${event.type}`)
      return event
    }
    await story.hear(service.ring(call.callId), 'ringing')
    // A service that plans cannot be held: its call goes on while it is asked.
    await look(service.plan ? 'answered' : 'ringing')
    await story.hear(service.answer(call.callId), 'answered')
    await look('answered')
    await story.hear(service.end(call.callId, 'completed'), 'ended')
    const { type, outcome } = await look('ended')
    assert.equal(type, 'ended', 'a call that has ended')
    assert.ok(outcome === undefined || outcomesOf('completed').includes(outcome), `the outcome is ${outcome}`)
    const life = await session.life('no_answer')
    if (!life) return
    const missed = found(await session.find(session.handle(life.attempt, life.call.callId)))
    assert.equal(missed.type, 'ended')
    const right = missed.outcome === undefined || outcomesOf('no_answer').includes(missed.outcome)
    assert.ok(right, `nobody answered, and the outcome is ${missed.outcome}`)
  },

  'C-083': async (session) => {
    const { to } = session.attempt()
    const calls = [await session.placed({ to }), await session.lost({ to }), await session.placed({ to })]
    for (const carrier of [session.carrier, await session.under.second()]) {
      for (const { attempt, call } of calls) {
        const event = found(await session.find(session.handle(attempt), carrier))
        assert.equal(event.callId, call.callId, 'another call to the same number was found')
      }
    }
  },

  'C-084': async (session) => {
    const { attempt, call } = await session.placed()
    await session.find(session.handle(attempt, call.callId))
    const never = { ...session.handle(attempt), ref: session.unusedRef() }
    const elsewhere = session.handle(session.attempt())
    for (const handle of [never, elsewhere]) {
      const told = await session.lookup(handle)
      assert.equal(told.status, 'notFound', JSON.stringify(told))
    }
  },

  'C-085': async (session) => {
    const told = await session.lookup(session.handle(session.attempt()))
    if (told.status !== 'notFound') return
    const now = session.time.clock.now()
    const right = told.asOf <= now && told.asOf > now - DAY
    assert.ok(right, `it is ${now}, and there was no such call as of ${told.asOf}`)
  },

  'C-086': async (session) => {
    const { attempt, call } = await session.placed()
    await session.find(session.handle(attempt, call.callId))
    const handles = [session.handle(attempt), session.handle(attempt, call.callId), session.handle(session.attempt())]
    for (const handle of handles) {
      for (const weather of TROUBLE) {
        session.service.nextLookup(weather)
        await cannotTell(session, handle, session.carrier, weather)
      }
    }
    const refused = await session.under.wrongKey?.()
    if (refused) for (const handle of handles) await cannotTell(session, handle, refused, 'a wrong key')
  },

  'C-087': async (session) => {
    const { service, carrier, time } = session
    const { lookup: claimed } = carrier.capabilities
    assert.ok(claimed)
    const { attempt, call } = await session.lost()
    // It cannot have been placed later than now.
    const shown = time.clock.now() + claimed.visibilityLag
    service.hide?.(call.callId)
    for (const asked of [carrier, await session.under.second()]) {
      const told = await session.lookup(session.handle(attempt), asked)
      if (told.status !== 'notFound') continue
      assert.ok(told.asOf < shown, `of a call that was placed ${claimed.visibilityLag} ms before at most`)
    }
  },

  'C-088': async (session) => {
    const { service } = session
    const { attempt, call } = await session.placed()
    await session.find(session.handle(attempt, call.callId))
    const asked = service.asked()
    const handles = [session.handle(attempt), session.handle(attempt, call.callId)]
    const told = await Promise.all([...handles, ...handles].map((handle) => session.lookup(handle)))
    for (const each of told) assert.equal(found(each).callId ?? call.callId, call.callId)
    assert.deepEqual([service.asked(), service.calls().length, service.live(call.callId)], [asked, 1, true])
  },
}

function found(told: Lookup): Omit<CarrierEvent, 'ref'> {
  assert.equal(told.status, 'found', JSON.stringify(told))
  return (told as Extract<Lookup, { status: 'found' }>).event
}

async function cannotTell(session: CarrierSession, handle: CallHandle, carrier: Carrier, met: string): Promise<void> {
  const told = await orCaught(session.lookup(handle, carrier), String)
  const status = typeof told === 'string' ? told : told.status
  assert.equal(status, 'cannotTell', `the look-up met ${met}: ${JSON.stringify(told)}`)
}
