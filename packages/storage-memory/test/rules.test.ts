import type { Counts } from '@outdial/core'
import { describe, expect, it } from 'vitest'
import { paused, queued, running, scheduled, stopped } from './support/phases.js'
import { addTasks, filledJob, newJob, openStore } from './support/store.js'
import { answered, fenceOf, Worker } from './support/worker.js'

/*
 * Single rules that the model test found broken, or that need more of a story than chance tells. What is true whatever
 * happens is in model/.
 */

const code = (code: string) => expect.objectContaining({ code })

describe('timers', () => {
  it('should start a job whose time came before its tasks, with its first batch', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    const timers = {
      start: { at: clock.now() + 1000, phase: queued },
      expiry: { at: clock.now() + 9000, ...stopped('expired') },
    }
    await storage.createJob(newJob({ id: 'a', phase: scheduled, timers }))
    await clock.advance(2000)
    await worker.exchange({})
    await addTasks(storage, 'a', 2)

    expect((await worker.claim(1)).tasks).toHaveLength(1)
    await clock.advance(7000)
    await worker.exchange({})
    expect((await storage.getJob('a'))?.counts).toMatchObject({ expired: 1, claimed: 1 })
  })

  it('should have no say any more in a job that was stopped', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    const timers = {
      start: { at: clock.now() + 1000, phase: queued },
      expiry: { at: clock.now() + 2000, ...stopped('expired') },
    }
    await filledJob(storage, { id: 'a', phase: queued }, 3)
    await worker.dial(1)
    await storage.control('a', { ...stopped('canceled'), timers })
    await storage.control('a', { timers })
    await clock.advance(3000)

    expect((await worker.claim(10)).tasks).toEqual([])
    const job = await storage.getJob('a')
    expect(job?.phase).toMatchObject({ state: 'canceling', onDrained: { state: 'canceled' } })
    expect(job?.reasons).toEqual({ 'canceled/user': 2 })
  })

  it('should come due in a job that nobody looks at, also after a restart of the wall clock', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a', timers: { expiry: { at: clock.now() + 60_000, ...stopped('expired') } } }, 1)
    await clock.advance(60_000)
    await worker.exchange({})

    expect((await storage.getJob('a'))?.phase.state).toBe('expired')
  })
})

describe('sweep', () => {
  it('should let nothing be claimed, also when the phase goes on to say so', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 3)
    const [ref] = await worker.dial(1)
    await storage.control('a', { sweep: { terminal: 'failed', reason: 'swept' }, phase: running })
    await storage.control('a', { lanes: [{ lane: 0, name: '', priority: 0, open: null }], phase: running })

    expect((await worker.claim(10)).tasks).toEqual([])
    await worker.end(ref as string)
    expect((await storage.getJob('a'))?.phase.state).toBe('completed')
  })

  it('should not wait for a batch that is being added and never will be', async () => {
    const { storage } = await openStore()
    await filledJob(storage, { id: 'a' }, 3)
    await storage.openBatch('a', 'b2', 'b2')
    await storage.stage('a', 'b2', {
      seq: 0,
      lane: { lane: 0, name: '', priority: 0, open: null },
      tasks: [{ payload: 'x' }],
    })

    expect((await storage.control('a', stopped('canceled'))).phase.state).toBe('canceled')
    await expect(storage.seal('a', 'b2', 1, '')).rejects.toThrow(code('batch_discarded'))
    expect((await storage.recount('a')).counts).toMatchObject({ total: 3, canceled: 3 })
  })

  it('should end what it finds claimed when it comes back, and leave a late call found for it to be ended by its call', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 3)
    const { tasks } = await worker.claim(2)
    await storage.control('a', stopped('canceled'))
    const [first, second] = tasks.map(({ claim }) => claim) as [string, string]

    const { reports, fences } = await worker.exchange({
      reports: [
        { kind: 'return', claim: first, next: { waitUntil: 0 } },
        { kind: 'adopt', ref: 'a:1:1:orphan', rank: 2, memo: '', checkAt: 0 },
        { kind: 'adopt', ref: 'a:2:1:orphan', rank: 2, memo: '', checkAt: 0 },
      ],
      fences: [fenceOf(second)],
    })

    expect(reports).toEqual(['applied', 'applied', 'stale'])
    expect(fences).toEqual([{ status: 'gone' }])
    expect((await storage.getJob('a'))?.counts).toMatchObject({ canceled: 2, unknown: 1 } satisfies Partial<Counts>)
    await worker.end('a:1:1:orphan')
    expect((await storage.getJob('a'))?.phase.state).toBe('canceled')
  })
})

