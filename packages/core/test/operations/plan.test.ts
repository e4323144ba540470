import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/index.js'
import { all, phones, type World, world } from './support/bench.js'

let here: World
let engine: Engine
const numbers = phones(3)
const common = { organization: 'acme', type: 'phonenumber', review: true, start: 'now' } as const

beforeEach(async () => {
  here = world({
    numbers: {
      acme: [
        { phonenumber: numbers[0], connection_id: 'old' },
        { phonenumber: numbers[1], connection_id: 'c1', tags: ['x'] },
      ],
    },
    latency: [10, 200],
    concurrency: 2,
  })
  engine = here.engine()
  await engine.start()
})
afterEach(async () => {
  await engine.stop()
  expect(here.clock.timers()).toEqual([])
})

describe('the plan', () => {
  test('of an update shows what would change, entry by entry', async () => {
    const data = { connection_id: 'c1', voice: { format: 'mp3', channels: 'dual' } }
    const job = await engine.operations.create({
      ...common,
      name: 'Move',
      method: 'update',
      entries: [...numbers, numbers[0] as string],
      data,
    })
    expect(await job.snapshot()).toMatchObject({ state: 'pending_review' })
    const [first, second] = here.inventory.numbers('acme')
    const voice = { to: data.voice }
    expect(await all(job.plan())).toEqual([
      {
        index: 0,
        entry: numbers[0],
        found: true,
        resource: first,
        changes: { connection_id: { from: 'old', to: 'c1' }, voice },
      },
      { index: 1, entry: numbers[1], found: true, resource: second, changes: { voice } },
      { index: 2, entry: numbers[2], found: false, changes: {} },
      {
        index: 3,
        entry: numbers[0],
        found: true,
        resource: first,
        changes: { connection_id: { from: 'old', to: 'c1' }, voice },
      },
    ])
    expect(await job.planSummary()).toEqual({
      ...{ total: 4, changing: 3, unchanged: 0, missing: 1, inUse: 0, errors: 0 },
      fields: { connection_id: 2, voice: 3 },
    })
    // Looking changes nothing.
    expect(here.inventory.ledger.counts()).toEqual({ found: 6, notFound: 2 })

    await job.approve()
    expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: 3, failed: 1 } })
    expect(await all(job.plan())).toEqual([])
  })

  test('of an update that is so already says that nothing changes', async () => {
    // Written with its keys in another order.
    here.inventory.add('acme', { phonenumber: numbers[2], voice: { channels: 'dual', format: 'mp3' } })
    const data = { voice: { format: 'mp3', channels: 'dual' } }
    const job = await engine.operations.create({
      ...common,
      name: 'Move',
      method: 'update',
      entries: [numbers[2] as string],
      data,
    })
    expect(await all(job.plan())).toMatchObject([{ found: true, changes: {} }])
    expect(await job.planSummary()).toMatchObject({ total: 1, unchanged: 1, fields: {} })
  })

  test('of a deletion shows what would be gone', async () => {
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: numbers })
    const [first, second] = here.inventory.numbers('acme')
    expect(await all(job.plan())).toEqual([
      { index: 0, entry: numbers[0], found: true, resource: first, changes: {} },
      { index: 1, entry: numbers[1], found: true, resource: second, changes: {} },
      { index: 2, entry: numbers[2], found: false, changes: {} },
    ])
    expect(await job.planSummary()).toMatchObject({ total: 3, changing: 2, missing: 1 })
    await job.cancel()
    expect(await job.finished()).toMatchObject({ state: 'canceled', tasks: { canceled: 3 } })
    expect(here.inventory.numbers('acme')).toHaveLength(2)
    expect(await all(job.plan())).toEqual([])
  })

  test('of a creation asks nobody', async () => {
    const job = await engine.operations.create({
      ...common,
      name: 'Buy',
      method: 'create',
      data: [{ tags: ['a'] }, {}],
    })
    expect(await all(job.plan())).toEqual([
      { index: 0, found: false, changes: { tags: { to: ['a'] } } },
      { index: 1, found: false, changes: {} },
    ])
    expect(await job.planSummary()).toEqual({
      total: 2,
      changing: 2,
      unchanged: 0,
      missing: 0,
      inUse: 0,
      errors: 0,
      fields: { tags: 1 },
    })
    expect(here.inventory.ledger.size).toBe(0)
  })

  test('says which entries could not be looked up, and goes on', async () => {
    here.inventory.setFaults({ findFails: ({ entry }) => entry === numbers[0] })
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: numbers })
    expect(await all(job.plan())).toMatchObject([
      { index: 0, found: false, error: { code: 'lookup_failed', detail: expect.stringContaining('simulated fault') } },
      { index: 1, found: true },
      { index: 2, found: false },
    ])
    expect(await job.planSummary()).toMatchObject({ total: 3, changing: 1, missing: 1, errors: 1 })
  })

  test('reads ahead as far as the back end allows, and no further', async () => {
    const many = phones(30)
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: many })
    const plan = job.plan()
    expect((await plan.next()).value).toMatchObject({ index: 0 })
    await here.wait(1000)
    expect(here.inventory.ledger.size).toBe(2)
    await plan.return()
    expect((await all(job.plan())).map(({ index }) => index)).toEqual(many.map((_, i) => i))
  })

  test('needs the back end', async () => {
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: numbers })
    const elsewhere = await here.engine({ resources: [] }).operations.get(job.id)
    await expect(elsewhere?.plan().next()).rejects.toMatchObject({ code: 'unknown_resource' })
    // Everything else works without.
    expect(await all(elsewhere?.items() ?? (async function* () {})())).toHaveLength(3)
    expect(await elsewhere?.cancel()).toMatchObject({ state: 'canceled' })
  })

  test('waits for review even when there is a time, and starts at it', async () => {
    const start = here.clock.now() + 3_600_000
    const job = await engine.operations.create({ ...common, start, name: 'Drop', method: 'delete', entries: numbers })
    expect(await job.approve()).toMatchObject({ state: 'scheduled', startAt: start })
    const { startedAt = 0 } = await job.finished()
    expect(startedAt).toBeGreaterThanOrEqual(start)
  })
})
