import assert from 'node:assert/strict'
import type { JobQuery, Storage, TaskQuery } from '@outdial/core'
import { Replay } from '../model/replay.js'
import type { Session } from '../session.js'
import { contains, refuses } from '../support/expect.js'
import { chunk, filledJob, newJob } from '../support/jobs.js'
import { keptOpen, queued, stopped } from '../support/phases.js'
import { answered, closed, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

/** All pages of a list of jobs. */
async function pages(storage: Storage, query: Omit<JobQuery, 'cursor'>): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await storage.listJobs({ ...query, ...(cursor !== undefined && { cursor }) })
    assert.ok(page.items.length <= query.max)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.cursor
  } while (cursor !== undefined)
  return ids
}

/** A job to which much has happened. */
async function eventful(store: Session): Promise<void> {
  const worker = store.worker()
  await store.storage.createJob(newJob({ id: 'a', phase: queued }))
  await store.storage.openBatch('a', 'b', 'k')
  await store.storage.stage('a', 'b', { ...chunk(0, ['1', '2', '3', '4', '5', '6', '7', '8']) })
  await store.storage.seal('a', 'b', 8, '')
  const [one, two, three] = (await worker.dial(3)) as [string, string, string]
  await worker.report(answered(one), { kind: 'doubt', ref: two, checkAt: 0 }, closed(three, { next: { waitUntil: 0 } }))
  await worker.claim(1, { leaseMs: 100 })
  await store.pass(150)
  const { tasks } = await worker.claim(2)
  await worker.report(returned(tasks[0]?.claim ?? '', { terminal: 'failed', reason: 'r' }))
  await worker.report({ kind: 'adopt', ref: 'a:7:1:lost', rank: 1, memo: '', checkAt: 0 })
  await worker.report({ kind: 'note', ref: one, id: 'n', data: 'd' })
  await store.storage.control('a', stopped('canceled'))
  await worker.end(two)
}

