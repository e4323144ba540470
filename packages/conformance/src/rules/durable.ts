import assert from 'node:assert/strict'
import type { Storage } from '@outdial/core'
import type { Session } from '../session.js'
import { contains, refuses } from '../support/expect.js'
import { addTasks, chunk, filledJob, newJob } from '../support/jobs.js'
import { keptOpen, queued, scheduled, stopped } from '../support/phases.js'
import { answered, closed, fenceOf, refOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

async function everything(storage: Storage, refs: readonly string[]): Promise<unknown> {
  const { items } = await storage.listJobs({ max: 99 })
  const jobs = []
  for (const job of items) {
    const { items: tasks } = await storage.scanTasks(job.id, { max: 999 })
    jobs.push({ job, tasks, recount: await storage.recount(job.id), events: await storage.events(job.id, 0, 999) })
  }
  return { jobs, live: await storage.load(refs) }
}

/** A harness of a durable store may not be able to have it come back older; then there is nothing to try. */
async function reverted(store: Session, before: () => Promise<void>): Promise<boolean> {
  if (!store.revertible) return false
  await store.mark()
  await before()
  await store.rollback()
  return true
}

export const durable: RuleTests = {
  'S-200': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', idempotencyKey: 'k', fingerprint: 'f', phase: keptOpen }, 30)
    await filledJob(storage, { id: 'b', route: 'r2' }, 0)
    await storage.setLimits([
      { key: 'slots:a', revision: 1, slots: 6 },
      { key: 'budget', revision: 1, money: 10 },
      { key: 'cap', revision: 1, cap: 1, windowMs: 1e9 },
    ])
    await storage.setList('stop', { add: ['m'] })
    const hold = { all: [{ key: 'budget', n: 4 }], anyOf: [[{ key: 'cap:x', limit: 'cap', n: 1 }]] }
    const held = await worker.call('r1', hold)
    const refs = [held, ...(await worker.dial(3))]
    await worker.report(answered(refs[1] ?? ''), { kind: 'doubt', ref: refs[2] ?? '', checkAt: 0 })
    const claim = await worker.take()
    await storage.control('a', { note: 'changed', weight: 3 })
    const before = await everything(storage, refs)

    await store.restart()

    assert.deepEqual(await everything(store.storage, refs), before)
    const after = store.worker('after')
    assert.equal((await after.claim(9)).tasks.length, 2)
    contains(await after.fence(claim, { ...hold, absent: [{ list: 'stop', member: 'm' }] }), {
      status: 'refused',
      reasons: ['list:stop', 'cap'],
    })
    contains(await store.storage.createJob(newJob({ id: 'c', idempotencyKey: 'k', fingerprint: 'f' })), {
      replayed: true,
      job: { id: 'a' },
    })
    assert.deepEqual(await after.report(answered(held)), ['applied'])
  },

  'S-201': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 3)
    await store.storage.setLimits([{ key: 'slots:cid', revision: 1, slots: 1 }])
    const hold = { anyOf: [[{ key: 'slots:cid', n: 1 }]] }
    const { fences } = await worker.exchange({ fences: [fenceOf(await worker.take(), hold)], durable: true })
    const ref = refOf(fences[0])
    await store.restart()
    contains(await store.storage.load([ref]), [{ ref, attempt: 1 }])
    contains(await store.storage.getTask('a', 0), { place: 'active', attempts: 1, ref })
    const after = store.worker('after')
    contains(await after.fence(await after.take(), hold), { status: 'refused', reasons: ['slots:cid'] })
    assert.deepEqual(await after.report(closed(ref)), ['applied'])
  },

  'S-202': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 5)
    const live = await worker.call()
    const claim = await worker.take()
    const reply = await worker.exchange({
      reports: [answered(live)],
      fences: [fenceOf(claim)],
      claims: [{ route: 'r1', max: 2, leaseMs: 60_000 }],
    })
    const before = await store.job('a')
    await store.restart()
    worker.storage = store.storage
    assert.deepEqual(await worker.again(), reply)
    assert.deepEqual(await store.job('a'), before)
    assert.equal((await worker.claim(9)).tasks.length, 1)
  },

  'S-203': async (store) => {
    const { storage } = store
    const now = await store.now()
    await filledJob(storage, { id: 'a' }, 1)
    await store.worker().claim(1, { leaseMs: 1000 })
    await filledJob(
      storage,
      { id: 'b', route: 'r2', phase: scheduled, timers: { start: { at: now + 1000, phase: queued } } },
      1,
    )
    await filledJob(storage, { id: 'c', route: 'r3', timers: { expiry: { at: now + 1000, ...stopped('expired') } } }, 1)
    await store.restart()
    await store.passUntil(now + 1500)
    const after = store.worker('after')
    contains((await after.claim(9)).claims, [{ jobId: 'a' }])
    contains((await after.claim(9, { route: 'r2' })).claims, [{ jobId: 'b' }])
    contains(await store.job('c'), { phase: { state: 'expired' } })
  },

  'S-204': async (store) => {
    const { storage } = store
    await storage.createJob(newJob({ id: 'a', dedupe: true, route: 'r2' }))
    await storage.openBatch('a', 'b', 'k')
    await storage.stage('a', 'b', chunk(0, ['1', '2']))
    await storage.setLimits([{ key: 'slots:p', revision: 1, slots: 0 }])
    await filledJob(storage, { id: 'p' }, 1)
    const worker = store.worker()
    assert.deepEqual((await worker.claim(1)).tasks, [])
    await store.restart()
    contains(await store.storage.stage('a', 'b', chunk(1, ['2', '3'])), {
      first: 2,
      accepted: 1,
      duplicates: [{ position: 0, of: 1 }],
    })
    contains(await store.storage.seal('a', 'b', 3, ''), { count: 3 })
    await store.storage.setLimits([{ key: 'slots:p', revision: 2, slots: 1 }])
    const after = store.worker('after')
    contains((await after.claim(1)).claims, [{ jobId: 'p' }])
    assert.equal((await after.claim(9, { route: 'r2' })).tasks.length, 3)
  },

  'S-205': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 9)
    await worker.claim(1)
    const went = await reverted(store, async () => {
      for (let i = 0; i < 3; i++) await worker.claim(1)
    })
    if (!went) return
    worker.storage = store.storage
    const before = await store.job('a')
    await refuses('sequence_broken', () => worker.again())
    await refuses('sequence_broken', () => worker.claim(1))
    assert.deepEqual(await store.job('a'), before)
    assert.equal((await store.worker('anew').claim(9)).tasks.length, 8)
  },

  'S-206': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 2)
    const claim = await worker.take()
    let lost = ''
    const went = await reverted(store, async () => {
      lost = refOf(await worker.fence(claim))
    })
    if (!went) return
    const after = store.worker('after')
    const again = refOf(await after.fence(claim))
    assert.notEqual(again, lost, 'a ref was given twice, once to a call that nobody knows any more')
    assert.deepEqual(await after.report(answered(lost)), ['stale'])
    const orphan = 'a:1:3:lost'
    assert.deepEqual(await after.report({ kind: 'adopt', ref: orphan, rank: 2, memo: '', checkAt: 0 }), ['applied'])
    assert.deepEqual((await after.claim(9)).tasks, [])
    assert.deepEqual(await after.report(closed(orphan), returned(claim)), ['applied', 'stale'])
  },

  'S-207': async (store) => {
    const worker = store.worker()
    let last = 0
    const tick = async () => {
      last = (await store.worker(`at ${last}`).exchange()).now
    }
    await worker.exchange()
    const went = await reverted(store, async () => {
      await store.pass(500)
      await tick()
    })
    if (!went) return
    assert.ok((await store.worker('after').exchange()).now >= last)
    await store.storage.createJob(newJob({ id: 'a' }))
    await addTasks(store.storage, 'a', 1)
    assert.ok((await store.job('a')).createdAt >= last)
  },

  'S-208': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 9)
    const until = (await store.now()) + 600_000
    const added = [{ member: 'one', until, reason: 'busy' }, { member: 'two', reason: 'asked' }, { member: 'three' }]
    await storage.setList('stop', { add: added, asOf: until, maxAgeMs: 5 })
    const refs = await worker.dial(4)
    const enlist = [{ list: 'cool:acme', member: 'four', until }]
    for (const [i, ref] of refs.entries()) await worker.report(closed(ref, { ledger: String(i), enlist }))
    const page = await storage.takeLedger({ max: 1, leaseMs: 600_000 })
    await storage.acknowledgeLedger((await storage.takeLedger({ max: 1, leaseMs: 600_000 })).page ?? '')
    await storage.redact('a', Number(refs[3]?.split(':')[1]))
    const names = ['one', 'two', 'three', 'four']
    const seen = async (of: Storage) => [await of.getList('stop', names), await of.getList('cool:acme', names)]
    const before = await seen(storage)

    await store.restart()

    assert.deepEqual(await seen(store.storage), before)
    const take = async () => (await store.storage.takeLedger({ max: 9, leaseMs: 600_000 })).entries
    assert.deepEqual(
      (await take()).map(({ data }) => data),
      ['2', ''],
    )
    await store.storage.acknowledgeLedger(page.page ?? '')
    assert.deepEqual(await take(), [])
  },

  'S-209': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 9)
    await worker.report(closed(await worker.call(), { ledger: 'before' }))
    let lost: string | undefined
    const went = await reverted(store, async () => {
      lost = (await store.storage.takeLedger({ max: 9, leaseMs: 600_000 })).page
    })
    if (!went) return
    const after = store.worker('after')
    const take = () => store.storage.takeLedger({ max: 9, leaseMs: 300 })
    await after.report(closed(await after.call(), { ledger: 'after' }))
    assert.deepEqual(
      (await take()).entries.map(({ data }) => data),
      ['before', 'after'],
    )
    await store.storage.acknowledgeLedger(lost ?? '')
    await store.pass(300)
    assert.deepEqual(
      (await take()).entries.map(({ data }) => data),
      ['before', 'after'],
    )
  },
}
