import assert from 'node:assert/strict'
import { isOutdialError } from '@outdial/core'
import { contains, refuses } from '../support/expect.js'
import { addTasks, chunk, filledJob, LANE, newJob } from '../support/jobs.js'
import { keptOpen, stopped } from '../support/phases.js'
import type { RuleTests } from './rule-test.js'

/** How long an open batch may show no sign of life. */
const IDLE = 60_000

export const intake: RuleTests = {
  'S-020': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', phase: keptOpen, dedupe: true }, 1)
    await storage.openBatch('a', 'b', 'k')
    await storage.stage('a', 'b', chunk(0, ['12025550101', '12025550102']))
    await storage.stage('a', 'b', chunk(1, ['12025550103']))
    contains(await store.job('a'), { counts: { total: 1, fresh: 1 } })
    assert.equal(await storage.getTask('a', 1), undefined)
    assert.equal(await storage.findTask('a', '12025550102'), undefined)
    assert.equal((await storage.scanTasks('a', { max: 10 })).items.length, 1)
    assert.equal((await store.worker().claim(10)).tasks.length, 1)
    const { lastEvent } = await store.job('a')

    contains(await storage.seal('a', 'b', 3, 'memo'), { first: 1, count: 3 })

    contains(await store.job('a'), {
      counts: { total: 4, fresh: 3 },
      batches: [{ key: 'batch' }, { key: 'k', memo: 'memo' }],
    })
    assert.equal(await storage.findTask('a', '12025550102'), 2)
    const page = await storage.events('a', lastEvent, 10)
    contains(page, { events: [{ data: { type: 'added', first: 1, count: 3, key: 'k' } }] })
    const { tasks } = await store.worker('other').claim(10)
    assert.deepEqual(tasks.map(({ payload }) => payload).sort(), [
      'payload of 12025550101',
      'payload of 12025550102',
      'payload of 12025550103',
    ])
  },

  'S-021': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', phase: keptOpen }, 1)
    await storage.openBatch('a', 'b1', 'k1')
    await store.pass(IDLE / 2)
    await storage.stage('a', 'b1', chunk(0, ['1']))
    await store.pass(IDLE / 2 + 1000)
    await refuses('batch_busy', () => storage.openBatch('a', 'b2', 'k2'))
    await store.pass(IDLE / 2 - 1000)
    assert.deepEqual(await storage.openBatch('a', 'b2', 'k2'), { status: 'open' })
    await refuses('batch_discarded', () => storage.stage('a', 'b1', chunk(1, ['2'])))
    await refuses('batch_discarded', () => storage.seal('a', 'b1', 1, ''))
    await storage.discard('a', 'b1')
    contains(await storage.stage('a', 'b2', chunk(0, ['3'])), { first: 1, accepted: 1 })
    contains(await storage.seal('a', 'b2', 1, ''), { first: 1, count: 1 })
  },

  'S-022': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a', dedupe: true }))
    await storage.openBatch('a', 'b1', 'k')
    await storage.stage('a', 'b1', chunk(0, ['1', '2', '3']))
    assert.deepEqual(await storage.openBatch('a', 'b2', 'k'), { status: 'open' })
    await refuses('batch_discarded', () => storage.stage('a', 'b1', chunk(1, ['4'])))
    assert.deepEqual(await storage.stage('a', 'b2', chunk(0, ['3', '4'])), { first: 0, accepted: 2, duplicates: [] })
    await storage.seal('a', 'b2', 2, '')
    contains(await storage.getTask('a', 0), { payload: 'payload of 3' })
  },

  'S-023': async ({ storage }) => {
    await filledJob(storage, { id: 'a', phase: keptOpen }, 2)
    await storage.openBatch('a', 'b2', 'k')
    await storage.stage('a', 'b2', chunk(0, ['1']))
    await storage.seal('a', 'b2', 1, 'memo')
    const before = await storage.getJob('a')
    for (const batch of ['b2', 'b3']) {
      const answer = { status: 'sealed', batch: 'b2', first: 2, count: 1, memo: 'memo' }
      assert.deepEqual(await storage.openBatch('a', batch, 'k'), answer)
    }
    assert.deepEqual(await storage.getJob('a'), before)
    assert.deepEqual(await storage.openBatch('a', 'b4', 'another'), { status: 'open' })
  },

  'S-024': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a', dedupe: true }))
    await storage.openBatch('a', 'b', 'k')
    for (const seq of [0, 1, 2]) {
      const part = chunk(seq, [`1${seq}`, '5'])
      const first = await storage.stage('a', 'b', part)
      assert.deepEqual(await storage.stage('a', 'b', part), first)
    }
    await refuses('sequence_broken', () => storage.stage('a', 'b', chunk(4, ['9'])))
    contains(await storage.seal('a', 'b', 4, ''), { first: 0, count: 4 })
  },

  'S-025': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'k')
    await storage.stage('a', 'b', chunk(0, ['1', '2']))
    for (const wrong of [0, 1, 3]) await refuses('batch_incomplete', () => storage.seal('a', 'b', wrong, ''))
    assert.equal(await storage.getJob('a'), undefined)
    await storage.stage('a', 'b', chunk(1, ['3']))
    contains(await storage.seal('a', 'b', 3, ''), { first: 0, count: 3 })
  },

  'S-026': async ({ storage }) => {
    const keys = ['12025550101', '12025550102', '12025550101']
    for (const dedupe of [true, false]) {
      const id = `dedupes-${dedupe}`
      await storage.createJob(newJob({ id, dedupe, phase: keptOpen }))
      await storage.openBatch(id, 'b', 'k')
      const staged = await storage.stage(id, 'b', chunk(0, keys))
      const duplicates = dedupe ? [{ position: 2, of: 0 }] : []
      assert.deepEqual(staged, { first: 0, accepted: 3 - duplicates.length, duplicates })
      await storage.seal(id, 'b', staged.accepted, '')
      await storage.openBatch(id, 'b2', 'k2')
      const more = await storage.stage(id, 'b2', chunk(0, ['12025550103', '12025550102']))
      assert.deepEqual(more.duplicates, dedupe ? [{ position: 1, of: 1 }] : [])
    }
  },

  'S-027': async (store) => {
    const { storage } = store
    await storage.createJob(newJob({ id: 'a', dedupe: true }))
    await storage.openBatch('a', 'b1', 'k1')
    await storage.stage('a', 'b1', chunk(0, ['1', '2']))
    await storage.seal('a', 'b1', 2, '')
    await storage.openBatch('a', 'b2', 'k2')
    await storage.stage('a', 'b2', chunk(0, ['2', '3', '4'], 1))
    await storage.discard('a', 'b2')
    await storage.discard('a', 'b2')
    await storage.openBatch('a', 'b3', 'k3')
    const staged = await storage.stage('a', 'b3', chunk(0, ['4', '1', '5'], 2))
    await storage.seal('a', 'b3', 2, '')

    assert.deepEqual(staged, { first: 2, accepted: 2, duplicates: [{ position: 1, of: 0 }] })
    assert.equal(await storage.findTask('a', '3'), undefined)
    assert.equal(await storage.findTask('a', '4'), 2)
    const { items } = await storage.scanTasks('a', { max: 10 })
    assert.deepEqual(
      items.map(({ payload, lane }) => [payload, lane]),
      [
        ['payload of 1', 0],
        ['payload of 2', 0],
        ['payload of 4', 2],
        ['payload of 5', 2],
      ],
    )
    assert.deepEqual((await store.job('a')).lanes.map(({ lane }) => lane).sort(), [0, 2])
  },

  'S-028': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a', idempotencyKey: 'i' }))
    await storage.openBatch('a', 'b1', 'k1')
    await storage.discard('a', 'b1')
    await storage.discard('a', 'b1')
    await storage.discard('none', 'b1')
    contains(await storage.createJob(newJob({ id: 'b', idempotencyKey: 'i' })), { replayed: false, job: { id: 'b' } })
  },

  'S-029': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'k')
    const notBefore = (await store.now()) + 1000
    const later = { payload: 'later', notBefore }
    await storage.stage('a', 'b', { seq: 0, lane: LANE, tasks: [later, { payload: 'now' }, later] })
    await storage.seal('a', 'b', 3, '')

    const { tasks, wakeAt } = await worker.claim(10, { leaseMs: 60_000 })
    assert.deepEqual(
      tasks.map(({ payload }) => payload),
      ['now'],
    )
    assert.ok(wakeAt <= notBefore, `told to sleep until ${wakeAt}, and something is due at ${notBefore}`)
    await store.passUntil(notBefore)
    assert.deepEqual(
      (await worker.claim(10)).tasks.map(({ payload }) => payload),
      ['later', 'later'],
    )
  },

  'S-030': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 3)
    assert.equal((await worker.dial(10)).length, 3)
    await addTasks(store.storage, 'a', 4, 'more')
    assert.deepEqual((await worker.claim(10)).tasks.map(({ index }) => index).sort(), [3, 4, 5, 6])
  },

  'S-031': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'k')
    await storage.stage('a', 'b', chunk(0, ['1', '2']))
    const sealed = await storage.seal('a', 'b', 2, 'memo')
    const before = await storage.getJob('a')
    assert.deepEqual(await storage.seal('a', 'b', 2, 'memo'), sealed)
    assert.deepEqual(await storage.getJob('a'), before)
  },

  'S-032': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'ended' }, 0)
    await filledJob(storage, { id: 'swept' }, 2)
    await store.worker().call()
    await storage.control('swept', stopped('canceled'))
    contains(await store.job('ended'), { phase: { state: 'completed' } })
    contains(await store.job('swept'), { phase: { state: 'canceling' } })
    for (const id of ['ended', 'swept']) {
      await refuses('illegal_transition', () => storage.openBatch(id, 'b2', 'k2'))
      contains(await storage.openBatch(id, 'b3', 'batch'), { status: 'sealed', batch: 'batch' })
    }
  },

  'S-033': async ({ storage }) => {
    await refuses('job_not_found', () => storage.openBatch('none', 'b', 'k'))
  },

  'S-034': async ({ storage }) => {
    await storage.createJob(newJob({ id: 'a' }))
    await storage.openBatch('a', 'b', 'k')
    await storage.stage('a', 'b', chunk(0, ['1', '2']))
    assert.deepEqual(await storage.openBatch('a', 'b', 'k'), { status: 'open' })
    contains(await storage.seal('a', 'b', 2, ''), { count: 2 })
  },

  'S-035': async (store) => {
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 1)
    const clients = [store.storage, await store.second()]
    const opened = await Promise.allSettled(clients.map((client, i) => client.openBatch('a', `b${i}`, `k${i}`)))
    const refused = opened.filter((each) => each.status === 'rejected')
    assert.equal(refused.length, 1)
    assert.ok(isOutdialError(refused[0]?.reason, 'batch_busy'), String(refused[0]?.reason))
    const open = opened.findIndex((each) => each.status === 'fulfilled')
    await store.storage.stage('a', `b${open}`, chunk(0, ['1']))
    contains(await store.storage.seal('a', `b${open}`, 1, ''), { first: 1, count: 1 })
  },
}