export const reading: RuleTests = {
  'S-140': async (store) => {
    await eventful(store)
    const { lastEvent } = await store.job('a')
    const page = await store.storage.events('a', 0, 1000)
    assert.ok(page.status === 'ok')
    assert.deepEqual(
      page.events.map(({ seq }) => seq),
      Array.from({ length: lastEvent }, (_, i) => i + 1),
    )
    const times = page.events.map(({ at }) => at)
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    )
    store.near(times.at(-1), await store.now(), 'the time of the last event')
  },

  'S-141': async (store) => {
    await eventful(store)
    const page = await store.storage.events('a', 0, 1000)
    assert.ok(page.status === 'ok')
    const replay = new Replay()
    replay.read(page.events)
    replay.check(await store.job('a'), (await store.storage.scanTasks('a', { max: 100 })).items)
  },

  'S-142': async (store) => {
    const { storage } = store
    const keeps = store.harness.events
    await filledJob(storage, { id: 'a' }, 1)
    for (let i = 0; i < (keeps ?? 100) * 3; i++) await storage.control('a', { note: `note ${i}` })
    const job = await store.job('a')
    const page = await storage.events('a', 0, 100_000)
    if (keeps === undefined) {
      assert.ok(page.status === 'ok', 'events were trimmed, and the harness does not say after how many')
      assert.equal(page.events.length, job.lastEvent)
      return
    }
    assert.ok(page.status === 'trimmed', `nothing was trimmed after ${job.lastEvent} events`)
    assert.deepEqual([page.job, page.last], [job, job.lastEvent])
    assert.ok(
      page.oldest > 1 && page.last - page.oldest + 1 >= keeps,
      `only ${page.last - page.oldest + 1} events are kept`,
    )
    assert.equal((await storage.events('a', page.oldest - 2, 10)).status, 'trimmed')
    const kept = await storage.events('a', page.oldest - 1, 100_000)
    assert.ok(kept.status === 'ok')
    assert.deepEqual(
      kept.events.map(({ seq }) => seq),
      Array.from({ length: page.last - page.oldest + 1 }, (_, i) => page.oldest + i),
    )
  },

  'S-143': async (store) => {
    await eventful(store)
    const { lastEvent } = await store.job('a')
    const seen: number[] = []
    for (let after = 0; after < lastEvent; after = seen.at(-1) ?? lastEvent) {
      const page = await store.storage.events('a', after, 3)
      assert.ok(page.status === 'ok' && page.events.length <= 3 && page.events.length > 0)
      assert.equal(page.last, lastEvent)
      seen.push(...page.events.map(({ seq }) => seq))
    }
    assert.deepEqual(
      seen,
      Array.from({ length: lastEvent }, (_, i) => i + 1),
    )
    assert.deepEqual(await store.storage.events('a', lastEvent, 3), { status: 'ok', events: [], last: lastEvent })
  },

  'S-144': async (store) => {
    await eventful(store)
    const { counts, outcomes, reasons } = await store.job('a')
    const recount = await store.storage.recount('a')
    assert.deepEqual([recount.counts, recount.outcomes, recount.reasons], [counts, outcomes, reasons])
    const held = counts.claimed + counts.active + counts.unknown
    contains(recount.holds, { 'slots:a': held, 'slots:acme': held, 'slots:everything': held })
    const { total, ...places } = counts
    assert.equal(
      Object.values(places).reduce((sum, n) => sum + n, 0),
      total,
    )
  },

  'S-145': async (store) => {
    const { storage } = store
    const ids = ['d', 'b', 'c', 'a', 'e']
    for (const [i, id] of ids.entries()) {
      await filledJob(
        storage,
        { id, organization: i % 2 === 0 ? 'acme' : 'globex', phase: i < 3 ? keptOpen : queued },
        1,
      )
    }
    for (const max of [1, 2, 5, 9]) {
      assert.deepEqual(await pages(storage, { max }), ids)
      assert.deepEqual(await pages(storage, { max, organization: 'acme' }), ['d', 'c', 'e'])
      assert.deepEqual(await pages(storage, { max, states: ['queued'] }), ['a', 'e'])
      assert.deepEqual(await pages(storage, { max, organization: 'globex', states: ['queued', 'running'] }), ['b', 'a'])
      assert.deepEqual(await pages(storage, { max, organization: 'none' }), [])
    }
    contains((await storage.listJobs({ max: 1 })).items, [await store.job('d')])
  },

  'S-146': async (store) => {
    const { storage } = store
    for (const id of ['a', 'b', 'c', 'd']) await filledJob(storage, { id }, id === 'a' ? 0 : 1)
    const first = await storage.listJobs({ max: 2 })
    await storage.purge('a')
    const second = await storage.listJobs({ max: 9, ...(first.cursor !== undefined && { cursor: first.cursor }) })
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }) => id),
      ['a', 'b', 'c', 'd'],
    )
  },

  'S-147': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 12)
    const refs = await worker.dial(4)
    await worker.report(...refs.slice(0, 2).map(answered), { kind: 'doubt', ref: refs[2] ?? '', checkAt: 0 })
    await worker.claim(2)
    const scan = async (max: number, places?: TaskQuery['places']) => {
      const found: string[] = []
      let cursor: string | undefined
      do {
        const page = await storage.scanTasks('a', {
          max,
          ...(places && { places }),
          ...(cursor !== undefined && { cursor }),
        })
        assert.ok(page.items.length <= max)
        for (const task of page.items) {
          found.push(`${task.index} ${task.place}`)
          assert.deepEqual(task, await storage.getTask('a', task.index))
        }
        cursor = page.cursor
      } while (cursor !== undefined)
      return found
    }
    const places = ['succeeded', 'succeeded', 'unknown', 'active', 'claimed', 'claimed', ...Array(6).fill('fresh')]
    const all = places.map((place, index) => `${index} ${place}`)
    for (const max of [1, 2, 5, 12, 50]) {
      assert.deepEqual(await scan(max), all)
      assert.deepEqual(
        await scan(max, ['succeeded', 'fresh']),
        all.filter((each) => /succeeded|fresh/.test(each)),
      )
      assert.deepEqual(await scan(max, ['failed']), [])
    }
  },

  'S-148': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', dedupe: true }, 1)
    assert.deepEqual(
      [
        await storage.getJob('x'),
        await storage.getTask('x', 0),
        await storage.getTask('a', 1),
        await storage.findTask('a', '12025550199'),
      ],
      Array(4).fill(undefined),
    )
    const ref = await store.worker().call()
    contains(await storage.load(['a:0:1:forged', ref, 'nonsense']), [undefined, { ref }, undefined])
    assert.deepEqual(await storage.load([]), [])
    await refuses('job_not_found', () => storage.events('x', 0, 1))
    await refuses('job_not_found', () => storage.scanTasks('x', { max: 1 }))
    await refuses('job_not_found', () => storage.findTask('x', '1'))
    await refuses('job_not_found', () => storage.recount('x'))
    await refuses('job_not_found', () => storage.redact('x', 0))
  },

  'S-149': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    assert.equal((await store.job('a')).nextDue, undefined)
    const { tasks, now } = await worker.claim(2)
    const [one, two] = tasks.map(({ claim }) => claim) as [string, string]
    assert.equal((await store.job('a')).nextDue, undefined)
    await worker.report(returned(one, { waitUntil: now + 900 }), returned(two, { waitUntil: now + 60_000 }))
    assert.equal((await store.job('a')).nextDue, now + 900)
    await store.passUntil(now + 900)
    assert.equal((await store.job('a')).nextDue, undefined)
  },

  'S-150': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 2)
    const ref = await worker.call()
    await worker.report(closed(ref, { result: 'r', next: { waitUntil: 0 } }))
    const look = async () => ({
      job: await store.job('a'),
      task: await storage.getTask('a', 0),
      recount: await storage.recount('a'),
    })
    const before = structuredClone(await look())
    const { job, task, recount } = await look()
    Object.assign(job.counts, { fresh: 99 })
    Object.assign(job.outcomes, { busy: 99 })
    Object.assign(job.reasons, { 'failed/x': 99 })
    Object.assign(task?.results ?? [], ['x', 'y'])
    Object.assign(recount.outcomes, { busy: 99 })
    assert.deepEqual(await look(), before)
  },
}

