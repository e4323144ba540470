import assert from 'node:assert/strict'
import type { ListedMember, Storage } from '@outdial/core'
import type { Session } from '../session.js'
import { contains } from '../support/expect.js'
import { filledJob } from '../support/jobs.js'
import { keptOpen } from '../support/phases.js'
import { AT_ONCE, closed, fenceOf, type Worker } from '../support/worker.js'
import type { RuleTests } from './rule-test.js'

const SUE = '+12025550101'
const TOM = '+12025550102'
const NOBODY = '+12025550199'
/** Names as hosts have them: numbers with a plus and without, ids, and what a careless store would take for one another. */
const NAMES = [SUE, '12025550101', '0', '00', '+0', 'person 7', 'a/b%c', 'Straße 1', '+120255501010000000', '-5', '1e3']

/** Whether a call of somebody would be let through; the claim is given back. */
async function asks(worker: Worker, lists: readonly string[], member = SUE) {
  const claim = await worker.take()
  const fenced = await worker.fence(claim, { absent: lists.map((list) => ({ list, member })) })
  if (fenced.status === 'refused') await worker.report({ kind: 'return', claim, next: AT_ONCE })
  return fenced
}

async function member(storage: Storage, list: string, name: string): Promise<ListedMember | undefined> {
  return (await storage.getList(list, [name])).members[0]
}

/** Everybody on a list, page by page. `between` is called after each page but the last. */
async function scan(storage: Storage, list: string, max: number, between?: () => Promise<unknown>) {
  const found: ListedMember[] = []
  for (let cursor: string | undefined, pages = 0; ; pages++) {
    const page = await storage.scanList(list, { max, ...(cursor !== undefined && { cursor }) })
    assert.ok(page.items.length <= max, `${page.items.length} members in a page of ${max}`)
    assert.ok(pages < 10_000, 'a scan that never ends')
    found.push(...page.items)
    cursor = page.cursor
    if (cursor === undefined) return found
    await between?.()
  }
}

