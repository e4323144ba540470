import assert from 'node:assert/strict'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen, paused } from '../support/phases.js'
import { answered, closed, fenceOf, refOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const cap = (n = 1) => ({ key: 'cap:acme:12025550101', limit: 'cap', n })

export const fences: RuleTests = {
  'S-060': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    const seen = new Set<string>()
    for (let attempt = 1; attempt <= 4; attempt++) {
      const claim = await worker.take()
      const index = Number(claim.split(':')[1])
      const before = await store.now()
      const fenced = await worker.fence(claim, { memo: 'm', checkAfter: 5000 })
      contains(fenced, { status: 'fenced', choice: -1 })
      const ref = refOf(fenced)
      const [jobId, at, counted, nonce, more] = ref.split(':')
      assert.deepEqual([jobId, at, more], ['a', String(index), undefined])
      assert.ok((nonce ?? '').length > 4 && !seen.has(ref), ref)
      seen.add(ref)
      contains(await store.storage.getTask('a', index), { place: 'active', ref, attempts: Number(counted) })
      const [live] = await store.storage.load([ref])
      contains(live, {
        ref,
        jobId: 'a',
        index,
        attempt: Number(counted),
        rank: 0,
        unknown: false,
        memo: 'm',
        payload: String(index),
      })
      store.near(live?.fencedAt, before, 'fencedAt')
      assert.equal(live?.checkAt, (live?.startBy ?? 0) + 5000)
      await worker.report(closed(ref, { next: { waitUntil: 0 } }))
      assert.deepEqual(await store.storage.load([ref]), [undefined])
    }
    contains(await store.job('a'), { fenced: 4, placed: 4 })
  },

  'S-061': async (store) => {
    const [one, two] = [store.worker('one'), store.worker('two')]
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 1)
    const late = await one.take({ leaseMs: 300 })
    await store.pass(300)
    assert.deepEqual(await one.fence(late), { status: 'gone' })
    const theirs = await two.take()
    assert.deepEqual(await one.fence(late), { status: 'gone' })
    const ref = refOf(await two.fence(theirs))
    assert.deepEqual(await two.fence(theirs), { status: 'gone' })
    await two.report(closed(ref, { next: { waitUntil: 0 } }))
    assert.deepEqual(await one.fence(theirs), { status: 'gone' })
    const given = await one.take()
    await one.report(returned(given))
    assert.deepEqual(await one.fence(given), { status: 'gone' })
    for (const nonsense of ['a:0:0', 'a:99:1', 'none:0:1', 'nonsense']) {
      assert.deepEqual(await one.fence(nonsense), { status: 'gone' }, nonsense)
    }
  },

  'S-062': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 1)
    const claim = await worker.take()
    await store.storage.control('a', { phase: paused })
    contains(await worker.fence(claim), { status: 'refused', reasons: ['paused'] })
    contains(await store.storage.getTask('a', 0), { place: 'claimed', attempts: 0 })
    await store.storage.control('a', { phase: keptOpen })
    contains(await worker.fence(claim), { status: 'fenced', attempt: 1 })
  },

  'S-063': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 3)
    const soon = (await store.now()) + 1000
    const first = await worker.fence(await worker.take(), { until: soon })
    contains(first, { status: 'fenced', startBy: soon })
    await store.passUntil(soon)
    const over = await worker.fence(await worker.take(), { until: soon })
    contains(over, { status: 'refused', reasons: ['until'] })
  },

  'S-064': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 9)
    const absent = [{ list: 'stop', member: '+12025550101' }]
    const ask = async () => worker.fence(await worker.take(), { absent })
    contains(await ask(), { status: 'fenced' })
    const now = await store.now()
    assert.deepEqual(await storage.setList('stop', { add: ['+12025550101', '+12025550102'], asOf: now }), { size: 2 })
    contains(await ask(), { status: 'refused', reasons: ['list:stop'] })
    assert.deepEqual(await storage.setList('stop', { remove: ['+12025550101'] }), { size: 1 })
    contains(await ask(), { status: 'fenced' })
    await storage.setList('stop', { maxAgeMs: 1000 })
    contains(await ask(), { status: 'fenced' })
    await store.passUntil(now + 1200)
    contains(await ask(), { status: 'refused', reasons: ['list_stale:stop'] })
    await storage.setList('stop', { clear: true, add: ['+12025550101'], asOf: await store.now() })
    contains(await ask(), { status: 'refused', reasons: ['list:stop'] })
    await storage.setList('other', { maxAgeMs: 1000 })
    const never = await worker.fence(await worker.take(), { absent: [{ list: 'other', member: 'x' }] })
    contains(never, { status: 'refused', reasons: ['list_stale:other'] })
  },

  'S-065': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 9)
    await store.storage.setLimits([
      { key: 'slots:cid1', revision: 1, slots: 1 },
      { key: 'slots:cid2', revision: 1, slots: 1 },
      { key: 'full', revision: 1, slots: 0 },
    ])
    const anyOf = ['slots:cid1', 'slots:cid2'].map((key) => [{ key, n: 1 }])
    const ask = async (ranked = anyOf) => worker.fence(await worker.take(), { anyOf: ranked })
    const first = await ask([
      [
        { key: 'slots:cid1', n: 1 },
        { key: 'full', n: 1 },
      ],
      ...anyOf,
    ])
    contains(first, { status: 'fenced', choice: 1 })
    contains(await ask(), { status: 'fenced', choice: 1 })
    const none = await ask()
    contains(none, { status: 'refused' })
    assert.deepEqual(none.status === 'refused' && [...none.reasons].sort(), ['slots:cid1', 'slots:cid2'])
    await worker.end(refOf(first))
    contains(await ask(), { status: 'fenced', choice: 0 })
    contains(await ask([]), { status: 'fenced', choice: -1 })
  },

  'S-066': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 5)
    await store.storage.setLimits([
      { key: 'cap', revision: 1, cap: 1, windowMs: 60_000 },
      { key: 'budget', revision: 1, money: 3 },
      { key: 'slots:cid', revision: 1, slots: 1 },
      { key: 'rate:r1', revision: 1, rate: 0.001, burst: 1 },
      { key: 'full', revision: 1, slots: 0 },
    ])
    const all = [cap(), { key: 'budget', n: 3 }]
    const anyOf = [[{ key: 'slots:cid', n: 1 }]]
    const claim = await worker.take()
    for (let i = 0; i < 3; i++) {
      contains(await worker.fence(claim, { all: [...all, { key: 'full', n: 1 }], anyOf }), {
        status: 'refused',
        reasons: ['full'],
      })
      contains(await worker.fence(claim, { all, anyOf: [[{ key: 'full', n: 1 }]] }), {
        status: 'refused',
        reasons: ['full'],
      })
    }
    contains(await store.storage.getTask('a', 0), { place: 'claimed', attempts: 0 })
    contains(await worker.fence(claim, { all, anyOf }), { status: 'fenced', attempt: 1, choice: 0 })
  },

  'S-067': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 2)
    await worker.call('r1', { all: [cap()] })
    const claim = await worker.take()
    await storage.setLimits([
      { key: 'slots:a', revision: 1, slots: 1 },
      { key: 'rate:acme', revision: 1, rate: 0.001, burst: 1 },
      { key: 'cap', revision: 1, cap: 0, windowMs: 60_000 },
      { key: 'budget', revision: 1, money: 1 },
    ])
    await storage.setList('stop', { add: ['m'] })
    await storage.setList('old', { maxAgeMs: 1 })
    await storage.control('a', { phase: paused })
    const refused = await worker.fence(claim, {
      all: [cap(), { key: 'budget', n: 2 }],
      anyOf: [[{ key: 'slots:a', n: 1 }]],
      absent: [
        { list: 'stop', member: 'm' },
        { list: 'old', member: 'm' },
      ],
      until: await store.now(),
    })
    assert.equal(refused.status, 'refused')
    const reasons = new Set(refused.status === 'refused' ? refused.reasons : [])
    assert.deepEqual([...reasons].sort(), [
      'budget',
      'cap',
      'list:stop',
      'list_stale:old',
      'paused',
      'slots:a',
      'until',
    ])
  },

  'S-068': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    await store.storage.setLimits([
      { key: 'cap', revision: 1, cap: 1, windowMs: 60_000 },
      { key: 'budget', revision: 1, money: 5 },
    ])
    const money = { key: 'budget', n: 3 }
    const claim = await worker.take()
    contains(await worker.fence(claim, { all: [cap(), cap()] }), { status: 'refused', reasons: ['cap'] })
    contains(await worker.fence(claim, { all: [money], anyOf: [[money]] }), { status: 'refused', reasons: ['budget'] })
    contains(await worker.fence(claim, { all: [cap(), money] }), { status: 'fenced' })
  },

  'S-069': async (store) => {
    const worker = store.worker()
    await store.storage.setLimits([{ key: 'rate:r1', revision: 1, rate: 25, burst: 1 }])
    await filledJob(store.storage, { id: 'a' }, 30)
    const { tasks } = await worker.claim(4)
    const { now, fences: granted } = await worker.exchange({ fences: tasks.map(({ claim }) => fenceOf(claim)) })
    for (const fenced of granted) {
      if (fenced.status !== 'fenced') continue
      assert.ok(fenced.startAt >= now && fenced.startAt <= now + 50, `starts at ${fenced.startAt}, now is ${now}`)
      assert.equal(fenced.startBy, fenced.startAt + 2000)
    }
    assert.equal(granted[0]?.status, 'fenced')
    contains(granted[3], { status: 'refused', reasons: ['rate:r1'] })
  },

  'S-070': async (store) => {
    const worker = store.worker()
    await store.storage.setLimits([{ key: 'rate:a', revision: 1, rate: 2, burst: 1 }])
    await filledJob(store.storage, { id: 'a' }, 3)
    const { tasks } = await worker.claim(2)
    const [first, second] = tasks.map(({ claim }) => claim) as [string, string]
    refOf(await worker.fence(first))
    const { now, fences: told } = await worker.exchange({ fences: [fenceOf(second)] })
    const refused = told[0]
    assert.ok(refused?.status === 'refused')
    assert.ok(refused.retryAt >= now && refused.retryAt <= now + 500, `try again at ${refused.retryAt}, now is ${now}`)
    const { lastEvent } = await store.job('a')
    contains(await store.storage.events('a', lastEvent - 1, 1), {
      events: [{ data: { type: 'refused', index: 1, reasons: ['rate:a'], retryAt: refused.retryAt } }],
    })
    await store.passUntil(refused.retryAt)
    contains(await worker.fence(second), { status: 'fenced' })
  },

  'S-071': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 1)
    const claim = await worker.take()
    const { fences: both } = await worker.exchange({ fences: [fenceOf(claim), fenceOf(claim)] })
    assert.deepEqual(
      both.map(({ status }) => status),
      ['fenced', 'gone'],
    )
    contains(await store.job('a'), { counts: { active: 1 }, fenced: 1 })
    await worker.report(answered(refOf(both[0])))
    contains(await store.job('a'), { counts: { succeeded: 1 } })
  },

  'S-072': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 3)
    const { tasks, now } = await worker.claim(2, { leaseMs: 60_000 })
    const [first, second] = tasks.map(({ claim }) => claim) as [string, string]
    const expiry = (at: number) => ({ at, phase: keptOpen, sweep: { terminal: 'expired', reason: 'expired' } }) as const
    await storage.control('a', { timers: { expiry: expiry(now + 1000) } })
    contains(await worker.fence(first), { status: 'fenced', startBy: now + 1000 })
    if (store.manual) {
      await storage.setLimits([{ key: 'rate:a', revision: 1, rate: 1000 / 40, burst: 1 }])
      await worker.fence(await worker.take())
      await storage.control('a', { timers: { expiry: expiry(now + 20) } })
      contains(await worker.fence(second), { status: 'refused', reasons: ['until'] })
    }
  },

  'S-073': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 3)
    const { tasks, now } = await worker.claim(3, { leaseMs: 60_000 })
    const [first, second, third] = tasks.map(({ claim }) => claim) as [string, string, string]
    const open = (intervals: readonly number[] | null) =>
      storage.control('a', { lanes: [{ lane: 0, name: '', priority: 0, open: intervals }] })
    await open([now - 1000, now + 1000])
    contains(await worker.fence(first), { status: 'fenced', startBy: now + 1000 })
    await open([])
    contains(await worker.fence(second), { status: 'refused', reasons: ['lane'] })
    await open([now + 500, now + 9000])
    contains(await worker.fence(third), { status: 'refused', reasons: ['lane'], retryAt: now + 500 })
    await store.passUntil(now + 500)
    contains(await worker.fence(third), { status: 'fenced', attempt: 1 })
  },

  'S-074': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 3)
    const claims = (await worker.claim(2, { leaseMs: 60_000 })).tasks.map(({ claim }) => claim)
    const [first, second] = claims as [string, string]
    await storage.control('a', { note: 'nothing that decides anything' })
    contains(await worker.fence(first), { status: 'fenced' })
    await storage.setList('stop', { add: ['+12025550101'] })
    const { revision } = await storage.control('a', { spec: 'other rules' })
    // What it asks was decided by rules that are gone, so nothing of it is answered.
    const refused = await worker.fence(second, { absent: [{ list: 'stop', member: '+12025550101' }] })
    contains(refused, { status: 'refused', reasons: ['changed'] })
    contains(await worker.fence(second), { status: 'refused', reasons: ['changed'] })
    contains(await storage.getTask('a', 1), { place: 'claimed', attempts: 0 })
    await worker.report(returned(second))
    const anew = await worker.claim(1)
    contains(anew.claims[0], { revision })
    contains(await worker.fence(anew.tasks[0]?.claim as string), { status: 'fenced', attempt: 1 })
  },
}
