import assert from 'node:assert/strict'
import { needed } from '../../kit/not-tried.js'
import { orCaught } from '../../kit/unanswered.js'
import type { ResourceSession } from '../session.js'
import { rejects } from './finding.js'
import type { ResourceRuleTests } from './rule-test.js'
import { TROUBLE } from './trouble.js'

export const listing: ResourceRuleTests = {
  'R-020': async (session) => {
    assert.deepEqual(await session.list(), [])
    const ids = await fill(session, (session.service.page ?? 2) * 2 + 1)
    const listed = await session.list()
    assert.deepEqual(listed.map(({ id }) => id).sort(), ids.sort())
    // Exactly one page is where the last one is easily missed, or asked for in vain.
    const more = await fill(session, (session.service.page ?? 2) - 1)
    const all = await session.list({ backend: await session.under.second() })
    assert.deepEqual(all.map(({ id }) => id).sort(), [...ids, ...more].sort())
  },

  'R-021': async (session) => {
    const organization = needed(session.under.stranger, 'stranger')
    await fill(session, 3)
    assert.deepEqual(await orCaught(session.list({ organization }), () => []), [])
  },

  'R-022': async (session) => {
    const { service, backend } = session
    const { list } = backend
    assert.ok(list, 'the back end has no `list`')
    await fill(session, (service.page ?? 2) * 2 + 1)
    for (const weather of TROUBLE) {
      service.nextSearch(weather)
      await rejects(session.list(), `it met ${weather}`)
      if (service.page === undefined) continue
      // Trouble with a later page, after the first was read.
      const pages = list.call(backend, session.organization)[Symbol.asyncIterator]()
      for (let i = 0; i < service.page; i++) await session.time.settle<unknown>('`list`', pages.next())
      service.nextSearch(weather)
      const rest = async () => {
        while (!(await pages.next()).done);
        return 'the end'
      }
      await rejects(session.time.settle('`list`', rest()), `a later page met ${weather}`)
    }
    const wrong = await session.under.wrongKey?.()
    if (wrong?.list) await rejects(session.list({ backend: wrong }), 'its key is refused')
  },

  'R-023': async (session) => {
    const { backend } = session
    const ids = await fill(session, (session.service.page ?? 2) + 1)
    const some = async () => {
      for await (const { id } of backend.list?.(session.organization) ?? []) return id
      return undefined
    }
    const first = await session.time.settle('`list`', some())
    assert.ok(first !== undefined && ids.includes(first))
    assert.equal((await session.list()).length, ids.length)
  },

  'R-024': async (session) => {
    const [selector] = await session.selectors(await session.added())
    assert.ok(selector)
    assert.deepEqual(await session.list(), [await session.find(selector)])
  },
}

async function fill(session: ResourceSession, many: number): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < many; i++) ids.push((await session.added()).id)
  return ids
}
