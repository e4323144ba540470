import assert from 'node:assert/strict'
import type { ResourceBackend } from '@outdial/core'
import { needed } from '../../kit/not-tried.js'
import { orCaught } from '../../kit/unanswered.js'
import type { ResourceRuleTests } from './rule-test.js'
import { TROUBLE } from './trouble.js'

export const manifest: ResourceRuleTests = {
  'R-001': async ({ backend }) => {
    const { keys, concurrency, createVisibility } = backend.capabilities
    assert.ok(typeof backend.type === 'string' && backend.type !== '', 'type is a name')
    assert.ok(Array.isArray(keys) && keys.length > 0, 'keys has a field')
    assert.ok(
      keys.every((key) => typeof key === 'string' && key !== ''),
      'keys are names of fields',
    )
    assert.equal(new Set(keys).size, keys.length, 'no key is there twice')
    assert.ok(Number.isInteger(concurrency) && concurrency >= 1, `concurrency is ${concurrency}`)
    const isTime = Number.isFinite(createVisibility) && Number(createVisibility) >= 0
    assert.ok(createVisibility === false || isTime, `createVisibility is ${createVisibility}`)
  },

  'R-002': async ({ backend, under }) => {
    const told = ({ type, capabilities }: ResourceBackend) => ({ type, ...capabilities })
    assert.deepEqual(told(await under.second()), told(backend))
  },
}

export const finding: ResourceRuleTests = {
  'R-010': async (session) => {
    const kept = [await session.added(), await session.added(), await session.added()]
    for (const backend of [session.backend, await session.under.second()]) {
      for (const each of kept) {
        for (const selector of await session.selectors(each)) {
          const found = await session.find(selector, { backend })
          assert.equal(found?.id, each.id, `by ${selector.field} ${selector.value}`)
        }
      }
    }
  },

  'R-011': async (session) => {
    const { keys } = session.backend.capabilities
    for (const selector of await session.selectors(await session.added())) {
      const found = await session.find(selector)
      assert.equal(String(found?.fields[selector.field]), selector.value, selector.field)
      for (const key of keys) assert.ok(found?.fields[key] !== undefined, `there is no ${key} among the fields`)
    }
  },

  'R-012': async (session) => {
    await session.added()
    for (const field of session.backend.capabilities.keys) {
      assert.equal(await session.find({ field, value: session.under.nobody(field) }), undefined, field)
    }
  },

  'R-013': async (session) => {
    const kept = await session.added()
    const [selector] = await session.selectors(kept)
    assert.ok(selector)
    for (const value of [selector.value, session.under.nobody(selector.field)]) {
      for (const weather of TROUBLE) {
        session.service.nextSearch(weather)
        await rejects(session.find({ ...selector, value }), `it met ${weather}`)
      }
      const backend = await session.under.wrongKey?.()
      if (backend) await rejects(session.find({ ...selector, value }, { backend }), 'its key is refused')
    }
  },

  'R-014': async (session) => {
    const organization = needed(session.under.stranger, 'stranger')
    for (const selector of await session.selectors(await session.added())) {
      const found = await orCaught(session.find(selector, { organization }), () => undefined)
      assert.equal(found, undefined, `${organization} finds what is not its own by ${selector.field}`)
    }
  },

  'R-015': async (session) => {
    const selectors = await session.selectors(await session.added())
    const before = session.books()
    await Promise.all([...selectors, ...selectors].map((selector) => session.find(selector)))
    assert.equal(session.books(), before)
    assert.equal(session.service.asked(), 0)
  },
}

export async function rejects(answer: Promise<unknown>, met: string): Promise<void> {
  const told = await orCaught(
    answer.then((value) => ({ value })),
    () => undefined,
  )
  if (told) assert.fail(`${met}, and it was answered ${JSON.stringify(told.value)}`)
}