/** By name, each once. */
function sorted(found: readonly ListedMember[]): ListedMember[] {
  const byName = new Map(found.map((each) => [each.member, each]))
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

/** A running job whose tasks do not end it. */
function job(store: Session, tasks = 40): Promise<void> {
  return filledJob(store.storage, { id: 'a', phase: keptOpen }, tasks)
}

export const lists: RuleTests = {
  'S-220': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    const now = await store.now()
    await storage.setList('cool', { add: [{ member: SUE, until: now + 1000 }, TOM] })
    contains(await asks(worker, ['cool']), { status: 'refused', reasons: ['list:cool'] })
    if (store.manual) {
      await store.passUntil(now + 999)
      contains(await asks(worker, ['cool']), { status: 'refused', reasons: ['list:cool'] })
    }
    await store.passUntil(now + 1000)
    contains(await asks(worker, ['cool']), { status: 'fenced' })
    await store.pass(1000)
    contains(await asks(worker, ['cool'], TOM), { status: 'refused', reasons: ['list:cool'] })
    contains(await asks(worker, ['cool'], NOBODY), { status: 'fenced' })
  },

  'S-221': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    const now = await store.now()
    await storage.setList('short', { add: [{ member: SUE, until: now + 60_000 }] })
    await storage.setList('long', { add: [{ member: SUE, until: now + 90_000 }] })
    await storage.setList('ever', { add: [SUE] })
    await storage.setLimits([{ key: 'closed', revision: 1, closedUntil: now + 120_000 }])
    contains(await asks(worker, ['short', 'long']), {
      status: 'refused',
      reasons: ['list:short', 'list:long'],
      retryAt: now + 90_000,
    })
    contains(await asks(worker, ['long', 'short']), { status: 'refused', retryAt: now + 90_000 })
    contains(await asks(worker, ['short', 'ever']), { status: 'refused', retryAt: Number.POSITIVE_INFINITY })
    const absent = [{ list: 'short', member: SUE }]
    const both = await worker.fence(await worker.take(), { absent, all: [{ key: 'closed', n: 0 }] })
    contains(both, { status: 'refused', retryAt: now + 120_000 })
  },

  'S-222': async (store) => {
    const { storage } = store
    const now = await store.now()
    const add = (...added: ListedMember[]) => storage.setList('cool', { add: added })
    const at = (ms: number) => now + 60_000 + ms
    await add({ member: SUE, until: at(5), reason: 'busy' })
    await add({ member: SUE, until: at(1), reason: 'sooner' })
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE, until: at(5), reason: 'busy' })
    await add({ member: SUE, until: at(5), reason: 'again' })
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE, until: at(5), reason: 'busy' })
    await add({ member: SUE, until: at(7) }, { member: SUE, until: at(6), reason: 'same edit' })
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE, until: at(7) })
    await add({ member: SUE, reason: 'asked' })
    await storage.setList('cool', { add: [SUE] })
    await add({ member: SUE, until: at(9), reason: 'later' })
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE, reason: 'asked' })
    await storage.setList('cool', { remove: [SUE] })
    await add({ member: SUE, until: at(2), reason: 'shorter' })
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE, until: at(2), reason: 'shorter' })
    assert.equal((await storage.getList('cool', [])).size, 1)
  },

  'S-223': async (store) => {
    const { storage } = store
    const now = await store.now()
    const until = now + (store.manual ? 800 : 1500)
    await storage.setList('cool', {
      add: [
        { member: SUE, until: now },
        { member: TOM, until },
      ],
    })
    assert.deepEqual(await scan(storage, 'cool', 10), [{ member: TOM, until }])
    assert.deepEqual(await member(storage, 'cool', SUE), undefined)
    await store.passUntil(until)
    assert.deepEqual((await storage.getList('cool', [TOM, SUE])).members, [undefined, undefined])
    assert.deepEqual(await scan(storage, 'cool', 10), [])
    // Nobody comes back by being added with an end that has passed.
    await storage.setList('cool', { add: [{ member: TOM, until, reason: 'late' }] })
    assert.deepEqual(await member(storage, 'cool', TOM), undefined)
    await storage.setList('cool', { add: [{ member: TOM, reason: 'anew' }] })
    assert.deepEqual(await member(storage, 'cool', TOM), { member: TOM, reason: 'anew' })
  },

  'S-224': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    await storage.setList('stop', { add: [SUE, TOM] })
    assert.deepEqual(await storage.setList('stop', { clear: true, add: [TOM, NOBODY], remove: [TOM] }), { size: 1 })
    assert.deepEqual(await scan(storage, 'stop', 10), [{ member: NOBODY }])
    const asOf = (await store.now()) - 5000
    await storage.setList('stop', { asOf, maxAgeMs: 1000 })
    contains(await asks(worker, ['stop']), { status: 'refused', reasons: ['list_stale:stop'] })
    await storage.setList('stop', { maxAgeMs: 60_000 })
    contains(await asks(worker, ['stop']), { status: 'fenced' })
    await storage.setList('stop', { maxAgeMs: 1 })
    contains(await asks(worker, ['stop']), { status: 'refused', reasons: ['list_stale:stop'] })
    await storage.setList('stop', { maxAgeMs: null })
    contains(await asks(worker, ['stop']), { status: 'fenced' })
    assert.deepEqual(await storage.getList('stop', []), { size: 1, asOf, members: [] })
  },

  'S-219': async (store) => {
    const { storage } = store
    const until = (await store.now()) + 60_000
    await storage.setList('said', { add: [TOM, { member: SUE, until }, ...NAMES.slice(0, 1)] })
    const many = Array.from({ length: 2500 }, (_, i) => `+1646555${1000 + i}`)
    await storage.setList('said', { add: many.slice(1200, 1300) })
    await storage.setList('stop', { add: [SUE, TOM, NOBODY, ...many] })
    assert.deepEqual(await storage.setList('stop', { remove: [SUE, TOM, NOBODY, ...many], unlessOn: 'said' }), {
      size: 102,
    })
    assert.deepEqual(
      sorted(await scan(storage, 'stop', 1000)),
      sorted([SUE, TOM, ...many.slice(1200, 1300)].map((member) => ({ member }))),
    )
    // Whoever is not listed there any more is spared no longer, and a list that nobody has made spares nobody.
    await storage.setList('said', { remove: [TOM] })
    await storage.setList('stop', { remove: [TOM], unlessOn: 'said' })
    assert.equal(await member(storage, 'stop', TOM), undefined)
    assert.deepEqual(await storage.setList('stop', { remove: [SUE, ...many], unlessOn: 'nobody said' }), { size: 0 })
  },

  'S-225': async (store) => {
    const { storage } = store
    const now = await store.now()
    assert.deepEqual(await storage.getList('none', [SUE]), { size: 0, members: [undefined] })
    assert.deepEqual(await storage.scanList('none', { max: 10 }), { items: [] })
    const until = now + 60_000
    await storage.setList('stop', {
      add: [SUE, { member: 'x', until, reason: 'Ä ' }, { member: 'y', reason: 'said so' }],
      asOf: now - 7,
      maxAgeMs: 86_400_000,
    })
    assert.deepEqual(await storage.getList('stop', ['y', NOBODY, SUE, 'x', 'y']), {
      size: 3,
      asOf: now - 7,
      maxAgeMs: 86_400_000,
      members: [
        { member: 'y', reason: 'said so' },
        undefined,
        { member: SUE },
        { member: 'x', until, reason: 'Ä ' },
        { member: 'y', reason: 'said so' },
      ],
    })
    await storage.setList('names', { add: NAMES.slice(1) })
    const told = await storage.getList('names', NAMES)
    assert.deepEqual(told.members, [undefined, ...NAMES.slice(1).map((name) => ({ member: name }))])
    assert.equal(told.size, NAMES.length - 1)
  },

  'S-226': async (store) => {
    const { storage } = store
    const until = (await store.now()) + 60_000
    const all: ListedMember[] = [
      ...NAMES.map((name) => ({ member: name })),
      ...Array.from({ length: 150 }, (_, i) => ({
        member: `+1917555${1000 + i}`,
        until: until + i,
        reason: `r${i % 3}`,
      })),
      ...Array.from({ length: 150 }, (_, i) => ({ member: `person:${i}`, ...(i % 2 && { until }) })),
    ]
    await storage.setList('stop', { add: all })
    for (const max of [1000, 40, 7]) assert.deepEqual(sorted(await scan(storage, 'stop', max)), sorted(all))
    assert.deepEqual(await scan(storage, 'other', 7), [])
  },

  'S-227': async (store) => {
    const { storage } = store
    const until = (await store.now()) + 600_000
    const stay = Array.from({ length: 120 }, (_, i) =>
      i % 2 ? { member: `+1202555${1000 + i}`, until } : { member: `person:${i}` },
    )
    // Whatever order a list has, some of those who will leave come before the others.
    const leave = Array.from({ length: 200 }, (_, i) => (i % 2 ? `zoe:${i}` : `+1000555${1000 + i}`))
    const others = Array.from({ length: 800 }, (_, i) => (i % 9 ? `+1646555${1000 + i}` : `other:${i}`))
    await storage.setList('stop', { add: [...stay, ...leave] })
    let page = 0
    const found = await scan(storage, 'stop', 10, async () => {
      page++
      const some = others.slice((page % 10) * 100, (page % 10) * 100 + 100)
      if (page < 10) await storage.setList('stop', { add: some })
      if (page === 12) await storage.setList('stop', { remove: leave })
      if (page > 20) await storage.setList('stop', { remove: some })
      // And some who stay have later ends by now.
      await storage.setList('stop', { add: [{ member: stay[page % 60]?.member ?? '', until: until + page }] })
    })
    const names = new Set(found.map((each) => each.member))
    assert.deepEqual(
      stay.filter((each) => !names.has(each.member)),
      [],
      'who was on the list throughout was not found',
    )
  },

  'S-228': async (store) => {
    const { storage } = store
    const worker = store.worker()
    let added = 0
    await storage.setList('cool', { add: [SUE] })
    // By itself or by what is added to it, but some time it does.
    await store.eventually(async () => {
      const until = (await store.now()) + 20
      await storage.setList('cool', { add: Array.from({ length: 50 }, () => ({ member: `m${added++}`, until })) })
      await store.pass(store.manual ? 61_000 : 20)
      await worker.exchange()
      return (await storage.getList('cool', [])).size < added / 2
    }, 'a list of people who were on it for a while grows for ever')
    assert.deepEqual(await member(storage, 'cool', SUE), { member: SUE })
  },

  'S-229': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    const [one, two] = (await worker.dial(2)) as [string, string]
    const [first, second] = [await worker.take(), await worker.take()]
    const until = (await store.now()) + 60_000
    const absent = [SUE, TOM].map((name) => ({ list: 'stop:acme', member: name }))
    const { fences } = await worker.exchange({
      reports: [
        closed(one, { enlist: [{ list: 'stop:acme', member: SUE, reason: 'asked' }] }),
        { kind: 'note', ref: two, id: 'n', data: '', enlist: [{ list: 'stop:acme', member: TOM, until }] },
      ],
      fences: [fenceOf(first, { absent: absent.slice(0, 1) }), fenceOf(second, { absent: absent.slice(1) })],
    })
    contains(fences[0], { status: 'refused', reasons: ['list:stop:acme'], retryAt: Number.POSITIVE_INFINITY })
    contains(fences[1], { status: 'refused', reasons: ['list:stop:acme'], retryAt: until })
    const told = [
      { member: SUE, reason: 'asked' },
      { member: TOM, until },
    ]
    assert.deepEqual((await storage.getList('stop:acme', [SUE, TOM])).members, told)
    // Also after the end, on several lists, and by the same rules as by hand.
    await worker.report(closed(two))
    const enlist = [
      { list: 'stop:acme', member: TOM, until: until - 1, reason: 'sooner' },
      { list: 'cool:acme', member: TOM, until, reason: 'later' },
      { list: 'cool:acme', member: SUE, until: until - 60_000, reason: 'passed' },
    ]
    assert.deepEqual(await worker.report({ kind: 'note', ref: two, id: 'm', data: '', enlist }), ['applied'])
    assert.deepEqual((await storage.getList('stop:acme', [SUE, TOM])).members, told)
    assert.deepEqual(sorted(await scan(storage, 'cool:acme', 9)), [{ member: TOM, until, reason: 'later' }])
  },

  'S-230': async (store) => {
    const { storage } = store
    const worker = store.worker()
    await job(store)
    const [one, two] = (await worker.dial(2)) as [string, string]
    const enlist = [{ list: 'stop:acme', member: SUE }]
    const note = (part: object) => ({ kind: 'note', ref: one, id: 'n', data: '', ...part }) as const
    await worker.report(closed(one), note({}), { kind: 'note', ref: two, id: 'n', data: '', memo: 'heard' })
    const stale = await worker.report(closed(one, { enlist }), note({ enlist }), note({ id: 'o', memo: 'm', enlist }))
    assert.deepEqual(stale, ['stale', 'stale', 'stale'])
    assert.deepEqual(await worker.report(closed(two, { enlist })), ['stale'])
    assert.deepEqual(await storage.getList('stop:acme', [SUE]), { size: 0, members: [undefined] })
  },
}
