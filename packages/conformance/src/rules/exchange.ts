import assert from 'node:assert/strict'
import type { Exchange } from '@outdial/core'
import type { Session } from '../session.js'
import { contains, refuses } from '../support/expect.js'
import { addTasks, filledJob, newJob } from '../support/jobs.js'
import { queued, scheduled, stopped } from '../support/phases.js'
import { answered, closed, fenceOf, refOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

/** How a call gets on. */
const STATES = ['queued', 'ringing', 'answered']

export const exchange: RuleTests = {
  'S-040': async (store) => {
    const { manual, storage } = store
    const worker = store.worker()
    const first = (await worker.exchange()).now
    await store.pass(100)
    const second = (await worker.exchange()).now
    assert.ok(second >= first + 100 - store.slack)
    manual?.set(second - 60_000)
    const back = (await worker.exchange()).now
    assert.ok(back >= second, `the time went back by ${second - back} ms`)
    await filledJob(storage, { id: 'a' }, 1)
    assert.ok((await store.job('a')).createdAt >= second, 'a job made in the past')
    contains(await worker.claim(1), { claims: [{ tasks: [{ index: 0 }] }] })
  },

  'S-041': async (store) => {
    const worker = store.worker()
    await store.storage.setLimits([
      { key: 'slots:r1', revision: 1, slots: 2 },
      { key: 'slots:cid', revision: 1, slots: 1 },
    ])
    await filledJob(store.storage, { id: 'a' }, 4)
    const cid = { anyOf: [[{ key: 'slots:cid', n: 1 }]] }
    const live = await worker.call('r1', cid)
    const claim = await worker.take()

    const reply = await worker.exchange({
      reports: [answered(live)],
      fences: [fenceOf(claim, cid)],
      claims: [{ route: 'r1', max: 5, leaseMs: 1000 }],
    })

    contains(reply, { reports: ['applied'], fences: [{ status: 'fenced', choice: 0 }] })
    assert.equal(reply.claims.flatMap(({ tasks }) => tasks).length, 1)
  },

  'S-042': async (store) => {
    const { storage } = store
    const worker = store.worker()
    const expiry = { at: (await store.now()) + 1000, ...stopped('expired') }
    await filledJob(storage, { id: 'a' }, 1)
    await filledJob(storage, { id: 'b', route: 'r2', timers: { expiry } }, 2)
    const claim = await worker.take({ leaseMs: 300 })
    const held = await worker.take({ route: 'r2' })
    await store.pass(1000)

    const reply = await worker.exchange({
      reports: [returned(claim)],
      fences: [fenceOf(claim), fenceOf(held)],
      claims: [{ route: 'r1', max: 5, leaseMs: 1000 }],
    })

    contains(reply, { reports: ['stale'], fences: [{ status: 'gone' }, { status: 'refused', reasons: ['canceling'] }] })
    contains(reply.claims, [{ jobId: 'a', tasks: [{ index: 0, attempts: 0 }] }])
    contains(await store.job('b'), { phase: { state: 'canceling' }, counts: { expired: 1, claimed: 1 } })
  },

  'S-043': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 6)
    const [first, second] = (await worker.dial(2)) as [string, string]
    const claim = await worker.take()
    const reply = await worker.exchange({
      reports: [
        answered(first),
        { kind: 'note', ref: second, id: 'n', data: 'd', spent: [{ key: 'budget', n: 2 }] },
        { kind: 'progress', ref: second, rank: 2, state: 'ringing' },
      ],
      fences: [fenceOf(claim)],
      claims: [{ route: 'r1', max: 2, leaseMs: 10_000 }],
    })
    const job = await store.job('a')
    const other = store.worker('other')
    await other.exchange()
    for (let i = 0; i < 3; i++) assert.deepEqual(await worker.again(), reply)
    assert.deepEqual(await store.job('a'), job)
    await other.claim(1)
    await store.pass(200)
    assert.deepEqual(await worker.again(), reply)
    contains(await store.job('a'), {
      counts: { succeeded: 1, active: 2, claimed: 3 },
      fenced: 3,
      outcomes: { answered: 1 },
    })
  },

  'S-044': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 6)
    await worker.exchange()
    const past = { ...(worker.last as Exchange), claims: [{ route: 'r1', max: 1, leaseMs: 1000 }] }
    await worker.claim(1)
    await worker.claim(1)
    const before = await store.job('a')
    await refuses('sequence_broken', () => storage.exchange(past))
    await refuses('sequence_broken', () => storage.exchange({ ...past, seq: 2 }))
    await refuses('sequence_broken', () => storage.exchange({ ...past, seq: 5 }))
    await refuses('sequence_broken', () => storage.exchange({ ...past, seq: 0 }))
    assert.deepEqual(await store.job('a'), before)
    assert.equal((await worker.claim(1)).tasks.length, 1)
  },

  'S-045': async (store) => {
    const { storage } = store
    await filledJob(storage, { id: 'a' }, 3)
    const [one, two] = [store.worker('worker-1'), store.worker('worker-10')]
    const first = await one.claim(1)
    const second = await two.claim(1)
    assert.notEqual(first.tasks[0]?.claim, second.tasks[0]?.claim)
    contains(await one.again(), { claims: [{ tasks: [{ claim: first.tasks[0]?.claim }] }] })
    contains(await two.again(), { claims: [{ tasks: [{ claim: second.tasks[0]?.claim }] }] })
    await one.exchange()
    contains(await two.again(), { claims: [{ tasks: [{ claim: second.tasks[0]?.claim }] }] })
    await two.exchange()
  },

  'S-046': async (store) => {
    const { storage } = store
    const worker = store.worker()
    const start = { at: (await store.now()) + 500, phase: queued }
    await filledJob(storage, { id: 'a' }, 1)
    await filledJob(storage, { id: 'b', route: 'r2', phase: scheduled, timers: { start } }, 1)
    const claimed = await worker.claim(1)
    contains(claimed.jobs, [{ id: 'a', state: 'running', revision: (await store.job('a')).revision }])
    const ref = refOf(await worker.fence(claimed.tasks[0]?.claim ?? ''))
    await store.pass(500)
    const { jobs } = await worker.exchange({ reports: [closed(ref)] })
    assert.deepEqual(jobs.map(({ id, state }) => [id, state]).sort(), [
      ['a', 'completed'],
      ['b', 'queued'],
    ])
  },

  'S-047': async (store) => {
    const { storage } = store
    const worker = store.worker()
    const asleep = async (until: number, what: string) => {
      const { wakeAt, tasks } = await worker.claim(9)
      assert.deepEqual(tasks, [], what)
      assert.ok(wakeAt <= until + store.slack, `${what}: told to sleep until ${wakeAt}, due at ${until}`)
      await store.passUntil(until)
    }
    const start = (await store.now()) + 600
    await filledJob(storage, { id: 'a', phase: scheduled, timers: { start: { at: start, phase: queued } } }, 3)
    await asleep(start, 'a start')
    const { now, tasks } = await worker.claim(3, { leaseMs: 500 })
    assert.equal(tasks.length, 3)
    await worker.report(returned(tasks[0]?.claim ?? '', { waitUntil: now + 300 }))
    await asleep(now + 300, 'a task put off')
    assert.equal((await worker.claim(9)).tasks.length, 1)
    await asleep(now + 500, 'a lease')
    assert.equal((await worker.claim(9)).tasks.length, 2)
  },

  'S-048': async (store) => {
    const worker = store.worker()
    await store.storage.createJob(newJob({ id: 'b', route: 'r2' }))
    await addTasks(store.storage, 'b', 1)
    await filledJob(store.storage, { id: 'a' }, 4)
    const [one, two] = (await worker.dial(2)) as [string, string]
    const claim = await worker.take()
    const reply = await worker.exchange({
      reports: [answered('a:0:1:nobody'), answered(one), answered(one), answered(two)],
      fences: [fenceOf('a:0:999'), fenceOf(claim), fenceOf(claim)],
      claims: [
        { route: 'r2', max: 1, leaseMs: 1000 },
        { route: 'r1', max: 1, leaseMs: 1000 },
      ],
    })
    assert.deepEqual(reply.reports, ['stale', 'applied', 'stale', 'applied'])
    assert.deepEqual(
      reply.fences.map(({ status }) => status),
      ['gone', 'fenced', 'gone'],
    )
    assert.deepEqual(
      reply.claims.map(({ jobId }) => jobId),
      ['b', 'a'],
    )
    await answersAll(store)
  },

  'S-049': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    const dead = store.worker('dead')
    const [claimed] = (await dead.claim(2, { leaseMs: 500 })).claims
    await store.passUntil((claimed?.leaseUntil ?? 0) + 1)
    const { tasks } = await worker.claim(2)
    const { claim = '' } = tasks.find(({ index }) => index === 0) ?? {}
    await worker.report(answered(refOf(await worker.fence(claim))))
    await store.storage.redact('a', 0)
    const [redacted, other] = (await dead.again()).claims[0]?.tasks ?? []
    assert.notEqual(redacted?.payload, '0')
    contains(other, { index: 1, payload: '1' })
  },
}

/** Sends as much as an engine sends at once. */
async function answersAll(store: Session): Promise<void> {
  const { batch } = store.storage.capabilities
  const worker = store.worker('full')
  await filledJob(store.storage, { id: 'full', route: 'r3' }, batch * 3)
  const live = await worker.dial(batch, 'r3')
  const { tasks } = await worker.claim(batch, { route: 'r3' })
  const reply = await worker.exchange({
    reports: live.flatMap((ref) => [
      ...STATES.map((state, rank) => ({ kind: 'progress', ref, rank: rank + 1, state }) as const),
      answered(ref),
    ]),
    fences: tasks.map(({ claim }) => fenceOf(claim)),
    claims: [{ route: 'r3', max: batch, leaseMs: 10_000 }],
  })
  assert.deepEqual(
    reply.reports,
    live.flatMap(() => Array.from({ length: STATES.length + 1 }, () => 'applied')),
  )
  assert.deepEqual(
    reply.fences.map((fenced) => refOf(fenced).split(':')[1]),
    tasks.map(({ index }) => String(index)),
  )
  assert.equal(reply.claims.flatMap(({ tasks: claimed }) => claimed).length, batch)
}