export const removal: RuleTests = {
  'S-155': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 2)
    const dead = store.worker('dead')
    const { claims } = await dead.claim(1, { leaseMs: 500 })
    contains(claims[0]?.tasks[0], { index: 0, payload: '0' })
    await store.passUntil((claims[0]?.leaseUntil ?? 0) + 1)
    const ref = await worker.call('r1', { memo: 'secret memo' })
    await worker.report(
      { kind: 'note', ref, id: 'n', data: 'secret note' },
      closed(ref, { result: 'secret result', next: { terminal: 'succeeded', reason: 'answered', memo: 'secret' } }),
    )
    const before = await store.job('a')
    await storage.redact('a', 0)
    await storage.redact('a', 0)
    const task = await storage.getTask('a', 0)
    contains(task, { place: 'succeeded', reason: 'answered', attempts: 1, results: [] })
    assert.deepEqual([task?.payload, task?.memo], [undefined, undefined])
    assert.deepEqual(await store.job('a'), before)
    assert.deepEqual((await storage.recount('a')).counts, before.counts)
    const page = await storage.events('a', 0, 1000)
    assert.ok(page.status === 'ok' && page.events.length === before.lastEvent)
    assert.ok(!JSON.stringify(page).includes('secret'), 'the event log still tells what was redacted')
    contains(await storage.getTask('a', 1), { payload: '1' })
    const again = (await dead.again()).claims[0]?.tasks[0]
    assert.notEqual(again?.payload, '0', 'the last exchange of a channel, repeated, still tells what was redacted')
  },

  'S-156': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 4)
    await worker.dial(1)
    await worker.claim(1)
    for (const index of [0, 1, 2]) await refuses('task_not_ended', () => storage.redact('a', index))
    await refuses('task_not_found', () => storage.redact('a', 4))
    contains(await storage.getTask('a', 0), { payload: '0' })
    await storage.control('a', { sweep: { terminal: 'canceled', reason: 'user' } })
    await storage.redact('a', 2)
    contains(await storage.getTask('a', 2), { place: 'canceled' })
    assert.equal((await storage.getTask('a', 2))?.payload, undefined)
  },

  'S-157': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a', idempotencyKey: 'k', fingerprint: 'f' }, 1)
    await filledJob(storage, { id: 'b' }, 1)
    const worker = store.worker()
    const ref = await worker.call()
    await worker.end(ref)
    await storage.purge('a')
    await storage.purge('a')
    await storage.purge('none')
    assert.deepEqual([await storage.getJob('a'), await storage.getTask('a', 0)], [undefined, undefined])
    await refuses('job_not_found', () => storage.events('a', 0, 1))
    assert.deepEqual(await pages(storage, { max: 9 }), ['b'])
    assert.deepEqual(await worker.report({ kind: 'note', ref, id: 'late', data: '' }, answered(ref)), [
      'stale',
      'stale',
    ])
    contains(await storage.createJob(newJob({ id: 'c', idempotencyKey: 'k', fingerprint: 'g' })), { replayed: false })
    contains((await worker.claim(5)).claims, [{ jobId: 'b' }])
  },

  'S-158': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 2)
    const before = await store.job('a')
    await refuses('job_not_ended', () => storage.purge('a'))
    assert.deepEqual(await store.job('a'), before)
  },
}
