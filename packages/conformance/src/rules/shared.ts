import assert from 'node:assert/strict'
import { contains } from '../support/expect.js'
import { chunk, filledJob, newJob } from '../support/jobs.js'
import { keptOpen, paused, running } from '../support/phases.js'
import { answered, closed, fenceOf, refOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

export const shared: RuleTests = {
  'S-180': async (store) => {
    const other = await store.second()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 3)
    assert.deepEqual(await other.getJob('a'), await store.job('a'))
    const ref = await store.worker('one').call()
    contains(await other.load([ref]), [{ ref }])
    await store.worker('two', other).end(ref)
    contains(await store.job('a'), { counts: { succeeded: 1 } })
    await other.setLimits([{ key: 'slots:a', revision: 1, slots: 1 }])
    await other.setList('stop', { add: ['m'] })
    const one = store.worker('three')
    const { tasks } = await one.claim(5)
    assert.equal(tasks.length, 1)
    const refused = await one.fence(tasks[0]?.claim ?? '', { absent: [{ list: 'stop', member: 'm' }] })
    contains(refused, { status: 'refused', reasons: ['list:stop'] })
    await other.control('a', { phase: paused })
    contains(await store.job('a'), { phase: { state: 'paused' } })
    assert.deepEqual(await other.events('a', 0, 99), await store.storage.events('a', 0, 99))
  },

  'S-181': async (store) => {
    const other = await store.second()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 50)
    const workers = [store.worker('one'), store.worker('two', other)]
    const claims: string[] = []
    const indexes: number[] = []
    for (let i = 0; i < 10; i++) {
      for (const { tasks } of await Promise.all(workers.map((worker) => worker.claim(3)))) {
        claims.push(...tasks.map(({ claim }) => claim))
        indexes.push(...tasks.map(({ index }) => index))
      }
    }
    assert.deepEqual([new Set(claims).size, new Set(indexes).size, indexes.length], [50, 50, 50])
  },

  'S-182': async (store) => {
    const other = await store.second()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 200)
    await store.storage.setLimits([
      { key: 'slots:acme', revision: 1, slots: 5 },
      { key: 'slots:cid', revision: 1, slots: 3 },
      { key: 'cap', revision: 1, cap: 20, windowMs: 1e9 },
    ])
    const workers = [store.worker('one'), store.worker('two', other)]
    const hold = { all: [{ key: 'cap:x', limit: 'cap', n: 1 }], anyOf: [[{ key: 'slots:cid', n: 1 }]] }
    let placed = 0
    for (let i = 0; i < 15; i++) {
      const claimed = await Promise.all(workers.map((worker) => worker.claim(4)))
      assert.ok(claimed.flatMap(({ tasks }) => tasks).length <= 5, 'G4: more claims than slots')
      const replies = await Promise.all(
        workers.map((worker, w) =>
          worker.exchange({ fences: (claimed[w]?.tasks ?? []).map(({ claim }) => fenceOf(claim, hold)) }),
        ),
      )
      const fences = replies.flatMap((reply) => reply.fences)
      const refs = fences.flatMap((fenced) => (fenced.status === 'fenced' ? [fenced.ref] : []))
      placed += refs.length
      assert.ok(refs.length <= 3, `G4: ${refs.length} live calls where 3 are allowed`)
      const back = claimed.flatMap(({ tasks }) => tasks.map(({ claim }) => returned(claim)))
      await workers[i % 2]?.report(...refs.map((ref) => closed(ref, { next: { waitUntil: 0 } })), ...back)
    }
    assert.equal(placed, 20)
  },

  'S-183': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 3)
    const reply = await worker.claim(1)
    worker.storage = await store.second()
    const { tasks: _, ...sent } = reply
    assert.deepEqual(await worker.again(), sent)
    contains(await store.job('a'), { counts: { claimed: 1 } })
    assert.equal((await worker.claim(1)).tasks.length, 1)
  },

  'S-184': async (store) => {
    const frozen = store.worker('frozen')
    const other = store.worker('other', await store.second())
    await filledJob(store.storage, { id: 'a' }, 1)
    const claim = await frozen.take({ leaseMs: 300 })
    await store.pass(300)
    const theirs = await other.take()
    const { fences, reports } = await frozen.exchange({
      reports: [returned(claim, { terminal: 'failed', reason: 'frozen' })],
      fences: [fenceOf(claim)],
    })
    assert.deepEqual([reports, fences], [['stale'], [{ status: 'gone' }]])
    const ref = refOf(await other.fence(theirs))
    assert.deepEqual(await frozen.fence(claim), { status: 'gone' })
    contains(await store.storage.getTask('a', 0), { place: 'active', ref, attempts: 1 })
  },

  'S-185': async (store) => {
    const second = await store.second()
    const other = store.worker('other', second)
    const found = async (change: () => Promise<unknown>, what: string) => {
      assert.deepEqual((await other.claim(1)).tasks, [])
      const sleeps = store.sleeper('other', ['r1'], Number.POSITIVE_INFINITY, second)
      await change()
      await store.eventually(() => sleeps.awake, `a lost wake-up: ${what}`)
      const { tasks } = await other.claim(1)
      assert.equal(tasks.length, 1, what)
      return tasks[0]?.claim ?? ''
    }
    const first = await found(() => filledJob(store.storage, { id: 'a', phase: keptOpen }, 2), 'a new job')
    await store.storage.setLimits([{ key: 'slots:a', revision: 1, slots: 1 }])
    const one = store.worker('one')
    await found(() => one.report(returned(first)), 'a slot')
    await found(() => store.storage.setLimits([{ key: 'slots:a', revision: 2, slots: 2 }]), 'a limit')
  },

  'S-186': async (store) => {
    const second = await store.second()
    await filledJob(store.storage, { id: 'a' }, 20)
    await store.worker().dial(20, 'r1', { until: (await store.now()) + 500, checkAfter: 0 })
    await store.pass(600)
    const query = { routes: ['r1'], max: 15, snooze: 60_000 }
    const found = await Promise.all([store.storage.overdue(query), second.overdue(query)])
    const refs = found.flat().map(({ ref }) => ref)
    assert.deepEqual([refs.length, new Set(refs).size], [20, 20])
  },

  'S-192': async (store) => {
    const second = await store.second()
    await filledJob(store.storage, { id: 'a' }, 20)
    const worker = store.worker()
    for (const ref of await worker.dial(20)) await worker.report(closed(ref, { ledger: ref }))
    const clients = [store.storage, second, store.storage, second]
    const pages = await Promise.all(clients.map((client) => client.takeLedger({ max: 6, leaseMs: 60_000 })))
    const found = pages.flatMap(({ entries }) => entries.map(({ data }) => data))
    assert.deepEqual([found.length, new Set(found).size], [20, 20])
    await second.acknowledgeLedger(pages[0]?.page ?? '')
    assert.deepEqual(await store.storage.takeLedger({ max: 6, leaseMs: 60_000 }), { entries: [] })
  },

  'S-187': async (store) => {
    const second = await store.second()
    for (let i = 0; i < 5; i++) {
      const made = await Promise.all(
        [store.storage, second].map((client, c) =>
          client.createJob(newJob({ id: `j${i}${c}`, idempotencyKey: `k${i}`, fingerprint: 'f' })),
        ),
      )
      assert.equal(made[0]?.job.id, made[1]?.job.id)
      assert.deepEqual(made.map(({ replayed }) => replayed).sort(), [false, true])
    }
  },

  'S-188': async (store) => {
    const second = await store.second()
    await store.storage.createJob(newJob({ id: 'a', dedupe: true }))
    await store.storage.openBatch('a', 'b1', 'k')
    await store.storage.stage('a', 'b1', chunk(0, ['1', '2']))
    assert.deepEqual(await second.openBatch('a', 'b2', 'k'), { status: 'open' })
    assert.deepEqual(await second.stage('a', 'b2', chunk(0, ['2'])), { first: 0, accepted: 1, duplicates: [] })
    await assert.rejects(store.storage.stage('a', 'b1', chunk(1, ['3'])))
    contains(await second.seal('a', 'b2', 1, ''), { first: 0, count: 1 })
    contains(await store.job('a'), { counts: { total: 1 } })
  },

  'S-189': async (store) => {
    const workers = [store.worker('one'), store.worker('two', await store.second())]
    let last = 0
    for (let i = 0; i < 10; i++) {
      const { now } = (await workers[i % 2]?.exchange()) ?? { now: 0 }
      assert.ok(now >= last, `the time went back by ${last - now} ms`)
      last = now
    }
  },

  'S-190': async (store) => {
    const workers = [store.worker('one'), store.worker('two', await store.second())]
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 10)
    const refs = await store.worker().dial(10)
    for (const ref of refs) {
      const told = await Promise.all(
        workers.map((worker) => worker.report(answered(ref), { kind: 'note', ref, id: 'n', data: '' })),
      )
      assert.deepEqual(told.map(([close]) => close).sort(), ['applied', 'stale'])
      assert.deepEqual(told.map(([, note]) => note).sort(), ['applied', 'stale'])
    }
    contains(await store.job('a'), { counts: { succeeded: 10 }, placed: 10, outcomes: { answered: 10 } })
    assert.deepEqual((await store.storage.recount('a')).holds, {})
  },

  'S-191': async (store) => {
    const second = await store.second()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 1)
    for (let i = 0; i < 5; i++) {
      const { revision } = await store.job('a')
      const changes = [
        store.storage.control('a', { phase: paused, note: `one ${i}` }, revision),
        second.control('a', { phase: running, note: `two ${i}` }, revision),
      ]
      const done = await Promise.allSettled(changes)
      assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1)
    }
    refOf(await store.worker().fence(await takeRunning(store)))
  },
}

/** A claim of job `a`, whatever phase the changes have left it in. */
async function takeRunning(store: Parameters<RuleTests[string]>[0]): Promise<string> {
  await store.storage.control('a', { phase: running })
  return store.worker('last').take()
}
