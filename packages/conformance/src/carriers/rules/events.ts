import assert from 'node:assert/strict'
import type { CarrierEvent, Outcome } from '@outdial/core'
import { isOutcome } from '@outdial/core'
import type { Ending } from '../harness.js'
import type { CarrierSession, Life } from '../session.js'
import { outcomesOf } from './outcomes.js'
import type { CarrierRuleTests } from './rule-test.js'

/** Everything that may become of a call. */
const ENDINGS: readonly Ending[] = [
  'completed',
  'busy',
  'no_answer',
  'invalid_number',
  'rejected',
  'voicemail',
  'network_error',
  'canceled',
]
const DAY = 86_400_000

export const events: CarrierRuleTests = {
  'C-050': async (session) => {
    for (const how of ['completed', 'no_answer'] as const) {
      const { events: heard, attempt, call } = await lived(session, how)
      assert.ok(heard.length > 0, 'nothing was told of a call')
      for (const { ref, callId } of heard) assert.deepEqual([ref, callId], [attempt.ref, call.callId])
    }
  },

  'C-051': async (session) => {
    const { events: heard } = await lived(session, 'completed')
    const types = heard.map(({ type }) => type)
    assert.equal(types.indexOf('ended'), types.length - 1, `the end is not the last: ${types.join(', ')}`)
    const { events: alone } = await lived(session, 'busy')
    assert.equal(alone.filter(({ type }) => type === 'ended').length, 1, 'a call that was busy has not ended once')
    assert.ok(!alone.some(({ type }) => type === 'answered'), 'a call that was busy was answered')
  },

  'C-052': async (session) => {
    for (const how of ENDINGS) {
      const life = await session.life(how)
      if (!life) continue
      const { outcome } = endOf(life)
      assert.ok(isOutcome(outcome), `${how}: the outcome is ${JSON.stringify(outcome)}`)
      const { amd } = session.carrier.capabilities
      if (how === 'voicemail' && amd) continue // has a rule of its own
      const right: readonly Outcome[] = how === 'voicemail' ? ['answered'] : outcomesOf(how)
      assert.ok(right.includes(outcome), `${how}: the outcome is ${outcome}, not ${right.join(' or ')}`)
    }
  },

  'C-053': async (session) => {
    assert.equal(endOf(await lived(session, 'completed')).duration, 60_000)
    for (const how of ['no_answer', 'busy'] as const) {
      const life = await session.life(how)
      if (life) assert.equal(endOf(life).duration ?? 0, 0, how)
    }
  },

  'C-054': async (session) => {
    const before = session.time.clock.now()
    const { events: heard } = await lived(session, 'completed')
    const after = session.time.clock.now()
    for (const { type, at } of heard) {
      if (at === undefined) continue
      // A service has a clock of its own, which is not asked here to be right, but to count milliseconds.
      assert.ok(at > before - DAY && at < after + DAY, `${type} was at ${at}, and it is ${after}`)
    }
  },

  'C-055': async (session) => {
    for (const how of ['completed', 'busy'] as const) {
      const { raw } = endOf(await lived(session, how))
      const words = Object.values(raw ?? {})
      assert.ok(words.length > 0, `${how}: there is no word of the service's own`)
      const plain = words.every((word) => typeof word === 'string' || Number.isFinite(word))
      assert.ok(plain, `${how}: not every word is a text or a number: ${JSON.stringify(raw)}`)
    }
  },

  'C-056': async (session) => {
    const { events: heard } = await lived(session, 'completed')
    for (const { type, outcome, duration } of heard) {
      if (type !== 'ended') assert.deepEqual([outcome, duration], [undefined, undefined], type)
    }
  },

  'C-057': async (session) => {
    session.service.plan?.('completed')
    const { attempt, call } = await session.lost()
    const story = session.story(attempt.ref)
    await story.hear(session.service.ring(call.callId), 'ringing')
    await story.hear(session.service.answer(call.callId), 'answered')
    await story.hear(session.service.end(call.callId, 'completed'), 'ended')
    assert.ok(
      story.events.some(({ type }) => type === 'ended'),
      'nobody told of the end',
    )
    for (const { ref, callId } of story.events) assert.deepEqual([ref, callId], [attempt.ref, call.callId])
  },

  'C-058': async (session) => {
    const life = await session.life('voicemail')
    assert.ok(life, 'the carrier claims `amd`, and its service has no machines')
    assert.equal(endOf(life).outcome, 'voicemail')
  },
}

/** A call that has ended so, as every service can tell. */
async function lived(session: CarrierSession, how: Ending): Promise<Life> {
  const life = await session.life(how)
  assert.ok(life, `a service has calls that end as ${how}`)
  return life
}

function endOf({ events: heard }: Life): CarrierEvent {
  const end = heard.findLast(({ type }) => type === 'ended')
  assert.ok(end, 'nobody told of the end of a call')
  return end
}
