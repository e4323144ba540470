import assert from 'node:assert/strict'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { draft, keptOpen, paused, running } from '../support/phases.js'
import { closed, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const GATES = ['slots:a', 'slots:acme', 'slots:r1', 'slots:everything']

export const claims: RuleTests = {
  'S-050': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', phase: keptOpen }, 40)
    const workers = [store.worker('one'), store.worker('two'), store.worker('three', await store.second())]
    const replies = await Promise.all(workers.map((worker) => worker.claim(10)))
    const tasks = replies.flatMap((reply) => reply.tasks)
    assert.equal(new Set(tasks.map(({ index }) => index)).size, 30)
    const names = new Set(tasks.map(({ claim }) => claim))
    assert.equal(names.size, 30)
    await workers[0]?.report(...tasks.map(({ claim }) => returned(claim)))
    for (const { claim } of (await store.worker('again').claim(40)).tasks) {
      assert.ok(!names.has(claim), `claim ${claim} was given twice`)
    }
  },

  'S-051': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    await worker.claim(2, { leaseMs: 500 })
    const { lastEvent } = await store.job('a')
    await store.pass(500)
    const { tasks } = await worker.claim(5)
    contains(
      tasks.sort((a, b) => a.index - b.index),
      [
        { index: 0, attempts: 0 },
        { index: 1, attempts: 0 },
      ],
    )
    contains(await store.job('a'), { counts: { claimed: 2 }, fenced: 0 })
    const page = await store.storage.events('a', lastEvent, 10)
    const told = page.status === 'ok' ? page.events.map(({ data }) => data) : []
    assert.equal(told.filter((data) => data.type === 'returned' && data.reasons?.[0] === 'lease_ended').length, 2)
  },

  'S-052': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 1)
    const first = await worker.take({ leaseMs: 500 })
    await worker.report(returned(first))
    const second = await worker.take({ leaseMs: 10_000 })
    await store.pass(500)
    assert.deepEqual(await worker.fence(first), { status: 'gone' })
    assert.deepEqual(await worker.report(returned(first)), ['stale'])
    contains(await worker.fence(second), { status: 'fenced', attempt: 1 })
  },

  'S-053': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 50)
    let revision = 0
    for (const key of GATES) {
      await store.storage.setLimits([{ key, revision: ++revision, slots: 3 }])
      const [claim, ...more] = (await worker.claim(10)).tasks.map((task) => task.claim)
      assert.equal(more.length, 2, key)
      assert.deepEqual((await worker.claim(10)).tasks, [], key)
      contains((await store.storage.recount('a')).holds, { [key]: 3 })
      await worker.report(returned(claim ?? ''))
      const { tasks } = await worker.claim(10)
      assert.equal(tasks.length, 1, key)
      await worker.report(...[...more, tasks[0]?.claim ?? ''].map((each) => returned(each)))
      await store.storage.setLimits([{ key, revision: ++revision, none: true }])
    }
  },

  'S-054': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 20)
    let revision = 0
    for (const key of GATES) {
      await store.storage.setLimits([{ key, revision: ++revision, slots: 4 }])
      const refs = await worker.dial(3)
      const claim = await worker.take()
      await store.storage.setLimits([{ key, revision: ++revision, slots: 2 }])
      contains(await worker.fence(claim), { status: 'refused', reasons: [key] })
      assert.deepEqual(await worker.report(closed(refs[0] ?? ''), returned(claim)), ['applied', 'applied'])
      assert.deepEqual((await worker.claim(10)).tasks, [], key)
      await worker.end(refs[1] ?? '')
      const { tasks } = await worker.claim(10)
      assert.equal(tasks.length, 1, key)
      await worker.report(returned(tasks[0]?.claim ?? ''), closed(refs[2] ?? ''))
      await store.storage.setLimits([{ key, revision: ++revision, none: true }])
    }
  },

  'S-055': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'd', phase: draft }, 2)
    await filledJob(storage, { id: 'p', phase: paused }, 2)
    await filledJob(storage, { id: 'a', route: 'r2' }, 2)
    assert.deepEqual((await worker.claim(10)).tasks, [])
    assert.equal((await worker.claim(10, { route: 'r2' })).tasks.length, 2)
    await storage.control('p', { phase: running })
    contains((await worker.claim(10)).claims, [{ jobId: 'p' }])
  },

  'S-056': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 80)
    await filledJob(store.storage, { id: 'b', organization: 'globex' }, 80)
    for (const max of [1, 3, 40, 70]) assert.equal((await worker.claim(max)).tasks.length, max)
  },

  'S-057': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: running }, 1)
    const { claims: first } = await worker.claim(1)
    contains(first, [
      { jobId: 'a', revision: (await store.job('a')).revision, tasks: [{ index: 0, attempts: 0, payload: '0' }] },
    ])
    assert.equal(first[0]?.tasks[0]?.memo, undefined)
    await worker.report(returned(first[0]?.tasks[0]?.claim ?? '', { waitUntil: 0, memo: 'one' }))
    const ref = await worker.call()
    await worker.report(closed(ref, { next: { waitUntil: 0, memo: 'two' } }))
    const { tasks } = await worker.claim(1)
    contains(tasks, [{ index: 0, attempts: 1, payload: '0', memo: 'two' }])
    await worker.report(returned(tasks[0]?.claim ?? ''))
    contains((await worker.claim(1)).tasks, [{ memo: 'two' }])
  },

  'S-058': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 20)
    const refs = await worker.dial(5)
    const { tasks } = await worker.claim(1)
    await store.storage.setLimits([{ key: 'slots:acme', revision: 1, slots: 6 }])
    assert.deepEqual((await worker.claim(10)).tasks, [])
    await worker.report(returned(tasks[0]?.claim ?? ''), closed(refs[0] ?? ''))
    assert.equal((await worker.claim(10)).tasks.length, 2)
  },

  'S-059': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    for (const leaseMs of [1000, 30_000]) {
      const { now, claims } = await worker.claim(1, { leaseMs })
      assert.equal(claims[0]?.leaseUntil, now + leaseMs)
    }
  },
}
