import assert from 'node:assert/strict'
import type { Applied, ResourceError } from '@outdial/core'
import { asksLast } from '../../kit/last-question.js'
import { NotTried } from '../../kit/not-tried.js'
import type { ResourceWeather } from '../harness.js'
import { METHODS, type Method, type ResourceSession } from '../session.js'
import type { ResourceRuleTests } from './rule-test.js'

export const refusals: ResourceRuleTests = {
  'R-050': async (session) => {
    for (const method of METHODS) {
      for (const { code, title } of await errorsOf(session, method)) {
        assert.ok(typeof code === 'string' && code !== '', `${method}: the code is ${JSON.stringify(code)}`)
        assert.ok(typeof title === 'string' && title !== '', `${method}: the title is ${JSON.stringify(title)}`)
      }
    }
  },

  'R-051': async (session) => {
    if (session.service.pointer === false) throw new NotTried('service that names the field at fault')
    for (const method of ['create', 'update'] as const) {
      const pointers = (await errorsOf(session, method)).map(({ pointer }) => pointer)
      assert.ok(
        pointers.some((pointer) => typeof pointer === 'string' && /^(\/[^/]+)+$/.test(pointer)),
        `${method}: no pointer names a field: ${JSON.stringify(pointers)}`,
      )
    }
  },

  'R-052': async (session) => {
    for (const method of METHODS) {
      const before = session.service.asked()
      const answer = await untouched(session, 'throttled', method)
      assert.equal(answer.status, 'throttled', `${method}: ${JSON.stringify(answer)}`)
      assert.equal(session.service.asked() - before, 1, `${method} was asked for again`)
    }
  },

  'R-053': async (session) => {
    if (session.service.retryAfter === false) throw new NotTried('service that says how long to wait')
    for (const method of METHODS) {
      const answer = await session.performIn('throttled', method)
      assert.equal((answer as { retryAfter?: number }).retryAfter, 7_000, method)
    }
  },

  'R-054': async (session) => {
    for (const method of METHODS) notDone(method, await untouched(session, 'account', method))
    const backend = await session.under.wrongKey?.()
    if (!backend) return
    for (const method of METHODS) {
      const perform = await session.prepare(method)
      const before = session.books()
      notDone(method, await perform({ backend }))
      assert.equal(session.books(), before)
    }
  },

  'R-055': async (session) => {
    for (const method of METHODS) {
      const answer = await untouched(session, { fault: 'refused' }, method)
      assert.equal(answer.status, 'unavailable', `${method}: ${JSON.stringify(answer)}`)
    }
  },

  'R-056': async (session) => {
    for (const method of METHODS) {
      const perform = await session.prepare(method)
      const before = session.books()
      let questions = 0
      const startable = () => {
        questions++
        return false
      }
      const answer = await perform({ startable })
      await session.time.breathe()
      assert.equal(answer.status, 'unavailable', `${method}: ${JSON.stringify(answer)}`)
      assert.ok(questions > 0, `${method}: startable was not asked`)
      assert.deepEqual([session.service.asked(), session.books()], [0, before], method)
    }
  },

  'R-057': async (session) => {
    const { service, time, under } = session
    const backend = (await under.narrow?.()) ?? session.backend
    for (const method of METHODS) {
      const perform = await session.prepare(method)
      const data = session.data()
      const answer = await asksLast(time, {
        asked: () => service.asked(),
        async first() {
          await session.meet({ fault: 'silence', applied: false })
          return backend.create(data, session.context({}))
        },
        second: (startable, still) => perform({ backend, startable, still }),
      })
      assert.equal(answer.status, 'done', `${method}: ${JSON.stringify(answer)}`)
    }
  },
}

async function errorsOf(session: ResourceSession, method: Method): Promise<readonly ResourceError[]> {
  const answer = await untouched(session, 'item', method)
  assert.equal(answer.status, 'failed', `${method}: ${JSON.stringify(answer)}`)
  const { errors } = answer as Extract<Applied, { status: 'failed' }>
  assert.ok(errors.length > 0, `${method}: there is no error`)
  return errors
}

/** What an operation answers that has changed nothing. */
async function untouched(session: ResourceSession, weather: ResourceWeather, method: Method): Promise<Applied> {
  const perform = await session.prepare(method)
  const before = session.books()
  await session.meet(weather)
  const answer = await perform()
  await session.time.breathe()
  assert.equal(session.books(), before, `${method}: something was done`)
  return answer
}

function notDone(method: Method, { status, ...rest }: Applied): void {
  assert.ok(status === 'failed' || status === 'unavailable', `${method}: ${JSON.stringify({ status, ...rest })}`)
}
