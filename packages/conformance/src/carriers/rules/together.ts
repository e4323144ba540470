import assert from 'node:assert/strict'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

export const together: CarrierRuleTests = {
  'C-120': async (session) => {
    const { service, carrier } = session
    const calls = await Promise.all(Array.from({ length: 6 }, () => session.placed()))
    if (carrier.lookup) for (const { attempt, call } of calls) await session.find(session.handle(attempt, call.callId))
    await Promise.all([
      ...calls.map(({ attempt, call }) => looked(session, session.handle(attempt, call.callId), call.callId)),
      ...calls.slice(0, 2).map(({ attempt, call }) => ended(session, session.handle(attempt, call.callId))),
      ...calls.slice(2).map(({ attempt, call }) => told(session, attempt.ref, call.callId)),
      ...Array.from({ length: 4 }, () => session.placed()),
    ])
    assert.equal(service.calls().length, 10)
    for (const [i, { call }] of calls.entries()) {
      const isOver = carrier.hangup !== undefined && i < 2
      if (isOver) assert.ok(await session.time.until(() => !service.live(call.callId), 5_000), 'a call goes on')
      else assert.ok(service.live(call.callId), 'a call was ended that nobody has hung up')
    }
  },
}

async function looked(session: CarrierSession, handle: Parameters<CarrierSession['lookup']>[0], callId: string) {
  if (!session.carrier.lookup) return
  const found = await session.lookup(handle)
  // One that is hung up meanwhile may be found in any state.
  if (found.status === 'found') assert.equal(found.event.callId ?? callId, callId)
}

async function ended(session: CarrierSession, handle: Parameters<CarrierSession['hangup']>[0]) {
  if (session.carrier.hangup) assert.notEqual(await session.hangup(handle), 'refused')
}

async function told(session: CarrierSession, ref: string, callId: string) {
  if (!session.carrier.parseWebhook) return
  const events = await Promise.all((await session.service.ring(callId)).map((webhook) => session.parse(webhook)))
  for (const event of events.flat()) assert.deepEqual([event.ref, event.callId], [ref, callId])
}
