import assert from 'node:assert/strict'
import type { NoteName } from '@outdial/core'
import { contains, refuses } from '../support/expect.js'
import { addTasks, chunk, filledJob, newJob } from '../support/jobs.js'
import { keptOpen, paused, queued, running, scheduled, stopped } from '../support/phases.js'
import { closed, fenceOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

export const life: RuleTests = {
  'S-100': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: queued }, 2)
    contains(await store.job('a'), { phase: { state: 'queued' } })
    const { now } = await worker.claim(1)
    const { phase, startedAt, lastEvent, revision } = await store.job('a')
    assert.deepEqual([phase, startedAt], [running, now])
    contains(await store.storage.events('a', lastEvent - 1, 9), {
      events: [{ data: { type: 'job', state: 'running', revision } }],
    })
    await worker.claim(1)
    assert.equal((await store.job('a')).revision, revision)
  },

  'S-101': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    const [first, second] = (await worker.dial(2)) as [string, string]
    await worker.report({ kind: 'doubt', ref: first, checkAt: 0 })
    await worker.end(second)
    contains(await store.job('a'), { phase: { state: 'running' } })
    assert.equal((await store.job('a')).endedAt, undefined)
    const { now } = await worker.exchange({ reports: [closed(first)] })
    contains(await store.job('a'), { phase: { state: 'completed' }, endedAt: now, counts: { total: 2, succeeded: 2 } })
  },

  'S-102': async (store) => {
    for (const how of ['seal', 'discard'] as const) {
      const worker = store.worker(how)
      await filledJob(store.storage, { id: how }, 1)
      const ref = await worker.call()
      await store.storage.openBatch(how, 'b2', 'b2')
      await worker.end(ref)
      contains(await store.job(how), { phase: { state: 'running' } })
      if (how === 'seal') await store.storage.seal(how, 'b2', 0, '')
      else await store.storage.discard(how, 'b2')
      contains(await store.job(how), { phase: { state: 'completed' } })
    }
  },

  'S-103': async (store) => {
    await filledJob(store.storage, { id: 'a' }, 0)
    await filledJob(store.storage, { id: 'b' }, 1)
    await store.storage.control('b', { task: { index: 0, next: { terminal: 'skipped', reason: 'user' } } })
    contains(await store.job('a'), { phase: { state: 'completed' }, counts: { total: 0 } })
    contains(await store.job('b'), { phase: { state: 'completed' }, counts: { skipped: 1 } })
  },

  'S-104': async (store) => {
    const { storage } = store
    const worker = store.worker()
    const at = (await store.now()) + 600
    const timers = { start: { at, phase: queued } }
    await filledJob(storage, { id: 'a', phase: scheduled, timers }, 1)
    await storage.createJob(
      newJob({ id: 'b', phase: scheduled, timers: { ...timers, expiry: { at: at + 3000, ...stopped('expired') } } }),
    )
    assert.deepEqual((await worker.claim(5)).tasks, [])
    await store.passUntil(at)
    contains((await worker.claim(5)).claims, [{ jobId: 'a' }])
    await addTasks(storage, 'b', 2)
    contains((await worker.claim(1)).claims, [{ jobId: 'b' }])
    await store.passUntil(at + 3000)
    await worker.exchange()
    contains(await store.job('b'), { counts: { expired: 1, claimed: 1 } })
  },

  'S-105': async (store) => {
    const worker = store.worker()
    const at = (await store.now()) + 600
    await filledJob(store.storage, { id: 'a', timers: { expiry: { at, ...stopped('expired', 'too late') } } }, 3)
    await filledJob(store.storage, { id: 'b', timers: { expiry: { at, ...stopped('expired') } } }, 1)
    const ref = await worker.call()
    await store.passUntil(at)
    await worker.exchange()
    contains(await store.job('a'), {
      phase: { state: 'canceling', reason: 'too late' },
      counts: { expired: 2, active: 1 },
    })
    contains(await store.job('b'), { phase: { state: 'expired' }, counts: { expired: 1 } })
    contains(await store.storage.getTask('a', 2), { place: 'expired', reason: 'too late' })
    await worker.report(closed(ref, { next: { waitUntil: 0 } }))
    contains(await store.job('a'), { phase: { state: 'expired', reason: 'too late' }, counts: { expired: 3 } })
  },

  'S-106': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 100)
    const [done, live] = (await worker.dial(2)) as [string, string]
    await worker.end(done)
    const { tasks } = await worker.claim(3)
    const [first, second, third] = tasks.map(({ claim }) => claim) as [string, string, string]
    await worker.report(returned(first, { waitUntil: (await store.now()) + 90_000 }))
    const { lastEvent } = await store.job('a')
    await storage.control('a', stopped('canceled'))

    contains(await store.job('a'), {
      counts: { fresh: 0, deferred: 0, canceled: 96, claimed: 2, active: 1, succeeded: 1 },
    })
    const page = await storage.events('a', lastEvent, 100)
    const told = page.status === 'ok' ? page.events.map(({ data }) => data) : []
    contains(
      told.filter(({ type }) => type === 'swept'),
      [{ count: 96, terminal: 'canceled', reason: 'user' }],
    )
    assert.ok(told.length <= 3, `${told.length} events`)
    contains(await storage.getTask('a', 50), { place: 'canceled', reason: 'user' })
    const reply = await worker.exchange({ reports: [returned(second)], fences: [fenceOf(second), fenceOf(third)] })
    contains(reply, {
      reports: ['applied'],
      fences: [{ status: 'gone' }, { status: 'refused', reasons: ['canceling'] }],
    })
    await worker.report(
      returned(third, { terminal: 'skipped', reason: 'own' }),
      closed(live, { next: { waitUntil: 0 } }),
    )
    contains(await store.job('a'), { phase: { state: 'canceled' }, counts: { canceled: 98, skipped: 1, succeeded: 1 } })
  },

  'S-107': async (store) => {
    const { storage } = store
    const worker = store.worker()
    const now = await store.now()
    const timers = { start: { at: now + 300, phase: queued }, expiry: { at: now + 600, ...stopped('expired') } }
    await filledJob(storage, { id: 'a' }, 3)
    const ref = await worker.call()
    await storage.control('a', { ...stopped('canceled'), timers })
    await storage.control('a', { timers, note: 'again' })
    await store.pass(900)
    assert.deepEqual((await worker.claim(10)).tasks, [])
    await storage.control('a', { sweep: { terminal: 'failed', reason: 'late' }, phase: running })
    await storage.control('a', { lanes: [{ lane: 0, name: '', priority: 0, open: null }] })
    assert.deepEqual((await worker.claim(10)).tasks, [])
    const job = await store.job('a')
    assert.deepEqual(
      [job.reasons, job.timers, job.counts.expired, job.counts.failed],
      [{ 'canceled/user': 2 }, {}, 0, 0],
    )
    await worker.end(ref)
    contains(await store.job('a'), { phase: { state: 'completed' } })
  },

  'S-108': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 3)
    await storage.openBatch('a', 'b2', 'b2')
    await storage.stage('a', 'b2', chunk(0, ['1']))
    contains(await storage.control('a', stopped('canceled')), { phase: { state: 'canceled' } })
    await assert.rejects(storage.seal('a', 'b2', 1, ''))
    contains(await storage.recount('a'), { counts: { total: 3, canceled: 3 } })
  },

  'S-109': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 2)
    const before = await store.job('a')
    for (const wrong of [before.revision - 1, before.revision + 1]) {
      const task = { index: 0, next: { terminal: 'skipped', reason: 'user' } } as const
      await refuses('revision_conflict', () => storage.control('a', { phase: paused, task, spec: 'x' }, wrong))
    }
    assert.deepEqual(await store.job('a'), before)
    contains(await storage.control('a', { phase: paused }, before.revision), { phase: { state: 'paused' } })
  },

  'S-110': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 1)
    const { revision } = await store.job('a')
    const first = await storage.control('a', { phase: paused }, revision)
    assert.deepEqual(await storage.control('a', { phase: paused }, revision), first)
    await refuses('revision_conflict', () => storage.control('a', { phase: running }, revision))
    await storage.control('a', { task: { index: 0, next: { waitUntil: 0 } } }, first.revision)
    await refuses('revision_conflict', () => storage.control('a', { phase: paused }, revision))
  },

  'S-111': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', phase: scheduled }, 1)
    let { revision, lastEvent } = await store.job('a')
    for (const [i, change] of [
      { phase: scheduled, spec: 'new' },
      { note: 'n' },
      { weight: 4 },
      { phase: paused, note: 'm' },
    ].entries()) {
      const job = await storage.control('a', change)
      assert.ok(job.revision > revision, `change ${i} left the revision at ${revision}`)
      const page = await storage.events('a', lastEvent, 9)
      const told = page.status === 'ok' ? page.events.map(({ data }) => data) : []
      const note = 'note' in change ? change.note : undefined
      const phase = 'phase' in change && change.phase === paused
      if (note !== undefined || !phase)
        contains(told.at(-1), { type: 'changed', revision: job.revision, ...(note && { note }) })
      if (phase) contains(told[0], { type: 'job', state: 'paused', revision: job.revision })
      ;({ revision, lastEvent } = job)
    }
    contains(await store.job('a'), { spec: 'new', weight: 4 })
  },

  'S-112': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 4)
    const { tasks, now } = await worker.claim(2)
    await worker.fence(tasks[0]?.claim ?? '')
    const skip = (index: number) =>
      storage.control('a', { task: { index, next: { terminal: 'skipped', reason: 'user' } }, spec: 'x' })
    const before = await store.job('a')
    await refuses('task_busy', () => skip(0))
    await refuses('task_busy', () => skip(1))
    await refuses('task_not_found', () => skip(4))
    assert.deepEqual(await store.job('a'), before)
    await skip(2)
    contains(await storage.getTask('a', 2), { place: 'skipped', reason: 'user' })
    await storage.control('a', { note: 'between' })
    await refuses('task_ended', () => skip(2))
    await storage.control('a', { task: { index: 3, next: { waitUntil: now + 800, memo: 'm' } } })
    contains(await storage.getTask('a', 3), { place: 'deferred', waitUntil: now + 800, memo: 'm' })
    assert.deepEqual((await worker.claim(5)).tasks, [])
    await store.passUntil(now + 800)
    contains((await worker.claim(5)).tasks, [{ index: 3, memo: 'm' }])
  },

  'S-113': async ({ storage }) => {
    await refuses('job_not_found', () => storage.control('none', { phase: paused }))
    await refuses('job_not_found', () => storage.control('none', { phase: paused }, 1))
  },

  'S-114': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await storage.createJob(newJob({ id: 'a', phase: keptOpen }))
    await storage.openBatch('a', 'b', 'k')
    for (const lane of [0, 1, 2]) await storage.stage('a', 'b', chunk(lane, ['1', '2'], lane))
    await storage.seal('a', 'b', 6, '')
    const lanes = (await store.job('a')).lanes
    const now = await store.now()
    const open = async (lane: number, intervals: readonly number[] | null, priority = lane) =>
      storage.control('a', {
        lanes: [{ ...(lanes.find((each) => each.lane === lane) ?? { name: '' }), lane, priority, open: intervals }],
      })
    await open(2, [])
    await open(0, [now - 2000, now - 1000, now + 1000, now + 2000])
    assert.deepEqual(
      (await worker.claim(1)).tasks.map(({ index }) => index),
      [2],
    )
    await open(2, null)
    assert.deepEqual(
      (await worker.claim(1)).tasks.map(({ index }) => index),
      [4],
    )
    await open(1, null, 9)
    assert.deepEqual(
      (await worker.claim(1)).tasks.map(({ index }) => index),
      [3],
    )
    assert.deepEqual(
      (await worker.claim(9)).tasks.map(({ index }) => index),
      [5],
    )
    await store.passUntil(now + 1000)
    assert.equal((await worker.claim(1)).tasks.length, 1)
    await store.passUntil(now + 2000)
    assert.deepEqual((await worker.claim(9)).tasks, [])
  },

  'S-115': async (store) => {
    await filledJob(store.storage, { id: 'a' }, 9)
    await store.storage.control('a', { limits: [{ key: 'slots:a', revision: 1, slots: 2 }] })
    assert.equal((await store.worker().claim(9)).tasks.length, 2)
  },

  'S-116': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', phase: keptOpen }, 9)
    const before = await store.job('a')
    const change = {
      phase: paused,
      spec: 'x',
      weight: 7,
      limits: [{ key: 'slots:a', revision: 1, slots: 1 }],
      lanes: [{ lane: 0, name: '', priority: 0, open: [] }],
      timers: { start: { at: 1, phase: running } },
      task: { index: 99, next: { waitUntil: 0 } },
      note: 'x',
    }
    await refuses('task_not_found', () => storage.control('a', change))
    assert.deepEqual(await store.job('a'), before)
    assert.equal((await store.worker().claim(9)).tasks.length, 9)
  },

  'S-117': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 2)
    const [ref = ''] = (await worker.dial(1)) as [string]
    const { now } = await worker.exchange({ reports: [{ kind: 'note', ref, id: 'n', data: '' }] })
    await worker.report(closed(ref, { next: { waitUntil: now + 60_000, memo: 'm' } }))
    const move = (unlessNoted: NoteName, index = 0) =>
      storage.control('a', { task: { index, next: { waitUntil: now + 800, memo: 'x' }, unlessNoted }, weight: 7 })
    const before = await store.job('a')
    assert.deepEqual(await move({ ref, id: 'n' }), before)
    assert.deepEqual(await store.job('a'), before)
    contains(await storage.getTask('a', 0), { place: 'deferred', waitUntil: now + 60_000, memo: 'm' })
    // Of another id, of another attempt, of another task: there was none.
    for (const [other, index] of [
      [{ ref, id: 'm' }, 0],
      [{ ref: 'a:0:2:lost', id: 'n' }, 0],
      [{ ref: 'a:1:1:lost', id: 'n' }, 1],
    ] as const) {
      const { revision } = await store.job('a')
      assert.ok((await move(other, index)).revision > revision)
      contains(await storage.getTask('a', index), { place: 'deferred', waitUntil: now + 800, memo: 'x' })
    }
  },
}
