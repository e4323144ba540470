import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SimulatedInventoryOptions, simulatedCarrier } from '../../../simulation/src/index.js'
import type { Engine } from '../../src/index.js'
import { all, changes, phones, type World, world } from './support/bench.js'

let here: World
let engine: Engine
const numbers = phones(5)

beforeEach(() => {
  here = world({ numbers: { acme: numbers } })
  engine = here.engine()
})
afterEach(async () => {
  await engine.stop()
  expect(here.clock.timers()).toEqual([])
})

const common = { organization: 'acme', type: 'phonenumber', start: 'now' } as const

/** Has the engine work on an inventory of so many numbers that is slow. */
function workAt(count: number, options: SimulatedInventoryOptions): World {
  const slow = world({ numbers: { acme: phones(count) }, ...options })
  engine = slow.engine()
  return slow
}

/** A job that sets a field of each of these numbers. */
function tagging(
  entries: string[],
  more: { data?: Readonly<Record<string, unknown>>; cps?: number; concurrency?: number; expires?: number } = {},
) {
  return engine.operations.create({ ...common, name: 'Tag', method: 'update', entries, data: { a: 1 }, ...more })
}

describe('pace', () => {
  test('one operation follows the other, also beside a carrier that has nothing to do', async () => {
    const slow = world({ numbers: { acme: numbers }, latency: [1000, 1000], lookupLatency: [0, 0], concurrency: 1 })
    engine = slow.engine({ carriers: { sim: simulatedCarrier({ clock: slow.clock }) } })
    const update = { ...common, name: 'Tag', method: 'update', entries: numbers, data: { a: 1 } } as const
    const job = await engine.operations.create(update)
    await engine.start()
    const begun = slow.clock.now()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 5 } })
    expect(slow.clock.now() - begun).toBe(5000)
  })
})

