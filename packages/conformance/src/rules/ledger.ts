import assert from 'node:assert/strict'
import type { LedgerPage, Storage } from '@outdial/core'
import type { Session } from '../session.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { closed, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const LONG = 60_000

/** Calls so many people, each with an entry of the ledger: `1`, `2`, … */
async function called(worker: Worker, n: number, from = 1): Promise<string[]> {
  const refs = await worker.dial(n)
  for (const [i, ref] of refs.entries()) await worker.report(closed(ref, { ledger: String(from + i) }))
  return refs
}

function data({ entries }: LedgerPage): string[] {
  return entries.map((entry) => entry.data)
}

/** All that can be had now, page by page, not acknowledged. */
async function drain(storage: Storage, max = 3, leaseMs = LONG): Promise<LedgerPage['entries'][number][]> {
  const found: LedgerPage['entries'][number][] = []
  for (;;) {
    const page = await storage.takeLedger({ max, leaseMs })
    assert.ok(page.entries.length <= max, `${page.entries.length} entries in a page of ${max}`)
    assert.equal(
      page.page === undefined,
      page.entries.length === 0,
      'a page without entries, or entries without a page',
    )
    if (page.page === undefined) return found
    found.push(...page.entries)
  }
}

function job(store: Session, id = 'a', tasks = 20): Promise<void> {
  return filledJob(store.storage, { id, phase: keptOpen }, tasks)
}

export const ledger: RuleTests = {
  'S-240': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    const [one, two] = (await worker.dial(2)) as [string, string]
    const note = (ref: string, id: string, entry: string, part: object = {}) =>
      ({ kind: 'note', ref, id, data: '', ledger: entry, ...part }) as const
    assert.deepEqual(await worker.report(note(one, 'n', 'noted'), note(one, 'n', 'noted again')), ['applied', 'stale'])
    assert.deepEqual(await worker.report(note(two, 'n', 'heard', { memo: 'm' })), ['applied'])
    assert.deepEqual(await worker.report(closed(two, { ledger: 'not heard' })), ['stale'])
    assert.deepEqual(await worker.report(closed(one, { ledger: 'closed' })), ['applied'])
    await worker.again()
    const stale = await worker.report(closed(one, { ledger: 'closed again' }), note(one, 'o', 'dead', { memo: 'm' }))
    assert.deepEqual(stale, ['stale', 'stale'])
    assert.deepEqual(await worker.report(note(one, 'late', 'corrected')), ['applied'])
    assert.deepEqual(await worker.report(closed(two, { heard: 1 })), ['applied'])
    assert.deepEqual(data({ entries: await drain(storage) }), ['noted', 'heard', 'closed', 'corrected'])
  },

  'S-241': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    assert.deepEqual(await storage.takeLedger({ max: 5, leaseMs: LONG }), { entries: [] })
    const told: { jobId: string; index: number; data: string }[] = []
    for (const [i, ref] of (await worker.dial(7)).entries()) {
      await store.pass(store.manual ? 10 : 1)
      const text = `{"to":"+1202555010${i}","Ä":" \\n\\u0000 ${'x'.repeat(i * 50)}"}`
      await worker.exchange({ reports: [closed(ref, { ledger: text })] })
      told.push({ jobId: 'a', index: Number(ref.split(':')[1]), data: text })
    }
    assert.deepEqual(await drain(storage), told)
    await called(worker, 1, 8)
    assert.deepEqual(data(await storage.takeLedger({ max: 100, leaseMs: LONG })), ['8'])
  },

  'S-242': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    await called(worker, 5)
    const take = (max: number) => storage.takeLedger({ max, leaseMs: LONG })
    assert.deepEqual(data(await take(2)), ['1', '2'])
    assert.deepEqual(data(await take(2)), ['3', '4'])
    assert.deepEqual(data(await take(2)), ['5'])
    assert.deepEqual(await take(2), { entries: [] })
    await called(worker, 1, 6)
    assert.deepEqual(data(await take(2)), ['6'])
    await store.pass(100)
    assert.deepEqual(await take(2), { entries: [] })
  },

  'S-243': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    await called(worker, 5)
    const leaseMs = store.manual ? 300 : 1500
    const lost = await storage.takeLedger({ max: 3, leaseMs })
    const held = await storage.takeLedger({ max: 1, leaseMs: LONG })
    assert.deepEqual([data(lost), data(held)], [['1', '2', '3'], ['4']])
    await store.pass(leaseMs)
    // As many at once as asked for, whatever they were handed out in before; and what was never handed out comes too.
    assert.deepEqual(data({ entries: await drain(storage, 2) }), ['1', '2', '3', '5'])
    assert.deepEqual(await storage.takeLedger({ max: 9, leaseMs: LONG }), { entries: [] })
  },

  'S-244': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    await called(worker, 6)
    const take = (leaseMs: number) => storage.takeLedger({ max: 2, leaseMs })
    const leaseMs = store.manual ? 300 : 1500
    const [one, two, three] = [await take(leaseMs), await take(leaseMs), await take(leaseMs)]
    await storage.acknowledgeLedger(two.page ?? '')
    await storage.acknowledgeLedger(two.page ?? '')
    await storage.acknowledgeLedger('no such page')
    await store.pass(leaseMs)
    await storage.acknowledgeLedger(three.page ?? '')
    const again = await take(LONG)
    assert.deepEqual(data(again), ['1', '2'])
    // Somebody else has it by now, and may fail to make it safe.
    await storage.acknowledgeLedger(one.page ?? '')
    assert.deepEqual(await take(LONG), { entries: [] })
    await storage.acknowledgeLedger(again.page ?? '')
    await called(worker, 1, 7)
    assert.deepEqual(data(await take(LONG)), ['7'])
    await store.pass(400)
    assert.deepEqual(await take(LONG), { entries: [] })
  },

  'S-245': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await filledJob(storage, { id: 'a' }, 2)
    await called(worker, 2)
    const page = await storage.takeLedger({ max: 1, leaseMs: 200 })
    assert.deepEqual(data(page), ['1'])
    await storage.purge('a')
    assert.equal(await storage.getJob('a'), undefined)
    await job(store, 'b')
    await called(worker, 1, 3)
    await store.pass(200)
    const left = await drain(storage)
    assert.deepEqual(
      left.map((entry) => [entry.jobId, entry.index, entry.data]),
      [
        ['a', 0, '1'],
        ['a', 1, '2'],
        ['b', 0, '3'],
      ],
    )
  },

  'S-246': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store, 'a')
    const [first] = await called(worker, 3)
    await worker.report({ kind: 'note', ref: first ?? '', id: 'n', data: '', ledger: '4' })
    await storage.control('a', { phase: { state: 'paused', dialable: false } })
    await job(store, 'b')
    await called(worker, 1, 5)
    const taken = await storage.takeLedger({ max: 1, leaseMs: 200 })
    assert.deepEqual(data(taken), ['1'])
    await storage.redact('a', 0)
    await storage.redact('a', 0)
    const told = async () => (await drain(storage)).map((entry) => [entry.jobId, entry.index, entry.data])
    assert.deepEqual(await told(), [
      ['a', 1, '2'],
      ['a', 2, '3'],
      ['a', 0, ''],
      ['b', 0, '5'],
    ])
    await store.pass(200)
    assert.deepEqual(await told(), [['a', 0, '']])
  },
}
