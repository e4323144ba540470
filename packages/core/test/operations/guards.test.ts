import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contactReader } from '../../../contacts/src/index.js'
import { simulatedCarrier } from '../../../simulation/src/index.js'
import { type Engine, type EngineOptions, isOutdialError } from '../../src/index.js'
import { all, changes, heard, phones, type World, world } from './support/bench.js'

let here: World
let engine: Engine
const numbers = phones(5)
const [first = '', second = '', third = ''] = numbers
const common = { organization: 'acme', type: 'phonenumber', start: 'now' } as const

function worker(options: Partial<EngineOptions> = {}): Engine {
  const carriers = { sim: simulatedCarrier({ clock: here.clock }) }
  return here.engine({ carriers, contacts: contactReader(), ...options })
}

beforeEach(() => {
  here = world({ numbers: { acme: numbers } })
  engine = worker()
})
afterEach(async () => {
  await engine.stop()
  expect(here.clock.timers()).toEqual([])
})

const refusal = (error: unknown) =>
  isOutdialError(error) ? { code: error.code, expected: error.details.expected, found: error.details.found } : error

/** A campaign that has not begun, and calls from these numbers. */
function campaign(from: string[], organization = 'acme') {
  const contacts = [{ phone: '+12025550177' }]
  return engine.calls.create({ name: 'Spring', organization, carrier: 'sim', from, contacts, start: 'draft' })
}

describe('the expected count', () => {
  test('another number of items creates nothing', async () => {
    const drop = { ...common, name: 'Drop', method: 'delete', idempotencyKey: 'k', fingerprint: 'f' } as const
    const unexpected = { code: 'unexpected_count', expected: 4, found: 5 }
    expect(await engine.operations.create({ ...drop, entries: numbers, expect: 4 }).catch(refusal)).toEqual(unexpected)
    const found = async () => numbers
    expect(await engine.operations.create({ ...drop, entries: found, expect: 4 }).catch(refusal)).toEqual(unexpected)
    expect((await engine.operations.list()).items).toEqual([])
    // The key is free: nothing was made under it.
    const job = await engine.operations.create({ ...drop, entries: found, expect: 5 })
    expect(job).toMatchObject({ replayed: false, intake: { accepted: 5 } })
    await job.cancel()
  })

  test('what was reviewed is what is approved', async () => {
    const drop = { ...common, name: 'Drop', method: 'delete', entries: numbers, review: true } as const
    const job = await engine.operations.create(drop)
    const { total } = await job.planSummary()
    await job.cancelItem(2)
    const before = await job.snapshot()
    expect(await job.approve({ expect: total }).catch(refusal)).toEqual({
      ...{ code: 'unexpected_count', expected: 5, found: 4 },
    })
    expect(await job.snapshot()).toEqual(before)
    expect(await job.approve({ expect: 4 })).toMatchObject({ state: 'queued' })
    const draft = await engine.operations.create({ ...drop, review: false, start: 'draft' })
    expect(await draft.start({ expect: 4 }).catch(refusal)).toMatchObject({ code: 'unexpected_count', found: 5 })
    expect(await draft.start({ expect: 5 })).toMatchObject({ state: 'queued' })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 4, canceled: 1 } })
    await draft.finished()
  })
})

describe('how it was before', () => {
  test('is kept with what is changed and deleted, without secrets', async () => {
    here.inventory.add('acme', { phonenumber: '+12025550190', voice: 'old', external_pin: '1234' })
    const told = heard(engine, 'operation.ended')
    const job = await engine.operations.create({
      ...common,
      ...{ name: 'Voice', method: 'update', entries: ['+12025550190', '+12025550191'] },
      data: { voice: 'new', external_pin: '8675309' },
      secrets: ['external_pin'],
    })
    await engine.start()
    await job.finished()
    const [changed, missing] = await all(job.items())
    const before = { fields: { phonenumber: '+12025550190', voice: 'old', external_pin: '[redacted]' } }
    expect(changed).toMatchObject({ state: 'succeeded', before, resource: { fields: { voice: 'new' } } })
    expect(changed?.operations).toMatchObject([{ status: 'done', before }])
    expect(told[0]?.operation.before).toEqual(changed?.before)
    // There was nothing to keep.
    expect(missing).toMatchObject({ state: 'failed', errors: [{ code: 'not_found' }] })
    expect(missing).not.toHaveProperty('before')
    expect((await all(job.results())).join('')).not.toMatch(/1234|8675309/)
    const drop = { ...common, name: 'Drop', method: 'delete', entries: ['+12025550190'] } as const
    const dropped = await engine.operations.create(drop)
    await dropped.finished()
    expect(await dropped.item(0)).toMatchObject({ state: 'succeeded', before: { fields: { voice: 'new' } } })
  })

  test('is not asked for where it is not wanted', async () => {
    const job = await engine.operations.create({
      ...common,
      ...{ name: 'Voice', method: 'update', entries: numbers, data: { voice: 'new' }, keepBefore: false },
    })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 5 } })
    expect(here.inventory.ledger.counts()).toEqual({ updated: 5 })
    expect(await job.item(0)).not.toHaveProperty('before')
  })

  test.each([
    ['after the search', 500],
    ['after the request was written', 1500],
  ])('survives a crash %s', async (_, after) => {
    here = world({ numbers: { acme: numbers }, latency: [1000, 1000], lookupLatency: [1000, 1000] })
    const dying = worker()
    // The request arrives, and its answer is nobody's any more.
    const job = await dying.operations.create({
      ...common,
      ...{ name: 'Voice', method: 'update', entries: [first], data: { voice: 'new' } },
    })
    await dying.start()
    await here.wait(after)
    await dying.abandon()
    engine = worker()
    await engine.start()
    const again = await engine.operations.get(job.id)
    expect(await again?.finished()).toMatchObject({ tasks: { succeeded: 1 } })
    const item = await again?.item(0)
    expect(item?.before?.fields).toMatchObject({ phonenumber: first })
    expect(item?.before?.fields).not.toHaveProperty('voice')
  })

  test('what cannot be read now is not changed blindly', async () => {
    here.inventory.setFaults({ findFails: ({ time }) => time <= 3 })
    const job = await engine.operations.create({
      ...common,
      ...{ name: 'Voice', method: 'update', entries: [first], data: { voice: 'new' }, attempts: 1 },
    })
    const told = heard(engine, 'carrier.failed')
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 1 } })
    expect(told).toHaveLength(3)
    expect((await job.item(0)).operations.map(({ status }) => status)).toEqual([
      ...Array(3).fill('unavailable'),
      'done',
    ])
    expect(changes(here.inventory)).toEqual({ notAsked: 3, updated: 1 })
  })

  test('what is not JSON fails by name instead of being lost', async () => {
    here.inventory.add('acme', { phonenumber: '+12025550190', odd: 1n as never })
    const drop = { ...common, name: 'Drop', method: 'delete', entries: ['+12025550190'] } as const
    const job = await engine.operations.create(drop)
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { failed: 1 } })
    expect(await job.item(0)).toMatchObject({ errors: [{ code: 'before_unreadable' }] })
    expect(changes(here.inventory)).toEqual({})
  })
})

