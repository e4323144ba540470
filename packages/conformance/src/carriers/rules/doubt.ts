import assert from 'node:assert/strict'
import type { Weather } from '../harness.js'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

export const doubt: CarrierRuleTests = {
  'C-030': (session) => unknownIn(session, 'error'),
  'C-031': (session) => unknownIn(session, 'silence'),
  'C-032': (session) => unknownIn(session, 'reset'),

  'C-033': async (session) => {
    const { answer } = await session.placeIn({ fault: 'nonsense', placed: true })
    assert.equal(answer.status, 'unknown', JSON.stringify(answer))
  },

  'C-034': async (session) => {
    const { answer } = await session.placeIn({ fault: 'refused' })
    assert.equal(answer.status, 'notSent', JSON.stringify(answer))
    assert.deepEqual([session.service.asked(), session.service.calls().length], [0, 0])
  },

  'C-035': async (session) => {
    const weathers: Weather[] = ['fair', 'contact', 'configuration', 'account', 'throttled']
    for (const fault of ['error', 'silence', 'reset'] as const) {
      weathers.push({ fault, placed: false }, { fault, placed: true })
    }
    weathers.push({ fault: 'nonsense', placed: true })
    const offered = weathers.filter((weather) => session.offers(weather))
    for (const [i, weather] of offered.entries()) {
      await session.placeIn(weather)
      assert.equal(session.service.asked(), i + 1, `a call met ${JSON.stringify(weather)}, and was asked for again`)
    }
    await session.time.pass(session.time.isGiven ? 60_000 : 100)
    assert.equal(session.service.asked(), offered.length, 'a call was asked for again, later')
  },
}

async function unknownIn(session: CarrierSession, fault: 'error' | 'silence' | 'reset'): Promise<void> {
  for (const placed of [false, true]) {
    const { answer } = await session.placeIn({ fault, placed })
    assert.equal(answer.status, 'unknown', `${placed ? 'placed' : 'not placed'}: ${JSON.stringify(answer)}`)
  }
}
