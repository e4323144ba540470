import assert from 'node:assert/strict'
import type { ResourceRuleTests } from './rule-test.js'

export const together: ResourceRuleTests = {
  'R-100': async (session) => {
    const { backend, service, under } = session
    const many = Math.max(1, Math.min(4, Math.floor(backend.capabilities.concurrency / 3)))
    const rows = Array.from({ length: many }, (_, n) => n)
    const [changed, gone, read] = [[], [], []] as { id: string; selector: { field: string; value: string } }[][]
    for (const group of [changed, gone, read]) {
      for (const _ of rows) {
        const kept = await session.added()
        const [selector] = await session.selectors(kept)
        assert.ok(selector)
        group?.push({ id: kept.id, selector })
      }
    }
    const [updates, created] = await Promise.all([
      Promise.all((changed ?? []).map(({ selector }, n) => session.update(selector, under.changes(n)))),
      Promise.all(rows.map(() => session.create(session.data()))),
      Promise.all((gone ?? []).map(({ selector }) => session.delete(selector))),
      Promise.all(
        (read ?? []).map(async ({ id, selector }) => assert.equal((await session.find(selector))?.id, id, 'another')),
      ),
    ])
    assert.ok(
      updates.every(({ status }) => status === 'done'),
      JSON.stringify(updates),
    )
    const ids = created.map((answer) => (answer.status === 'done' ? answer.resource?.id : answer.status))
    const left = [...(changed ?? []), ...(read ?? [])].map(({ id }) => id)
    assert.deepEqual(
      service
        .resources()
        .map(({ id }) => id)
        .sort(),
      [...left, ...ids].sort(),
    )
    for (const [n, { selector }] of (changed ?? []).entries()) {
      const found = await session.find(selector)
      for (const [name, value] of Object.entries(under.changes(n))) assert.deepEqual(found?.fields[name], value, name)
    }
  },
}