describe('a number in use', () => {
  const drop = { ...common, name: 'Drop', method: 'delete', entries: [first, second, third] } as const

  test('is planned and refused by name, and deleted when its campaign has ended', async () => {
    const spring = await campaign([first, second])
    const job = await engine.operations.create({ ...drop, review: true })
    expect(await job.planSummary()).toMatchObject({ total: 3, changing: 1, inUse: 2, missing: 0, errors: 0 })
    expect((await all(job.plan())).map(({ inUse }) => inUse)).toEqual([
      { campaigns: [spring.id], others: false },
      { campaigns: [spring.id], others: false },
      undefined,
    ])
    await job.approve({ expect: 3 })
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { failed: 2, succeeded: 1 } })
    expect(await job.item(0)).toMatchObject({
      state: 'failed',
      reason: 'rejected',
      errors: [{ code: 'number_in_use', pointer: '/phonenumber', detail: expect.stringContaining(spring.id) }],
    })
    expect(here.inventory.numbers('acme')).toHaveLength(4)
    await spring.cancel()
    const again = await engine.operations.create({
      ...drop,
      field: 'id',
      entries: [(await job.item(1)).before?.id ?? ''],
    })
    expect(await again.finished()).toMatchObject({ tasks: { succeeded: 1 } })
  })

  test.each([
    ['by default, with numbers', undefined, 'failed'],
    ['not where campaigns cannot call from them', false, 'succeeded'],
  ])('is looked for %s', async (_, phone, state) => {
    await campaign([first])
    const { phone: __, ...capabilities } = here.inventory.capabilities
    const told = { ...here.inventory, capabilities: { ...capabilities, ...(phone === false && { phone }) } }
    await engine.stop()
    engine = worker({ resources: [told] })
    const job = await engine.operations.create({ ...drop, entries: [first] })
    await engine.start()
    await job.finished()
    expect(await job.item(0)).toMatchObject({ state })
  })

  test('is deleted for who says so', async () => {
    await campaign([first])
    const job = await engine.operations.create({ ...drop, review: true, allowInUse: true })
    expect(await job.planSummary()).toMatchObject({ changing: 3, inUse: 0 })
    expect((await all(job.plan()))[0]?.inUse?.campaigns).toHaveLength(1)
    await job.approve()
    await engine.start()
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 3 } })
  })

  test('counts for everybody unless caller ids are not shared, and tells nobody who the others are', async () => {
    const theirs = await campaign([first], 'globex')
    const job = await engine.operations.create({ ...drop, entries: [first] })
    await engine.start()
    await job.finished()
    const { errors = [] } = await job.item(0)
    expect(errors[0]?.detail).toContain('another organization')
    expect(JSON.stringify(errors)).not.toContain(theirs.id)
    await engine.stop()
    engine = worker({ callerIds: 'own' })
    await engine.start()
    const own = await engine.operations.create({ ...drop, entries: [first] })
    expect(await own.finished()).toMatchObject({ tasks: { succeeded: 1 } })
  })

  test('is looked for right before: a campaign that came after the approval counts', async () => {
    here = world({ numbers: { acme: numbers }, latency: [2000, 2000], concurrency: 1 })
    engine = worker()
    const job = await engine.operations.create({ ...drop, keepBefore: false })
    await engine.start()
    await here.wait(1000)
    await campaign([third])
    expect(await job.finished()).toMatchObject({ tasks: { succeeded: 2, failed: 1 } })
    expect(await job.item(2)).toMatchObject({ errors: [{ code: 'number_in_use' }] })
  })
})

test.each([
  ['allowInUse', { method: 'update', entries: numbers, data: { a: 1 }, allowInUse: true }],
  ['allowInUse', { method: 'create', data: [{}], allowInUse: true }],
  ['keepBefore', { method: 'create', data: [{}], keepBefore: true }],
  ['expect', { method: 'create', data: [{}], expect: 1.5 }],
])('%s is refused where it means nothing', async (field, options) => {
  const wrong = { ...common, name: 'Wrong', ...options } as never
  await expect(engine.operations.create(wrong)).rejects.toMatchObject({ code: 'invalid_options', details: { field } })
})
