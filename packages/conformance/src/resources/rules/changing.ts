import assert from 'node:assert/strict'
import type { Applied, Resource } from '@outdial/core'
import type { ResourceRuleTests } from './rule-test.js'

export const creating: ResourceRuleTests = {
  'R-030': async (session) => {
    const answer = done(await session.create(session.data()))
    const [kept] = session.service.resources()
    assert.deepEqual([session.service.created(), session.service.resources().length], [1, 1])
    assert.equal(answer.resource?.id, kept?.id, 'it is answered with another id')
    assert.ok(kept)
    const [selector] = await session.selectors(kept)
    assert.ok(selector)
    assert.deepEqual(answer.resource, await session.find(selector))
  },

  'R-031': async (session) => {
    const first = done(await session.create(session.data()))
    const second = done(await session.create(session.data()))
    assert.notEqual(first.resource?.id, second.resource?.id)
    assert.equal(session.service.created(), 2)
  },
}

export const updating: ResourceRuleTests = {
  'R-040': async (session) => {
    const selectors = await session.selectors(await session.added())
    for (const [n, selector] of selectors.entries()) {
      const changes = session.under.changes(n)
      done(await session.update(selector, changes))
      shows(await session.find(selector), changes)
    }
  },

  'R-041': async (session) => {
    await session.added()
    const kept = await session.added()
    await session.added()
    const [selector] = await session.selectors(kept)
    assert.ok(selector)
    const before = session.books()
    const was = await session.find(selector)
    const changes = session.under.changes(0)
    done(await session.update(selector, changes))
    const rest = ({ fields }: Resource) =>
      Object.fromEntries(
        Object.entries(fields).filter(([name]) => !(name in changes) && !/updated|modified/.test(name)),
      )
    const is = await session.find(selector)
    assert.ok(was && is)
    assert.deepEqual(rest(is), rest(was))
    const others = (books: string) => (JSON.parse(books) as Resource[]).filter(({ id }) => id !== kept.id)
    assert.deepEqual(others(session.books()), others(before))
  },

  'R-042': async (session) => {
    const [selector] = await session.selectors(await session.added())
    assert.ok(selector)
    const changes = session.under.changes(0)
    const ref = session.ref()
    done(await session.update(selector, changes, { ref }))
    const once = session.books()
    done(await session.update(selector, changes, { ref }))
    done(await session.update(selector, changes, { backend: await session.under.second() }))
    assert.equal(unstamped(session.books()), unstamped(once))
  },

  'R-043': async (session) => {
    await session.added()
    const before = session.books()
    for (const field of session.backend.capabilities.keys) {
      const answer = await session.update({ field, value: session.under.nobody(field) }, session.under.changes(0))
      assert.equal(answer.status, 'failed', JSON.stringify(answer))
      const [error] = answer.status === 'failed' ? answer.errors : []
      assert.ok(error?.code && error.title, `the error is ${JSON.stringify(error)}`)
    }
    assert.equal(session.books(), before)
  },
}

export const deleting: ResourceRuleTests = {
  'R-045': async (session) => {
    const { keys } = session.backend.capabilities
    const rest = [await session.added(), await session.added()].map(({ id }) => id)
    for (const i of keys.keys()) {
      const selector = (await session.selectors(await session.added()))[i]
      assert.ok(selector)
      done(await session.delete(selector))
      const left = session.service.resources().map(({ id }) => id)
      assert.deepEqual(left.sort(), [...rest].sort(), `by ${selector.field}`)
    }
  },

  'R-046': async (session) => {
    const other = await session.added()
    const selectors = await session.selectors(await session.added())
    const [selector] = selectors
    assert.ok(selector)
    done(await session.delete(selector))
    for (const each of selectors) done(await session.delete(each))
    done(await session.delete(selector, { backend: await session.under.second() }))
    for (const field of session.backend.capabilities.keys) {
      done(await session.delete({ field, value: session.under.nobody(field) }))
    }
    const left = session.service.resources().map(({ id }) => id)
    assert.deepEqual(left, [other.id])
  },
}

function done(answer: Applied): Extract<Applied, { status: 'done' }> {
  assert.equal(answer.status, 'done', JSON.stringify(answer))
  return answer as Extract<Applied, { status: 'done' }>
}

function shows(found: Resource | undefined, changes: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(changes)) assert.deepEqual(found?.fields[name], value, name)
}

/** Books without the times of changes, which a service may write at every one. */
function unstamped(books: string): string {
  return JSON.stringify(
    JSON.parse(books, (name, value: unknown) => (/updated|modified/.test(name) ? undefined : value)),
  )
}
