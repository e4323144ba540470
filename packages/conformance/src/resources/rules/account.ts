import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { AccountProblem, ResourceBackend } from '@outdial/core'
import { needed } from '../../kit/not-tried.js'
import { assertSecretFree } from '../../kit/secrets.js'
import type { ResourceWeather } from '../harness.js'
import { METHODS, type ResourceSession } from '../session.js'
import { rejects } from './finding.js'
import type { ResourceRuleTests } from './rule-test.js'
import { TROUBLE } from './trouble.js'

const WEATHERS: readonly ResourceWeather[] = [
  'fair',
  'item',
  'throttled',
  'account',
  { fault: 'error', applied: false },
  { fault: 'silence', applied: true },
  { fault: 'reset', applied: false },
  { fault: 'refused' },
  { fault: 'nonsense', applied: true },
]

export const account: ResourceRuleTests = {
  'R-080': async (session) => {
    await session.added()
    const before = session.books()
    assert.deepEqual(await check(session, session.backend), [])
    assert.deepEqual([session.books(), session.service.asked()], [before, 0])
  },

  'R-081': async (session) => {
    const problems = await check(session, await needed(session.under.wrongKey, 'wrongKey')())
    assert.ok(problems.length > 0, 'the service refuses the key, and nothing is wrong')
    for (const { field, message } of problems) {
      assert.ok(typeof field === 'string' && field !== '', 'a problem names no field')
      assert.ok(typeof message === 'string' && message.length > 10, `${field}: ${message}`)
    }
  },

  'R-082': async (session) => {
    const { service, backend } = session
    needed(service.nextCheck, 'nextCheck')
    for (const weather of ['error', 'silence'] as const) {
      service.nextCheck?.(weather)
      await rejects(check(session, backend), `it met ${weather}`)
    }
  },
}

export const secrets: ResourceRuleTests = {
  'R-090': async (session) => {
    const { backend, service, time } = session
    for (const weather of WEATHERS.filter((each) => session.offers(each))) {
      for (const method of METHODS) {
        const perform = await session.prepare(method)
        await session.meet(weather)
        await told(session, `${method} in ${JSON.stringify(weather)}`, perform())
      }
      service.next('fair')
    }
    const wrong = await session.under.wrongKey?.()
    const [selector] = await session.selectors(await session.added())
    assert.ok(selector)
    for (const each of wrong ? [backend, wrong] : [backend]) {
      for (const method of METHODS) await told(session, method, (await session.prepare(method))({ backend: each }))
      await told(session, 'find', session.find(selector, { backend: each }))
      await told(session, 'findCreated', session.findCreated(session.data(), session.ref(), each))
      if (each.list) await told(session, 'list', session.list({ backend: each }))
      if (each.check) await told(session, 'check', time.settle('`check`', each.check()))
    }
    for (const weather of TROUBLE) {
      service.nextSearch(weather)
      await told(session, `find in ${weather}`, session.find(selector))
    }
  },

  'R-091': async ({ backend, under }) => {
    const texts = {
      String: String(backend),
      JSON: JSON.stringify(backend),
      inspect: inspect(backend, { depth: 20, showHidden: true, getters: true }),
    }
    for (const [name, text] of Object.entries(texts)) assertSecretFree(`the back end by ${name}`, text, under.secrets)
  },
}

async function check({ time }: ResourceSession, backend: ResourceBackend): Promise<readonly AccountProblem[]> {
  assert.ok(backend.check, 'the back end has no `check`')
  return time.settle('`check`', backend.check())
}

/** Nothing of what an answer says, or of what is thrown, is a secret. */
async function told(session: ResourceSession, what: string, answer: Promise<unknown>): Promise<void> {
  const seen = await answer.catch((error: unknown) => error)
  assertSecretFree(what, seen, session.under.secrets)
}