describe('a claim', () => {
  it('should end with its own lease, not with that of the claim before it', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 1)
    const first = (await worker.claim(1, { leaseMs: 1000 })).tasks[0]?.claim ?? ''
    await worker.report({ kind: 'return', claim: first, next: { waitUntil: 0 } })
    const second = (await worker.claim(1, { leaseMs: 5000 })).tasks[0]?.claim ?? ''
    await clock.advance(1000)

    expect(await worker.fence(first)).toEqual({ status: 'gone' })
    expect((await worker.report({ kind: 'return', claim: first, next: { waitUntil: 0 } })).reports).toEqual(['stale'])
    expect(await worker.fence(second)).toMatchObject({ status: 'fenced', attempt: 1 })
  })

  it('should give its slots up when a call turns up for its task', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await storage.setLimits([{ key: 'slots:acme', revision: 1, slots: 2 }])
    await filledJob(storage, { id: 'a' }, 3)
    const { tasks } = await worker.claim(1)
    const ref = 'a:0:4:orphan'
    const adopt = { kind: 'adopt', ref, rank: 2, memo: 'm', checkAt: 0 } as const
    expect((await worker.report(adopt, adopt, { ...adopt, ref: 'a:0:3:older' })).reports).toEqual([
      'applied',
      'stale',
      'stale',
    ])
    expect(await worker.fence(tasks[0]?.claim ?? '')).toEqual({ status: 'gone' })

    expect((await worker.claim(5)).tasks).toHaveLength(1)
    await worker.report({ kind: 'close', ref, placed: true, outcome: 'busy', result: '', next: { waitUntil: 0 } })
    const again = await worker.claim(5)
    expect(again.tasks).toMatchObject([{ index: 0, attempts: 4 }])
    expect((await worker.report({ ...adopt, ref: 'a:0:4:late' })).reports).toEqual(['stale'])
  })
})

describe('the end of a job', () => {
  it('should wait for every call, also for one of which nobody knows anything', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 2)
    const [first, second] = (await worker.dial(2)) as [string, string]
    await worker.report({ kind: 'doubt', ref: first, checkAt: 0 })
    await worker.end(second)
    expect((await storage.getJob('a'))?.phase.state).toBe('running')

    await worker.end(first)
    expect(await storage.getJob('a')).toMatchObject({ phase: { state: 'completed' }, endedAt: expect.any(Number) })
  })

  it('should wait for a batch that is being added, until it is sealed or given up', async () => {
    for (const how of ['seal', 'discard'] as const) {
      const { storage } = await openStore()
      const worker = new Worker(storage, 'w')
      await filledJob(storage, { id: 'a' }, 1)
      const [ref] = await worker.dial(1)
      await storage.openBatch('a', 'b2', 'b2')
      await worker.end(ref as string)
      expect((await storage.getJob('a'))?.phase.state).toBe('running')

      if (how === 'seal') await storage.seal('a', 'b2', 0, '')
      else await storage.discard('a', 'b2')
      expect((await storage.getJob('a'))?.phase.state).toBe('completed')
    }
  })

  it('should come with an empty batch, and with the last task that is ended by hand', async () => {
    const { storage } = await openStore()
    await filledJob(storage, { id: 'a' }, 0)
    await filledJob(storage, { id: 'b' }, 1)
    await storage.control('b', { task: { index: 0, next: { terminal: 'skipped', reason: 'user' } } })

    expect((await storage.getJob('a'))?.phase.state).toBe('completed')
    expect((await storage.getJob('b'))?.phase.state).toBe('completed')
  })
})

describe('control', () => {
  it('should answer a change that is repeated, whatever happened since, and not the change of somebody else', async () => {
    const { storage } = await openStore()
    await filledJob(storage, { id: 'a' }, 1)
    const { revision = 0 } = (await storage.getJob('a')) ?? {}
    const first = await storage.control('a', { phase: paused }, revision)

    expect(await storage.control('a', { phase: paused }, revision)).toEqual(first)
    await expect(storage.control('a', { phase: running }, revision)).rejects.toThrow(code('revision_conflict'))
    await storage.control('a', { task: { index: 0, next: { waitUntil: 0 } } }, first.revision)
    await expect(storage.control('a', { phase: paused }, revision)).rejects.toThrow(code('revision_conflict'))
  })

  it('should take the same change again when something has happened in between', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a', phase: running }, 1)
    const put = () => storage.control('a', { task: { index: 0, next: { waitUntil: 0, memo: 'm' } } })
    await put()
    const { lastEvent } = await put()
    const { tasks } = await worker.claim(1)
    await worker.report({ kind: 'return', claim: tasks[0]?.claim ?? '', next: { waitUntil: 9e12 } })

    expect((await put()).lastEvent).toBeGreaterThan(lastEvent + 2)
    expect((await worker.claim(1)).tasks).toHaveLength(1)
  })

  it('should write down every change, also one that leaves the state as it is', async () => {
    const { storage } = await openStore()
    await filledJob(storage, { id: 'a', phase: scheduled }, 1)
    const { lastEvent, revision } = await storage.control('a', { phase: scheduled, spec: 'another' })

    const page = await storage.events('a', lastEvent - 1, 10)
    expect(page).toMatchObject({ status: 'ok', events: [{ data: { type: 'changed', revision } }] })
  })
})

