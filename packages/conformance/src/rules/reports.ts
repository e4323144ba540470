import assert from 'node:assert/strict'
import type { Report } from '@outdial/core'
import fc from 'fast-check'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { closed, fenceOf, returned } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const evidence = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant('doubt' as const) },
)

export const reports: RuleTests = {
  'S-085': async (store, { seed = 1 }) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 200)
    const told = async (drawn: readonly (number | 'doubt')[], together: boolean) => {
      const ref = await worker.call()
      let rank = 0
      let unknown = false
      const expected = drawn.map((each) => {
        const applied = each === 'doubt' ? !unknown : unknown ? each >= rank : each > rank
        if (applied) unknown = each === 'doubt'
        if (applied && each !== 'doubt') rank = each
        return applied ? 'applied' : 'stale'
      })
      const sent = drawn.map<Report>((each) =>
        each === 'doubt'
          ? { kind: 'doubt', ref, checkAt: 0 }
          : { kind: 'progress', ref, rank: each, state: `state ${each}` },
      )
      const answers: string[] = []
      if (together) answers.push(...(await worker.report(...sent)))
      else for (const report of sent) answers.push(...(await worker.report(report)))
      assert.deepEqual(answers, expected)
      contains((await store.storage.load([ref]))[0], { rank, unknown })
      contains(await store.job('a'), { counts: { active: unknown ? 0 : 1, unknown: unknown ? 1 : 0 } })
      await worker.end(ref)
    }
    await fc.assert(fc.asyncProperty(fc.array(evidence, { maxLength: 12, size: 'max' }), fc.boolean(), told), {
      numRuns: 40,
      seed,
      endOnFailure: true,
    })
  },

  'S-086': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 1)
    const ref = await worker.call()
    await worker.report({ kind: 'progress', ref, rank: 3, state: 'ringing' })
    const { lastEvent } = await store.job('a')
    const doubt = { kind: 'doubt', ref, checkAt: 5, memo: 'm' } as const
    assert.deepEqual(await worker.report(doubt, { ...doubt, checkAt: 9 }), ['applied', 'stale'])
    contains((await store.storage.load([ref]))[0], { rank: 3, unknown: true, state: 'unknown', checkAt: 5, memo: 'm' })
    contains(await store.storage.getTask('a', 0), { place: 'unknown' })
    contains(await store.storage.events('a', lastEvent, 9), {
      events: [{ data: { type: 'progress', ref, state: 'unknown' } }],
    })
    assert.deepEqual(await worker.report({ kind: 'progress', ref, rank: 2, state: 'queued' }), ['stale'])
    assert.deepEqual(await worker.report({ kind: 'progress', ref, rank: 3, state: 'ringing' }), ['applied'])
    contains(await store.storage.getTask('a', 0), { place: 'active' })
  },

  'S-087': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    const ref = await worker.call()
    const close = closed(ref, { outcome: 'busy', result: 'first', next: { terminal: 'failed', reason: 'busy' } })
    assert.deepEqual(await worker.report(close, close), ['applied', 'stale'])
    assert.deepEqual(await worker.report(closed(ref)), ['stale'])
    assert.deepEqual(await worker.report({ kind: 'progress', ref, rank: 9, state: 'late' }), ['stale'])
    assert.deepEqual(await worker.report({ kind: 'doubt', ref, checkAt: 0 }), ['stale'])
    contains(await store.storage.getTask('a', 0), { place: 'failed', reason: 'busy', results: ['first'], attempts: 1 })
    const job = await store.job('a')
    contains(job, { fenced: 1, placed: 1, counts: { failed: 1, active: 0 } })
    assert.deepEqual([job.outcomes, job.reasons], [{ busy: 1 }, { 'failed/busy': 1 }])
    await worker.report(closed(await worker.call(), { placed: false, outcome: '' }))
    contains(await store.job('a'), { fenced: 2, placed: 1, outcomes: { busy: 1 } })
  },

  'S-088': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 2)
    const ref = await worker.call()
    const note = { kind: 'note', ref, id: 'n', data: 'd' } as const
    assert.deepEqual(await worker.report(note, note, { ...note, id: 'm' }), ['applied', 'stale', 'applied'])
    await worker.report(closed(ref, { result: 'first', next: { waitUntil: 0 } }))
    const amended = { ...note, id: 'late', amend: { position: 0, result: 'amended' } }
    assert.deepEqual(await worker.report(amended, { ...amended, amend: { position: 0, result: 'twice' } }), [
      'applied',
      'stale',
    ])
    assert.deepEqual(await worker.report({ ...note, id: 'beyond', amend: { position: 5, result: 'x' } }), ['applied'])
    contains(await store.storage.getTask('a', 0), { results: ['amended'] })
    const second = await worker.call()
    assert.deepEqual(await worker.report({ ...note, ref: second }), ['applied'])
    assert.deepEqual(await worker.report({ ...note, ref: 'none:0:1:x' }, { ...note, ref: 'a:9:1:x' }), [
      'stale',
      'stale',
    ])
    const page = await store.storage.events('a', 0, 100)
    const notes = page.status === 'ok' ? page.events.filter(({ data }) => data.type === 'note') : []
    assert.equal(notes.length, 5)
  },

  'S-089': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 3)
    const adopt = (ref: string) => ({ kind: 'adopt', ref, rank: 2, memo: 'm', checkAt: 7 }) as const
    assert.deepEqual(await worker.report(adopt('a:0:2:lost'), adopt('a:0:2:lost'), adopt('a:0:3:more')), [
      'applied',
      'stale',
      'stale',
    ])
    contains(await storage.getTask('a', 0), { place: 'unknown', attempts: 2, ref: 'a:0:2:lost' })
    contains((await storage.load(['a:0:2:lost']))[0], { rank: 2, unknown: true, memo: 'm', checkAt: 7, attempt: 2 })
    assert.deepEqual((await worker.claim(5)).tasks.map(({ index }) => index).sort(), [1, 2])
    await worker.report(closed('a:0:2:lost', { next: { waitUntil: 0 } }))
    assert.deepEqual(await worker.report(adopt('a:0:2:late'), adopt('a:0:1:older')), ['stale', 'stale'])
    const ref = await worker.call()
    assert.equal(ref.split(':')[2], '3')
    await worker.end(ref)
    assert.deepEqual(await worker.report(adopt('a:0:9:ended'), adopt('a:7:1:none'), adopt('b:0:1:none')), [
      'stale',
      'stale',
      'stale',
    ])
    contains(await store.job('a'), { fenced: 2, counts: { succeeded: 1, claimed: 2 } })
    // Also in the step that ends the one before it.
    await filledJob(storage, { id: 'c', phase: keptOpen }, 1)
    await worker.report(adopt('c:0:1:one'))
    const again = closed('c:0:1:one', { next: { waitUntil: 0 } })
    assert.deepEqual(await worker.report(again, adopt('c:0:2:two')), ['applied', 'applied'])
    contains(await storage.getTask('c', 0), { place: 'unknown', attempts: 2, ref: 'c:0:2:two' })
    contains((await storage.load(['c:0:2:two']))[0], { unknown: true, attempt: 2 })
  },

  'S-090': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await storage.setLimits([{ key: 'slots:acme', revision: 1, slots: 2 }])
    await filledJob(storage, { id: 'a' }, 5)
    const claim = await worker.take()
    const { reports: told, fences } = await worker.exchange({
      reports: [{ kind: 'adopt', ref: 'a:0:4:lost', rank: 2, memo: '', checkAt: 0 }],
      fences: [fenceOf(claim)],
    })
    assert.deepEqual([told, fences], [['applied'], [{ status: 'gone' }]])
    contains((await storage.recount('a')).holds, {
      'slots:a': 1,
      'slots:acme': 1,
      'slots:r1': 1,
      'slots:everything': 1,
    })
    assert.equal((await worker.claim(5)).tasks.length, 1)
    assert.deepEqual(await worker.report(returned(claim)), ['stale'])
    await worker.end('a:0:4:lost')
    assert.equal((await worker.claim(5)).tasks.length, 1)
  },

  'S-091': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 3)
    const { tasks, now } = await worker.claim(3)
    const [one, two, three] = tasks.map(({ claim }) => claim) as [string, string, string]
    const told = await worker.report(
      returned(one, { waitUntil: now + 60_000, memo: 'm', reasons: ['why'] }),
      returned(two, { terminal: 'skipped', reason: 'suppressed', memo: 'n' }),
      returned(three),
      returned(three),
    )
    assert.deepEqual(told, ['applied', 'applied', 'applied', 'stale'])
    contains(await store.storage.getTask('a', 0), {
      place: 'deferred',
      waitUntil: now + 60_000,
      memo: 'm',
      attempts: 0,
    })
    contains(await store.storage.getTask('a', 1), { place: 'skipped', reason: 'suppressed', memo: 'n' })
    contains(await store.job('a'), {
      counts: { deferred: 2, skipped: 1, claimed: 0 },
      reasons: { 'skipped/suppressed': 1 },
    })
    contains((await worker.claim(9)).tasks, [{ index: 2 }])
    const page = await store.storage.events('a', 0, 100)
    const told2 = page.status === 'ok' ? page.events.map(({ data }) => data) : []
    contains(
      told2.find((data) => data.type === 'returned'),
      { index: 0, waitUntil: now + 60_000, reasons: ['why'] },
    )
  },

  'S-092': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 2)
    const [one, two] = (await worker.dial(2)) as [string, string]
    const { now } = await worker.exchange({
      reports: [closed(two, { next: { terminal: 'failed', reason: 'r', memo: 'n' } })],
    })
    await worker.report(closed(one, { result: 'x', next: { waitUntil: now + 700, memo: 'm' } }))
    contains(await store.storage.getTask('a', 0), {
      place: 'deferred',
      waitUntil: now + 700,
      memo: 'm',
      results: ['x'],
      attempts: 1,
    })
    contains(await store.storage.getTask('a', 1), { place: 'failed', reason: 'r', memo: 'n' })
    assert.deepEqual((await worker.claim(5)).tasks, [])
    await store.passUntil(now + 700)
    contains((await worker.claim(5)).tasks, [{ index: 0, attempts: 1, memo: 'm' }])
  },

  'S-093': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a', phase: keptOpen }, 3)
    const ref = await worker.call()
    await worker.report({ kind: 'progress', ref, rank: 3, state: 'ringing' })
    const ended = await worker.call()
    await worker.end(ended)
    const before = [await store.job('a'), await store.storage.load([ref]), await store.storage.recount('a')]
    const told = await worker.report(
      { kind: 'progress', ref, rank: 2, state: 'queued', memo: 'x', checkAt: 1, callId: 'x' },
      closed(ended, { outcome: 'busy', result: 'x', next: { waitUntil: 0 } }),
      closed('a:0:1:forged'),
      { kind: 'doubt', ref: ended, checkAt: 0 },
      returned('a:1:0'),
      { kind: 'adopt', ref: 'a:0:1:x', rank: 1, memo: '', checkAt: 0 },
    )
    assert.deepEqual(told, Array(6).fill('stale'))
    assert.deepEqual([await store.job('a'), await store.storage.load([ref]), await store.storage.recount('a')], before)
  },

  'S-094': async (store) => {
    const worker = store.worker()
    await filledJob(store.storage, { id: 'a' }, 1)
    const ref = await worker.call('r1', { memo: 'fenced' })
    await worker.report({ kind: 'progress', ref, rank: 1, state: 'queued', callId: 'call-1' })
    contains((await store.storage.load([ref]))[0], { state: 'queued', callId: 'call-1', memo: 'fenced' })
    await worker.report({ kind: 'progress', ref, rank: 2, state: 'ringing', memo: 'm', checkAt: 42 })
    contains((await store.storage.load([ref]))[0], {
      state: 'ringing',
      callId: 'call-1',
      memo: 'm',
      checkAt: 42,
      rank: 2,
    })
    const { lastEvent } = await store.job('a')
    contains(await store.storage.events('a', lastEvent - 1, 9), {
      events: [{ data: { type: 'progress', index: 0, ref, state: 'ringing' } }],
    })
  },

  'S-095': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a', phase: keptOpen }, 3)
    const ref = await worker.call('r1', { memo: 'fenced' })
    const note = { kind: 'note', ref, id: 'n', data: 'd' } as const
    const noted = async () => (await storage.load([ref]))[0]
    // One without a memo changes nothing of the attempt.
    await worker.report({ ...note, id: 'plain' })
    contains(await noted(), { memo: 'fenced', rank: 0, unknown: false })
    assert.equal((await noted())?.notes ?? 0, 0)
    assert.deepEqual(await worker.report({ ...note, memo: 'm' }, { ...note, memo: 'twice' }), ['applied', 'stale'])
    contains(await noted(), { memo: 'm', notes: 1, rank: 0, unknown: false })
    await worker.report({ kind: 'progress', ref, rank: 3, state: 'ringing', callId: 'call-1' })
    await worker.report({ kind: 'doubt', ref, checkAt: 7 })
    contains(await noted(), { memo: 'm', notes: 1, callId: 'call-1', unknown: true })

    const before = [await store.job('a'), await noted(), await storage.recount('a')]
    const deaf: Report[] = [closed(ref), closed(ref, { next: { waitUntil: 0, memo: 'x' } }), closed(ref, { heard: 0 })]
    assert.deepEqual(await worker.report(...deaf), ['stale', 'stale', 'stale'])
    assert.deepEqual([await store.job('a'), await noted(), await storage.recount('a')], before)
    // A close in the same exchange as the note has not heard of it either.
    const late = { ...note, id: 'o', memo: 'n' }
    assert.deepEqual(await worker.report(late, closed(ref, { heard: 1 })), ['applied', 'stale'])
    contains(await noted(), { memo: 'n', notes: 2 })
    const heard = closed(ref, { heard: 2, result: 'first', next: { waitUntil: 0, memo: 'kept' } })
    assert.deepEqual(await worker.report(heard, heard), ['applied', 'stale'])
    contains(await storage.getTask('a', 0), { place: 'deferred', memo: 'kept', results: ['first'] })

    // Behind the end there is no attempt whose memo could change; without one it is a note like any other.
    const { lastEvent } = await store.job('a')
    assert.deepEqual(await worker.report({ ...note, id: 'p', memo: 'late' }), ['stale'])
    assert.equal((await store.job('a')).lastEvent, lastEvent)
    assert.deepEqual(await worker.report({ ...note, id: 'p' }), ['applied'])
    // The next attempt has heard all there is.
    const next = await worker.call()
    assert.deepEqual(await worker.report(closed(next)), ['applied'])
  },

  'S-096': async (store) => {
    const worker = store.worker()
    // Each ends otherwise than the one before it, by one thing.
    const ends = [
      { placed: true, outcome: 'answered', terminal: 'succeeded', reason: 'answered' },
      { placed: true, outcome: 'answered', terminal: 'succeeded', reason: 'answered' },
      { placed: true, outcome: 'answered', terminal: 'succeeded', reason: 'heard' },
      { placed: true, outcome: 'answered', terminal: 'failed', reason: 'heard' },
      { placed: true, outcome: 'busy', terminal: 'failed', reason: 'heard' },
      { placed: false, outcome: 'busy', terminal: 'failed', reason: 'heard' },
      { placed: true, outcome: 'answered', terminal: 'succeeded', reason: 'answered' },
    ] as const
    await filledJob(store.storage, { id: 'a' }, ends.length + 1)
    const refs = await worker.dial(ends.length)
    refs.push(await worker.call())
    const { lastEvent } = await store.job('a')
    const reports: Report[] = refs.map((ref) => ({ kind: 'progress', ref, rank: 1, state: 'queued' }))
    const expected: object[] = refs.map((ref, index) => ({ type: 'progress', index, ref, state: 'queued' }))
    for (const [index, { placed, outcome, terminal, reason }] of ends.entries()) {
      const [ref, result] = [refs[index] as string, `result ${index}`]
      for (const state of ['ringing', 'talking']) {
        reports.push({ kind: 'progress', ref, rank: state === 'ringing' ? 2 : 3, state })
        expected.push({ type: 'progress', index, ref, state })
      }
      reports.push(closed(ref, { placed, outcome, result, next: { terminal, reason } }))
      expected.push({ type: 'closed', index, ref, placed, outcome, result }, { type: 'ended', index, terminal, reason })
    }
    const ref = refs[ends.length] as string
    reports.push({ kind: 'doubt', ref, checkAt: 5 })
    expected.push({ type: 'progress', index: ends.length, ref, state: 'unknown' })
    await worker.report(...reports)
    const page = await store.storage.events('a', lastEvent, 100)
    assert.deepEqual(page.status === 'ok' && page.events.map(({ data }) => data), expected)
  },
}
