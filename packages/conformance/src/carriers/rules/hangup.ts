import assert from 'node:assert/strict'
import { NotTried } from '../../kit/not-tried.js'
import { orCaught } from '../../kit/unanswered.js'
import type { CarrierRuleTests } from './rule-test.js'

/** One that throws may be asked again, as one that refuses. */
const refused = () => 'refused' as const

export const hangup: CarrierRuleTests = {
  'C-090': async (session) => {
    const { service } = session
    for (const answered of [false, true]) {
      service.plan?.('completed')
      const { attempt, call } = await session.placed()
      const story = session.story(attempt.ref)
      await story.hear(service.ring(call.callId), 'ringing')
      if (answered) await story.hear(service.answer(call.callId), 'answered')
      const told = await session.hangup(session.handle(attempt, call.callId))
      assert.equal(told, 'done', answered ? 'of a call that was answered' : 'of a call that rings')
      const ended = await session.time.until(() => !service.live(call.callId), 5_000)
      assert.ok(ended, 'the call goes on')
    }
  },

  'C-091': async (session) => {
    const life = await session.life('completed')
    assert.ok(life)
    assert.equal(await session.hangup(session.handle(life.attempt, life.call.callId)), 'gone')
  },

  'C-092': async (session) => {
    const { attempt, call } = await session.placed()
    const handle = session.handle(attempt, call.callId)
    const told = await Promise.all([session.hangup(handle), session.hangup(handle)])
    told.push(await session.hangup(handle), await session.hangup(handle, await session.under.second()))
    assert.ok(!told.includes('refused'), told.join(', '))
    assert.ok(await session.time.until(() => !session.service.live(call.callId), 5_000), 'the call goes on')
  },

  'C-093': async (session) => {
    const { service } = session
    const { attempt, call } = await session.lost()
    service.hide?.(call.callId)
    const second = await session.under.second()
    const told = await orCaught(session.hangup(session.handle(attempt), second), refused)
    if (told === 'refused') return
    assert.ok(
      await session.time.until(() => !service.live(call.callId), 5_000),
      `it said ${told}, and the call goes on`,
    )
  },

  'C-094': async (session) => {
    const { attempt } = await session.placed()
    const never = { ...session.handle(attempt), ref: session.unusedRef() }
    const told = await orCaught(session.hangup(never), refused)
    assert.notEqual(told, 'done')
  },

  'C-095': async (session) => {
    const { service, under } = session
    const { attempt, call } = await session.placed()
    const handle = session.handle(attempt, call.callId)
    const ways = [
      ...(['error', 'silence'] as const).flatMap((weather) =>
        service.nextHangup
          ? [
              () => {
                service.nextHangup?.(weather)
                return session.hangup(handle)
              },
            ]
          : [],
      ),
      ...(under.wrongKey ? [async () => session.hangup(handle, await under.wrongKey?.())] : []),
    ]
    if (ways.length === 0) throw new NotTried('nextHangup and no wrongKey')
    for (const hangUp of ways) {
      const told = await orCaught(hangUp(), refused)
      assert.equal(told, 'refused')
      assert.ok(service.live(call.callId), 'a refused request has ended the call')
    }
  },

  'C-096': async (session) => {
    const { service } = session
    const { to } = session.attempt()
    const [first, second, third] = [await session.placed({ to }), await session.placed({ to }), await session.placed()]
    assert.equal(await session.hangup(session.handle(second.attempt, second.call.callId)), 'done')
    await orCaught(session.hangup({ ...session.handle(first.attempt), ref: session.unusedRef() }), refused)
    assert.ok(await session.time.until(() => !service.live(second.call.callId), 5_000), 'the call goes on')
    assert.deepEqual([service.live(first.call.callId), service.live(third.call.callId)], [true, true])
  },
}
