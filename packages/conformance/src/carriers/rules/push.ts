import assert from 'node:assert/strict'
import type { CarrierEvent } from '@outdial/core'
import type { CarrierRuleTests } from './rule-test.js'

export const push: CarrierRuleTests = {
  'C-070': async (session) => {
    const carrier = await session.under.second()
    const disconnect = session.connect(carrier)
    assert.equal(typeof disconnect, 'function')
    disconnect?.()
    disconnect?.()
  },

  'C-071': async (session) => {
    const { carrier, service, time } = session
    session.disconnect()
    const before: CarrierEvent[] = []
    const first = session.connect(carrier, before)
    service.plan?.('completed')
    const { attempt, call } = await session.placed()
    first?.()
    const after: CarrierEvent[] = []
    session.connect(carrier, after)
    const heard = (type: CarrierEvent['type']) => () => after.some((event) => event.type === type)
    for (const step of [
      { act: () => service.ring(call.callId), type: 'ringing' },
      { act: () => service.answer(call.callId), type: 'answered' },
      { act: () => service.end(call.callId, 'completed'), type: 'ended' },
    ] as const) {
      await time.settle('the service', Promise.resolve(step.act()))
      await time.until(heard(step.type), 120_000)
    }
    assert.ok(
      after.some(({ type, ref }) => type === 'ended' && ref === attempt.ref),
      'the next host was not told of the end',
    )
    assert.ok(!before.some(({ type }) => type === 'ended'), 'a host that has gone was told of the end')
  },
}
