import assert from 'node:assert/strict'
import { asksLast } from '../../kit/last-question.js'
import { NotTried } from '../../kit/not-tried.js'
import type { CarrierRuleTests } from './rule-test.js'

export const placing: CarrierRuleTests = {
  'C-010': async (session) => {
    const { attempt } = await session.placed()
    const { service } = session
    assert.deepEqual(
      service.calls().map(({ to, from }) => ({ to, from })),
      [{ to: attempt.to, from: attempt.from }],
    )
    assert.equal(service.asked(), 1)
  },

  'C-011': async (session) => {
    const answer = await session.place(session.attempt())
    const [call] = session.service.calls()
    assert.ok(call, 'the service has no call')
    assert.equal(answer.status, 'accepted', JSON.stringify(answer))
    assert.equal(answer.status === 'accepted' && answer.callId, call.callId)
  },

  'C-012': async (session) => {
    const attempt = session.attempt()
    await session.place(attempt)
    assert.deepEqual(
      session.service.calls().map(({ ref }) => ref),
      [attempt.ref],
    )
  },

  'C-013': async (session) => {
    const to = session.attempt().to
    const first = await session.placed({ to })
    const second = await session.placed({ to })
    assert.equal(session.service.calls().length, 2)
    assert.notEqual(first.call.callId, second.call.callId)
  },

  'C-014': async (session) => {
    const attempts = Array.from({ length: 8 }, () => session.attempt())
    const answers = await Promise.all(attempts.map((attempt) => session.place(attempt)))
    const told = answers.map((answer) => (answer.status === 'accepted' ? answer.callId : answer.status))
    assert.deepEqual(
      told,
      attempts.map(({ to }) => session.callWith('to', to).callId),
    )
  },

  'C-015': async (session) => {
    const { attempt, call } = await session.placed({ ringTimeout: 25_000, maxDuration: 90_000 })
    if (call.ringTimeout === undefined && call.maxDuration === undefined) {
      throw new NotTried('ringTimeout and maxDuration in its calls')
    }
    assert.equal(call.ringTimeout ?? attempt.ringTimeout, attempt.ringTimeout, 'how long it rings')
    assert.equal(call.maxDuration ?? attempt.maxDuration, attempt.maxDuration, 'how long it lasts')
  },

  'C-016': async (session) => {
    const attempt = session.attempt({ startable: () => false })
    const answer = await session.place(attempt)
    await session.time.breathe()
    assert.equal(answer.status, 'notSent', JSON.stringify(answer))
    assert.deepEqual([session.service.asked(), session.service.calls().length], [0, 0])
    assert.ok(attempt.questions > 0, 'startable was not asked')
    // A connection that stands already makes no difference.
    await session.placed()
    const late = await session.place(session.attempt({ startable: () => false }))
    await session.time.breathe()
    assert.equal(late.status, 'notSent', JSON.stringify(late))
    assert.deepEqual([session.service.asked(), session.service.calls().length], [1, 1])
  },

  'C-017': async (session) => {
    const { service, time } = session
    const carrier = (await session.under.narrow?.()) ?? session.carrier
    const answer = await asksLast(time, {
      asked: () => service.asked(),
      async first() {
        await session.meet({ fault: 'silence', placed: false })
        return carrier.place(session.attempt())
      },
      second: (startable, still) => session.place(session.attempt({ startable }), carrier, still),
    })
    assert.equal(answer.status, 'accepted', JSON.stringify(answer))
  },
}
