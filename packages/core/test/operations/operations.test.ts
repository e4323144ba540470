import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../src/index.js'
import { all, changes, heard, phones, type World, world } from './support/bench.js'

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

describe('a job', () => {
  test('creates resources, one for each object, in order', async () => {
    const data = [{ customer_reference: 'a' }, { phonenumber: '+12025550100', tags: ['x'] }, {}]
    const job = await engine.operations.create({ ...common, name: 'Buy', method: 'create', data })
    expect(job.intake).toMatchObject({ read: 3, accepted: 3 })
    await engine.start()
    const done = await job.finished()
    expect(done).toMatchObject({ kind: 'operations', state: 'completed', tasks: { total: 3, succeeded: 3, open: 0 } })
    expect(done.reasons).toEqual({ 'succeeded/done': 3 })
    expect(done.byOutcome).toEqual({ done: 3 })
    const items = await all(job.items())
    expect(items.map(({ index, data, state }) => ({ index, data, state }))).toEqual(
      data.map((given, index) => ({ index, data: given, state: 'succeeded' })),
    )
    expect(items.map(({ resource }) => resource)).toEqual(here.inventory.numbers('acme').slice(5))
    expect(items[1]?.resource?.fields).toMatchObject({ phonenumber: '+12025550100', tags: ['x'] })
  })

  test('updates every entry with the same data', async () => {
    const job = await engine.operations.create({
      ...common,
      name: 'Tag',
      method: 'update',
      entries: numbers.slice(0, 3),
      data: { tags: ['spring'], connection_id: 'c1' },
    })
    await engine.start()
    expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: 3 } })
    const tagged = here.inventory.numbers('acme').filter(({ fields }) => fields.connection_id === 'c1')
    expect(tagged.map(({ fields }) => fields.phonenumber)).toEqual(numbers.slice(0, 3))
    expect(await job.item(2)).toMatchObject({ entry: numbers[2], state: 'succeeded', resource: tagged[2] })
  })

  test('deletes entries, found by any key', async () => {
    const ids = here.inventory.numbers('acme').map(({ id }) => id)
    const job = await engine.operations.create({
      ...common,
      name: 'Drop',
      method: 'delete',
      field: 'id',
      entries: [ids[1], ids[3], ids[1]] as string[],
    })
    await engine.start()
    // The second time it is gone already, which is what was wanted.
    expect(await job.finished()).toMatchObject({ tasks: { total: 3, succeeded: 3 } })
    expect(here.inventory.numbers('acme').map(({ id }) => id)).toEqual([ids[0], ids[2], ids[4]])
    expect(changes(here.inventory)).toEqual({ deleted: 2, absent: 1 })
  })

  test('fails items by themselves, with code and pointer', async () => {
    here.inventory.add('acme', { phonenumber: '+12025550199', deletion_lock_enabled: true })
    const job = await engine.operations.create({
      ...common,
      name: 'Drop',
      method: 'delete',
      entries: [numbers[0] as string, '+12025550199'],
    })
    const update = await engine.operations.create({
      ...common,
      name: 'Tag',
      method: 'update',
      entries: ['+12025550198', numbers[1] as string],
      data: { tags: 'spring' },
    })
    await engine.start()
    // Whatever comes of its items, the job has been done.
    expect(await job.finished()).toMatchObject({ state: 'completed', tasks: { succeeded: 1, failed: 1 } })
    expect(await job.item(1)).toMatchObject({
      state: 'failed',
      reason: 'rejected',
      errors: [{ code: 'deletion_locked', title: 'The number is locked.', pointer: '/deletion_lock_enabled' }],
    })
    expect(await update.finished()).toMatchObject({ tasks: { failed: 2 }, byOutcome: { failed: 2 } })
    expect((await all(update.items())).map(({ errors }) => errors?.[0])).toMatchObject([
      { code: 'not_found', pointer: '/phonenumber' },
      { code: 'invalid_value', pointer: '/tags' },
    ])
  })

  test('touches nothing of another organization', async () => {
    const job = await engine.operations.create({
      ...common,
      organization: 'other',
      name: 'Drop',
      method: 'delete',
      entries: numbers,
    })
    const update = await engine.operations.create({
      ...common,
      organization: 'other',
      name: 'Steal',
      method: 'update',
      entries: numbers,
      data: { customer_reference: 'mine' },
    })
    await engine.start()
    await job.finished()
    expect(await update.finished()).toMatchObject({ tasks: { failed: 5 } })
    expect(here.inventory.numbers('acme')).toHaveLength(5)
    expect(changes(here.inventory)).toEqual({ absent: 5, refused: 5 })
  })

  test('tells of its operations', async () => {
    const events = heard(engine, 'job.created', 'job.ended', 'operation.ended', 'operation.task.ended')
    here.inventory.setFaults({ fails: [{ when: ({ time }) => time === 2, code: 'x', title: 'No.' }] })
    const [entry = ''] = numbers
    const job = await engine.operations.create({
      ...common,
      name: 'Tag',
      method: 'update',
      entries: [entry, entry],
      data: { a: 1 },
      concurrency: 1,
    })
    const own: string[] = []
    job.on('operation.ended', ({ operation }) => own.push(operation.status))
    await engine.start()
    await job.finished()
    const task = { jobId: job.id, organization: 'acme', type: 'phonenumber', method: 'update', entry, data: { a: 1 } }
    expect(events).toEqual([
      { name: 'job.created', jobId: job.id, state: 'queued', accepted: 2 },
      {
        name: 'operation.ended',
        task: { ...task, index: 0 },
        operation: expect.objectContaining({ status: 'done', attempt: 1, resource: here.inventory.numbers('acme')[0] }),
      },
      { name: 'operation.task.ended', task: { ...task, index: 0 }, state: 'succeeded', reason: 'done' },
      { name: 'job.ended', jobId: job.id, state: 'completed' },
      {
        name: 'operation.ended',
        task: { ...task, index: 1 },
        operation: expect.objectContaining({ status: 'failed', errors: [{ code: 'x', title: 'No.' }] }),
      },
      { name: 'operation.task.ended', task: { ...task, index: 1 }, state: 'failed', reason: 'rejected' },
    ])
    expect(own).toEqual(['done', 'failed'])
  })

  test('exports its results', async () => {
    const job = await engine.operations.create({
      ...common,
      name: 'Drop',
      method: 'delete',
      entries: numbers.slice(0, 2),
    })
    await engine.start()
    await job.finished()
    const lines = (await all(job.results('jsonl'))).map((line) => JSON.parse(line) as unknown)
    expect(lines).toEqual(await all(job.items()))
    expect(lines).toMatchObject([
      { index: 0, state: 'succeeded', operations: [{ status: 'done', attempt: 1 }] },
      { index: 1 },
    ])
    await job.redactItem(0)
    const redacted = await job.item(0)
    expect(redacted).toMatchObject({ state: 'succeeded', redacted: true, operations: [] })
    expect(redacted.entry).toBeUndefined()
  })

  test('is found by its id and in the list', async () => {
    const first = await engine.operations.create({
      ...common,
      start: 'draft',
      name: 'One',
      method: 'delete',
      entries: numbers,
    })
    const second = await engine.operations.create({
      ...common,
      start: 'draft',
      name: 'Two',
      method: 'delete',
      entries: numbers,
    })
    await engine.operations.create({
      ...common,
      organization: 'other',
      start: 'draft',
      name: 'Three',
      method: 'delete',
      entries: numbers,
    })
    expect((await engine.operations.get(first.id))?.intake.accepted).toBe(5)
    expect(await engine.operations.get('job_none')).toBeUndefined()
    const page = await engine.operations.list({ organization: 'acme', max: 1 })
    expect(page.items.map(({ name }) => name)).toEqual(['One'])
    const { cursor = '' } = page
    expect((await engine.operations.list({ organization: 'acme', cursor })).items.map(({ id }) => id)).toEqual([
      second.id,
    ])
    expect((await engine.operations.list({ states: ['running'] })).items).toEqual([])
    expect((await first.itemPage({ max: 2 })).items.map(({ index }) => index)).toEqual([0, 1])
    await expect(first.item(9)).rejects.toMatchObject({ code: 'task_not_found' })
  })

  test('is created once per idempotency key', async () => {
    const options = {
      ...common,
      name: 'Buy',
      method: 'create',
      data: [{ tags: ['a'] }, {}],
      idempotencyKey: 'k',
    } as const
    const first = await engine.operations.create(options)
    await engine.start()
    await first.finished()
    const again = await engine.operations.create({ ...options, data: [{ tags: ['a'] }, {}] })
    expect(again).toMatchObject({ id: first.id, replayed: true, intake: { accepted: 2 } })
    expect(here.inventory.numbers('acme')).toHaveLength(7)
    const elsewhere = await engine.operations.create({ ...options, organization: 'other' })
    expect(elsewhere.replayed).toBe(false)
    await expect(engine.operations.create({ ...options, data: [{ tags: ['b'] }, {}] })).rejects.toMatchObject({
      code: 'idempotency_conflict',
      details: { field: 'idempotencyKey' },
    })
  })
})

test('a request that is repeated late is answered with the job that is there', async () => {
  const expires = here.clock.now() + 60_000
  const options = {
    ...common,
    start: 'draft',
    name: 'Drop',
    method: 'delete',
    entries: numbers,
    expires,
    idempotencyKey: 'k',
  } as const
  const { id } = await engine.operations.create(options)
  await here.wait(120_000)
  expect(await engine.operations.create(options)).toMatchObject({ id, replayed: true })
})
