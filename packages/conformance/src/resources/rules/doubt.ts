import assert from 'node:assert/strict'
import type { ResourceWeather } from '../harness.js'
import { METHODS, type ResourceSession } from '../session.js'
import { rejects } from './finding.js'
import type { ResourceRuleTests } from './rule-test.js'
import { TROUBLE } from './trouble.js'

export const doubt: ResourceRuleTests = {
  'R-060': (session) => unknownIn(session, 'error'),
  'R-061': (session) => unknownIn(session, 'silence'),
  'R-062': (session) => unknownIn(session, 'reset'),

  'R-063': async (session) => {
    const answer = await session.performIn({ fault: 'nonsense', applied: true }, 'create')
    assert.equal(answer.status, 'unknown', JSON.stringify(answer))
  },

  'R-064': async (session) => {
    const weathers: ResourceWeather[] = ['fair', 'item', 'throttled', 'account']
    for (const fault of ['error', 'silence', 'reset'] as const) {
      weathers.push({ fault, applied: false }, { fault, applied: true })
    }
    weathers.push({ fault: 'nonsense', applied: true })
    let most = 0
    for (const weather of weathers.filter((each) => session.offers(each))) {
      await session.performIn(weather, 'create')
      if (weather === 'fair' || (typeof weather === 'object' && 'applied' in weather && weather.applied)) most++
      assert.ok(session.service.created() <= most, `a creation met ${JSON.stringify(weather)}, and was made again`)
    }
    await session.time.pass(session.time.isGiven ? 60_000 : 100)
    assert.ok(session.service.created() <= most, 'a creation was made again, later')
  },
}

export const created: ResourceRuleTests = {
  'R-070': async (session) => {
    for (const fault of ['silence', 'error', 'reset'] as const) {
      if (!session.offers({ fault, applied: true })) continue
      const data = session.data()
      const ref = session.ref()
      const before = session.service.resources().map(({ id }) => id)
      session.service.next({ fault, applied: true })
      await session.create(data, { ref }).catch(() => undefined)
      const made = session.service.resources().find(({ id }) => !before.includes(id))
      assert.ok(made, 'the service made nothing')
      const found = await session.seek(data, ref, await session.under.second())
      assert.equal(found?.id, made.id, `the creation met ${fault}`)
    }
  },

  'R-071': async (session) => {
    const data = session.data()
    const ref = session.ref()
    const answer = await session.create(data, { ref })
    assert.equal(answer.status, 'done', JSON.stringify(answer))
    for (const backend of [session.backend, await session.under.second()]) {
      const found = await session.seek(data, ref, backend)
      assert.equal(found?.id, session.service.resources()[0]?.id)
    }
  },

  'R-072': async (session) => {
    const [data, ref] = [session.data(), session.ref()]
    await session.create(data, { ref })
    await session.seek(data, ref)
    assert.equal(await session.findCreated(session.data(), session.ref()), undefined)
  },

  'R-073': async (session) => {
    const data = session.data()
    const ref = session.ref()
    await session.create(data, { ref })
    const asked = [
      { data, ref },
      { data: session.data(), ref: session.ref() },
    ]
    for (const each of asked) {
      for (const weather of TROUBLE) {
        session.service.nextSearch(weather)
        await rejects(session.findCreated(each.data, each.ref), `it met ${weather}`)
      }
      const wrong = await session.under.wrongKey?.()
      if (wrong) await rejects(session.findCreated(each.data, each.ref, wrong), 'its key is refused')
    }
  },

  'R-074': async (session) => {
    const all: { data: Readonly<Record<string, unknown>>; ref: string; id: string | undefined }[] = []
    for (let i = 0; i < 3; i++) {
      const [data, ref] = [session.data(), session.ref()]
      const answer = await session.create(data, { ref })
      all.push({ data, ref, id: answer.status === 'done' ? answer.resource?.id : undefined })
    }
    const second = await session.under.second()
    for (const { data, ref, id } of all) assert.equal((await session.seek(data, ref, second))?.id, id)
  },

  'R-075': async (session) => {
    const { createVisibility } = session.backend.capabilities
    if (session.service.hide) assert.ok(createVisibility, 'creations are shown late, and none is said to be')
  },
}

async function unknownIn(session: ResourceSession, fault: 'error' | 'silence' | 'reset'): Promise<void> {
  for (const method of METHODS) {
    for (const applied of [false, true]) {
      const answer = await session.performIn({ fault, applied }, method)
      const what = `${method}, ${applied ? 'done' : 'not done'}: ${JSON.stringify(answer)}`
      // What is harmless to repeat may have been, and then its word is good.
      if (method === 'create' || answer.status !== 'done') assert.equal(answer.status, 'unknown', what)
    }
  }
}