describe('control', () => {
  test('pause stops, resume goes on, and nothing is done twice', async () => {
    const slow = workAt(40, { latency: [400, 600], concurrency: 2 })
    const job = await tagging(phones(40))
    await engine.start()
    await slow.wait(3000)
    await job.pause()
    await slow.wait(2000)
    const paused = await job.snapshot()
    expect(paused).toMatchObject({ state: 'paused', tasks: { active: 0, unknown: 0 } })
    expect(paused.tasks.succeeded).toBeGreaterThan(3)
    expect(paused.tasks.waiting).toBeGreaterThan(20)
    await slow.wait(60_000)
    expect((await job.snapshot()).tasks).toEqual(paused.tasks)
    await job.resume()
    expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: 40 } })
    expect(changes(slow.inventory)).toEqual({ updated: 40 })
    expect(slow.inventory.mostOpen).toBe(2)
  })

  test('cancel ends what waits, and what is under way ends by itself', async () => {
    const slow = workAt(40, { latency: [400, 600], concurrency: 3 })
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: phones(40) })
    await engine.start()
    await slow.wait(3000)
    expect(await job.cancel({ reason: 'mistake' })).toMatchObject({ state: 'canceling', reason: 'mistake' })
    const { tasks, reasons, state } = await job.finished()
    expect(state).toBe('canceled')
    expect(tasks.succeeded + tasks.canceled).toBe(40)
    expect(reasons['canceled/mistake']).toBe(tasks.canceled)
    expect(changes(slow.inventory)).toEqual({ deleted: tasks.succeeded })
    await expect(job.cancel()).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  test('one item can be canceled while it waits', async () => {
    const job = await engine.operations.create({
      ...common,
      start: 'draft',
      name: 'Drop',
      method: 'delete',
      entries: numbers,
    })
    expect(await job.cancelItem(3, 'kept')).toMatchObject({ index: 3, state: 'canceled', reason: 'kept' })
    await expect(job.cancelItem(3)).rejects.toMatchObject({ code: 'task_ended' })
    await expect(job.cancelItem(9)).rejects.toMatchObject({ code: 'task_not_found' })
    await job.start()
    await engine.start()
    await job.finished()
    expect(here.inventory.numbers('acme').map(({ fields }) => fields.phonenumber)).toEqual([numbers[3]])
    expect((await all(job.items({ states: ['canceled'] }))).map(({ index }) => index)).toEqual([3])
  })

  test.each([0.5, -1, 5, Number.NaN, 2 ** 53])(
    'there is no item %d between, before or after the others',
    async (which) => {
      const job = await engine.operations.create({
        ...common,
        start: 'draft',
        name: 'Drop',
        method: 'delete',
        entries: numbers,
      })
      for (const ask of ['item', 'cancelItem', 'redactItem'] as const) {
        await expect(job[ask](which)).rejects.toMatchObject({ code: 'task_not_found' })
      }
      await job.start()
      await engine.start()
      expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { total: 5, succeeded: 5, canceled: 0 } })
    },
  )

  test('expiry ends what waits', async () => {
    const slow = workAt(40, { latency: [400, 600], concurrency: 2 })
    const job = await tagging(phones(40), { expires: slow.clock.now() + 3000 })
    await engine.start()
    const { state, tasks } = await job.finished()
    expect(state).toBe('expired')
    expect(tasks.succeeded + tasks.expired).toBe(40)
    expect(tasks.succeeded).toBeGreaterThan(3)
    expect(tasks.succeeded).toBeLessThan(20)
  })

  test('concurrency and pace of the job hold', async () => {
    const slow = workAt(20, { latency: [100, 100] })
    const job = await tagging(phones(20), { cps: 2 })
    await engine.start()
    const started = slow.clock.now()
    await job.finished()
    expect(slow.clock.now() - started).toBeGreaterThanOrEqual(9500)
    expect(slow.inventory.mostOpen).toBe(1)
    const wide = await tagging(phones(20), { data: { a: 2 }, concurrency: 4 })
    await wide.finished()
    expect(slow.inventory.mostOpen).toBe(4)
  })

  test('a back end is asked for as much at once as it takes, by all jobs and workers together', async () => {
    const slow = workAt(60, { latency: [300, 900], concurrency: 3 })
    const workers = [slow.engine(), slow.engine()]
    const jobs = [0, 20, 40].map((from) => tagging(phones(60).slice(from, from + 20)))
    for (const worker of [engine, ...workers]) await worker.start()
    for (const job of await Promise.all(jobs)) expect(await job.finished()).toMatchObject({ tasks: { succeeded: 20 } })
    expect(slow.inventory.mostOpen).toBe(3)
    for (const worker of workers) await worker.stop()
  })

  test('the host may say otherwise', async () => {
    const slow = world({ numbers: { acme: phones(20) }, latency: [300, 900], concurrency: 8 })
    engine = slow.engine({ limits: { routes: { 'resources:phonenumber': { concurrency: 2 } } } })
    const job = await tagging(phones(20))
    await engine.start()
    await job.finished()
    expect(slow.inventory.mostOpen).toBe(2)
  })

  test('stop waits for what is under way', async () => {
    const slow = workAt(10, { latency: [5000, 5000], lookupLatency: [0, 0], concurrency: 4 })
    const job = await tagging(phones(10))
    await engine.start()
    await slow.wait(1000)
    expect(slow.inventory.open).toBe(4)
    expect(await engine.stop()).toEqual({ live: 0 })
    expect(slow.inventory.open).toBe(0)
    expect(changes(slow.inventory)).toEqual({ updated: 4 })
    const { counts } = (await slow.storage.getJob(job.id)) ?? {}
    expect(counts).toMatchObject({ succeeded: 4, active: 0, unknown: 0, claimed: 0 })
    engine = slow.engine()
    await engine.start()
    expect(await (await engine.operations.get(job.id))?.finished()).toMatchObject({ tasks: { succeeded: 10 } })
    expect(changes(slow.inventory)).toEqual({ updated: 10 })
  })

  test('an engine that does not dial the route leaves its jobs alone', async () => {
    engine = here.engine({ dial: [] })
    const job = await engine.operations.create({ ...common, name: 'Drop', method: 'delete', entries: numbers })
    await engine.start()
    await here.wait(60_000)
    expect(await job.snapshot()).toMatchObject({ state: 'queued', tasks: { waiting: 5 } })
    const worker = here.engine({ dial: ['resources:phonenumber'] })
    await worker.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 5 } })
    await worker.stop()
  })
})