describe('pace', () => {
  it.each([
    { from: 10, to: 1, waits: [0, 1000, 1000] },
    { from: 1, to: 10, waits: [0, 100, 100] },
    { from: 0.01, to: 100, waits: [0, 10, 10] },
  ])('should owe as many starts after it went from $from to $to a second', async ({ from, to, waits }) => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 50)
    await storage.setLimits([{ key: 'rate:r1', revision: 1, rate: from, burst: 3 }])
    await worker.dial(3)
    await storage.setLimits([{ key: 'rate:r1', revision: 2, rate: to, burst: 3 }])
    const { tasks } = await worker.claim(10, { leaseMs: 100_000 })

    const starts: number[] = []
    const before = clock.now()
    for (const { claim } of tasks.slice(0, 2)) {
      let fenced = await worker.fence(claim)
      while (fenced.status === 'refused') {
        await clock.advance(fenced.retryAt - clock.now())
        fenced = await worker.fence(claim)
      }
      if (fenced.status === 'fenced') starts.push(Math.round(fenced.startAt - before))
    }
    let at = 0
    expect(starts).toEqual(waits.slice(1, 1 + starts.length).map((wait) => (at += wait)))
    expect(starts.length).toBeGreaterThan(0)
  })
})

describe('fence', () => {
  it('should count the same key twice, if it is given twice', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 2)
    await storage.setLimits([
      { key: 'cap', revision: 1, cap: 1, windowMs: 1000 },
      { key: 'budget', revision: 1, money: 5 },
    ])
    const { tasks } = await worker.claim(2)
    const [claim] = tasks.map((task) => task.claim) as [string]
    const cap = { key: 'cap:1', limit: 'cap', n: 1 }
    const money = { key: 'budget', n: 3 }

    expect(await worker.fence(claim, { all: [cap, cap] })).toMatchObject({ status: 'refused', reasons: ['cap'] })
    expect(await worker.fence(claim, { all: [money], anyOf: [[money]] })).toMatchObject({
      status: 'refused',
      reasons: ['budget'],
    })
    expect(await worker.fence(claim, { all: [cap, money] })).toMatchObject({ status: 'fenced' })
  })
})

describe('reading', () => {
  it('should hand out the oldest of all routes first', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    const expected: string[] = []
    for (const [i, route] of ['r2', 'r1', 'r2', 'r1'].entries()) {
      await filledJob(storage, { id: `j${i}`, route }, 1)
      expected.push(...(await worker.dial(1, route)))
      await clock.advance(10)
    }
    await clock.advance(100_000)
    const look = async () =>
      (await storage.overdue({ routes: ['r1', 'r2'], max: 3, snooze: 1000 })).map(({ ref }) => ref)

    expect(await look()).toEqual(expected.slice(0, 3))
    expect(await look()).toEqual(expected.slice(3))
    expect(await look()).toEqual([])
    expect(await storage.overdue({ routes: [], max: 3, snooze: 1000 })).toEqual([])
  })

  it('should lose no job between two pages when another is removed', async () => {
    const { storage } = await openStore()
    const worker = new Worker(storage, 'w')
    for (const id of ['a', 'b', 'c', 'd']) await filledJob(storage, { id }, 1)
    for (const ref of await worker.dial(1)) await worker.report(answered(ref))
    const first = await storage.listJobs({ max: 2 })
    await storage.purge('a')
    const second = await storage.listJobs({ max: 2, ...(first.cursor !== undefined && { cursor: first.cursor }) })

    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('should say when the next task is due by the time of the question', async () => {
    const { storage, clock } = await openStore()
    const worker = new Worker(storage, 'w')
    await filledJob(storage, { id: 'a' }, 1)
    const { tasks, now } = await worker.claim(1)
    await worker.report({ kind: 'return', claim: tasks[0]?.claim ?? '', next: { waitUntil: now + 1000 } })

    expect((await storage.getJob('a'))?.nextDue).toBe(now + 1000)
    await clock.advance(1000)
    expect((await storage.getJob('a'))?.nextDue).toBeUndefined()
  })

  it('should say what was trimmed instead of leaving it out, with what to go on from', async () => {
    const { storage } = await openStore({ events: 10 })
    await filledJob(storage, { id: 'a' }, 1)
    for (let i = 0; i < 40; i++) await storage.control('a', { note: `note ${i}` })
    const job = await storage.getJob('a')
    const trimmed = await storage.events('a', 5, 100)

    expect(trimmed).toMatchObject({ status: 'trimmed', last: job?.lastEvent, job })
    if (trimmed.status !== 'trimmed') return
    expect(trimmed.oldest).toBe((job?.lastEvent ?? 0) - 9)
    const page = await storage.events('a', trimmed.oldest - 1, 100)
    expect(page).toMatchObject({ status: 'ok', last: job?.lastEvent })
    expect(page.status === 'ok' && page.events.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 10 }, (_, i) => trimmed.oldest + i),
    )
  })
})
