import assert from 'node:assert/strict'
import { type AccountProblem, type Carrier, type CarrierUse, isOutdialError } from '@outdial/core'
import { needed } from '../../kit/not-tried.js'
import { orCaught } from '../../kit/unanswered.js'
import type { CarrierSession } from '../session.js'
import type { CarrierRuleTests } from './rule-test.js'

export const account: CarrierRuleTests = {
  'C-100': async (session) => {
    assert.deepEqual(await check(session), [])
    assert.deepEqual(await check(session, use(session)), [])
  },

  'C-101': async (session) => {
    const carrier = await needed(session.under.wrongKey, 'wrongKey')()
    const problems = await check(session, undefined, carrier)
    assert.ok(problems.length > 0, 'the service refuses the key, and nothing is wrong')
    for (const { field, message } of problems) {
      assert.ok(typeof field === 'string' && field !== '', 'a problem names no field')
      assert.ok(typeof message === 'string' && message.length > 10, `${field}: ${message}`)
    }
  },

  'C-102': async (session) => {
    const from = needed(session.under.notOwned, 'notOwned')
    const owned = use(session)
    const problems = await check(session, { ...owned, from: [...owned.from, from] })
    assert.ok(
      problems.some(({ field, message }) => field === 'from' && message.includes(from)),
      `nothing is said of ${from}: ${JSON.stringify(problems)}`,
    )
    assert.ok(!problems.some(({ message }) => message.includes(owned.from[0] as string)), 'of one that is its own')
  },

  'C-103': async (session) => {
    const { service } = session
    needed(service.nextCheck, 'nextCheck')
    for (const weather of ['error', 'silence'] as const) {
      service.nextCheck?.(weather)
      const told = await orCaught(check(session, use(session)), () => undefined)
      assert.equal(told, undefined, `the check met ${weather}, and found ${JSON.stringify(told)}`)
    }
  },

  'C-104': async (session) => {
    await check(session)
    await check(session, use(session))
    assert.deepEqual([session.service.asked(), session.service.calls().length], [0, 0])
  },

  'C-105': async ({ carrier, under }) => {
    const { agent, variables = {} } = under.call ?? {}
    const names = carrier.needs?.(agent)
    assert.ok(Array.isArray(names), 'needs answers a list, and at once')
    assert.deepEqual(carrier.needs?.(agent), names, 'when asked again')
    for (const name of names as string[]) {
      assert.ok(
        Object.hasOwn(variables, name),
        `${JSON.stringify(name)} is none of what the calls of this harness are made of`,
      )
    }
    assert.deepEqual((await under.second()).needs?.(agent), names, 'in another process')
  },

  'C-106': async ({ carrier }) => {
    for (const agent of ['nobody-has-this-agent', '', '__proto__', 'constructor']) {
      try {
        const names = carrier.needs?.(agent)
        assert.ok(Array.isArray(names), `${JSON.stringify(agent)}: ${JSON.stringify(names)}`)
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error
        assert.ok(isOutdialError(error, 'invalid_options'), `${JSON.stringify(agent)}: ${String(error)}`)
        assert.equal(error.details.field, 'agent')
      }
    }
  },
}

function check(
  session: CarrierSession,
  how?: CarrierUse,
  carrier: Carrier = session.carrier,
): Promise<readonly AccountProblem[]> {
  assert.ok(carrier.check, 'the carrier has no `check`')
  return session.time.settle('`check`', carrier.check(how))
}

function use({ under }: CarrierSession): CarrierUse {
  const { from = '+12025550199', agent } = under.call ?? {}
  return { organization: 'acme', from: [from], ...(agent !== undefined && { agent }) }
}
