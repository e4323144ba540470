import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine, OperationJobOptions } from '../../src/index.js'
import { all, heard, phones, type World, world } from './support/bench.js'

let here: World
let engine: Engine
const numbers = phones(3)
const [first, second] = numbers as [string, string]

beforeEach(() => {
  here = world({ numbers: { acme: numbers } })
  engine = here.engine()
})
afterEach(async () => {
  await engine.stop()
})

const update = {
  organization: 'acme',
  type: 'phonenumber',
  name: 'Tag',
  method: 'update',
  data: { tags: ['spring'] },
  start: 'now',
} as const

describe('entries with facts', () => {
  test('have them in items and events, from the first to the last', async () => {
    const job = await engine.operations.create({
      ...update,
      entries: [{ entry: first, facts: { given: 'id', shelf: { row: 7 } } }, second],
    })
    const facts = async () => (await all(job.items())).map((item) => item.facts)
    expect(await facts()).toEqual([{ given: 'id', shelf: { row: 7 } }, undefined])
    const ended = heard(engine, 'operation.task.ended')
    await engine.start()
    await job.finished()
    expect(await facts()).toEqual([{ given: 'id', shelf: { row: 7 } }, undefined])
    expect(ended.map(({ task }) => task.facts)).toEqual(expect.arrayContaining([{ given: 'id', shelf: { row: 7 } }]))
    expect(here.inventory.numbers('acme').every(({ fields }) => !('given' in fields))).toBe(true)
  })

  test.each([
    ['entries[0].entry', [{ facts: {} }]],
    ['entries[1].facts', [{ entry: first }, { entry: second, facts: [] }]],
    ['entries[0].note', [{ entry: first, note: 1 }]],
  ])('are checked: %s', async (field, entries) => {
    const options = { ...update, entries } as unknown as OperationJobOptions
    await expect(engine.operations.create(options)).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field },
    })
  })
})

describe('entries that are found when they are needed', () => {
  test('are found once for one idempotency key', async () => {
    let asked = 0
    const entries = async () => {
      asked++
      return [first, second]
    }
    const options = {
      ...update,
      method: 'delete',
      data: undefined,
      entries,
      idempotencyKey: 'k',
      fingerprint: 'f',
    } as const
    const job = await engine.operations.create(options)
    await engine.start()
    await job.finished()
    const again = await engine.operations.create({ ...options, entries: () => Promise.reject(new Error('gone')) })
    expect(again).toMatchObject({ id: job.id, replayed: true })
    expect(asked).toBe(1)
    expect((await again.snapshot()).tasks).toMatchObject({ total: 2, succeeded: 2 })
  })

  test('leave no job when they are not found', async () => {
    const options = { ...update, idempotencyKey: 'k', fingerprint: 'f' } as const
    const missing = new Error('there is no such number')
    await expect(engine.operations.create({ ...options, entries: () => Promise.reject(missing) })).rejects.toBe(missing)
    await expect(engine.operations.create({ ...options, entries: async () => [] })).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field: 'entries' },
    })
    expect(await here.storage.listJobs({ max: 10 })).toEqual({ items: [] })
    expect(await engine.operations.create({ ...options, entries: async () => [first] })).toMatchObject({
      replayed: false,
      intake: { accepted: 1 },
    })
  })

  test('need a fingerprint with a key', async () => {
    const options = { ...update, entries: async () => [first], idempotencyKey: 'k' } as const
    await expect(engine.operations.create(options)).rejects.toMatchObject({
      code: 'invalid_options',
      details: { field: 'fingerprint' },
    })
  })
})
