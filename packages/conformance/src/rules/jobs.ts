import assert from 'node:assert/strict'
import { STORAGE_PORT_VERSION } from '@outdial/core'
import { contains, refuses } from '../support/expect.js'
import { addTasks, filledJob, newJob } from '../support/jobs.js'
import { fenceOf } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

export const manifest: RuleTests = {
  'S-001': async ({ storage }) => {
    assert.equal(storage.capabilities.portVersion, STORAGE_PORT_VERSION)
  },

  'S-002': async (store) => {
    const before = { ...store.storage.capabilities }
    await filledJob(store.storage, { id: 'a' }, 2)
    await store.worker().call()
    assert.deepEqual({ ...store.storage.capabilities }, before)
    assert.deepEqual({ ...(await store.second()).capabilities }, before)
  },

  'S-003': async ({ storage: { capabilities } }) => {
    const { batch, channels, shared, durable } = capabilities
    assert.ok(Number.isInteger(batch) && batch >= 1, `batch is ${batch}`)
    assert.ok(Number.isInteger(channels) && channels >= 1, `channels is ${channels}`)
    assert.deepEqual([typeof shared, typeof durable], ['boolean', 'boolean'])
  },

  'S-004': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 1)
    const worker = store.worker()
    const fences = [fenceOf(await worker.take())]
    const asked = () => storage.exchange({ channel: 'd', seq: 1, reports: [], fences, claims: [], durable: true })
    if (storage.capabilities.durable) {
      contains((await asked()).fences, [{ status: 'fenced', attempt: 1 }])
      return
    }
    await refuses('not_durable', asked)
    contains(await storage.getTask('a', 0), { place: 'claimed', attempts: 0 })
    contains(await storage.exchange({ channel: 'd', seq: 1, reports: [], fences, claims: [] }), {
      fences: [{ status: 'fenced', attempt: 1 }],
    })
  },
}

export const jobs: RuleTests = {
  'S-010': async (store) => {
    const given = newJob({ id: 'a', spec: 'the spec', weight: 3, idempotencyKey: 'k', fingerprint: 'f' })
    const { job, replayed, sealed } = await store.storage.createJob(given)
    assert.deepEqual([replayed, sealed], [false, false])
    const { id, organization, route, spec, weight, gates, phase, idempotencyKey } = given
    contains(job, { id, organization, route, spec, weight, gates, phase, idempotencyKey, lanes: [], batches: [] })
    contains(job, { counts: { total: 0, fresh: 0, claimed: 0, active: 0, succeeded: 0 }, fenced: 0, placed: 0 })
    store.near(job.createdAt, await store.now(), 'createdAt')
    assert.ok(job.revision > 0)
  },

  'S-011': async (store) => {
    const { storage } = store
    await storage.createJob(newJob({ id: 'a' }))
    const look = async () => [
      await storage.getJob('a'),
      await storage.getTask('a', 0),
      (await storage.listJobs({ max: 10 })).items,
      (await store.worker('w').claim(1)).tasks,
    ]
    assert.deepEqual(await look(), [undefined, undefined, [], []])
    await refuses('job_not_found', () => storage.events('a', 0, 10))
    await addTasks(storage, 'a', 1)
    contains(await storage.getJob('a'), { id: 'a', counts: { total: 1, fresh: 1 } })
    assert.equal((await store.worker('other').claim(1)).tasks.length, 1)
  },

  'S-012': async (store) => {
    const { storage } = store
    const request = newJob({ id: 'a', idempotencyKey: 'k', fingerprint: 'f' })
    await storage.createJob(request)
    contains(await storage.createJob({ ...request, id: 'b' }), { job: { id: 'a' }, replayed: true, sealed: false })
    await addTasks(storage, 'a', 1)
    contains(await storage.createJob({ ...request, id: 'c' }), { job: { id: 'a' }, replayed: true, sealed: true })
    contains((await storage.listJobs({ max: 10 })).items, [{ id: 'a' }])
  },

  'S-013': async (store) => {
    const { storage } = store
    const request = newJob({ id: 'a', idempotencyKey: 'k', fingerprint: 'f' })
    await storage.createJob(request)
    await addTasks(storage, 'a', 1)
    const before = await storage.getJob('a')
    const limits = [{ key: 'slots:r1', revision: 1, slots: 0 }]
    await refuses('idempotency_conflict', () =>
      storage.createJob({ ...request, id: 'b', fingerprint: 'another', limits }),
    )
    assert.deepEqual(await storage.getJob('a'), before)
    assert.equal((await store.worker().claim(1)).tasks.length, 1)
  },

  'S-014': async ({ storage }) => {
    const request = { idempotencyKey: 'k', fingerprint: 'f' }
    await storage.createJob(newJob({ id: 'a', organization: 'acme', ...request }))
    const other = await storage.createJob(newJob({ id: 'b', organization: 'globex', ...request, fingerprint: 'g' }))
    contains(other, { job: { id: 'b', organization: 'globex' }, replayed: false })
  },

  'S-015': async (store) => {
    const clients = [store.storage, await store.second(), store.storage, await store.second()]
    const made = await Promise.all(
      clients.map((client, i) => client.createJob(newJob({ id: `j${i}`, idempotencyKey: 'k', fingerprint: 'f' }))),
    )
    assert.equal(new Set(made.map(({ job }) => job.id)).size, 1)
    assert.equal(made.filter(({ replayed }) => !replayed).length, 1)
  },

  'S-016': async (store) => {
    const limits = [{ key: 'slots:a', revision: 1, slots: 2 }]
    await filledJob(store.storage, { id: 'a', limits }, 5)
    assert.equal((await store.worker().claim(5)).tasks.length, 2)
  },

  'S-017': async ({ storage }) => {
    const made = await storage.createJob(newJob({ id: 'a' }))
    assert.deepEqual(await storage.createJob(newJob({ id: 'a' })), { ...made, replayed: true })
    await addTasks(storage, 'a', 1)
    contains(await storage.createJob(newJob({ id: 'a' })), {
      replayed: true,
      sealed: true,
      job: { counts: { total: 1 } },
    })
  },
}
