import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, NUMBERS } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
beforeAll(async () => {
  world = await World.open({ dialects: [native()] })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())

const JOBS = '/v1/operation-jobs'
const change = { name: 'Tags', type: 'phonenumber', method: 'update', data: { tag: 'north' }, entries: NUMBERS.acme }

it('shows what it would do, waits for approval, and does it', async () => {
  const made = await acme.post(JOBS, { ...change, review: true, entries: [...NUMBERS.acme, '+14155550199'] })
  const path = `${JOBS}/${made.body.id}`
  expect(made).toMatchObject({
    status: 201,
    body: { kind: 'operations', state: 'pending_review', intake: { accepted: 4 } },
  })
  expect(made.headers.get('location')).toBe(`${world.base}${path}`)
  const plan = (await world.meanwhile(acme.get(`${path}/plan`))).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(plan.map(({ found, changes }) => [found, changes.tag?.to])).toEqual([
    [true, 'north'],
    [true, 'north'],
    [true, 'north'],
    [false, undefined],
  ])
  expect((await world.meanwhile(acme.get(`${path}/plan/summary`))).body).toEqual({
    total: 4,
    changing: 3,
    unchanged: 0,
    missing: 1,
    inUse: 0,
    errors: 0,
    fields: { tag: 3 },
  })
  expect((await acme.post(`${path}/items/1/cancel`, { reason: 'not this one' })).body).toMatchObject({
    index: 1,
    state: 'canceled',
    reason: 'not this one',
  })
  const etag = (await acme.get(path)).headers.get('etag') as string
  await acme.post(`${path}/approve`, undefined, { 'if-match': etag })
  await world.advance(5000)
  const done = await acme.get(path)
  expect(done.body).toMatchObject({ state: 'completed', tasks: { succeeded: 2, failed: 1, canceled: 1 } })
  const items = await acme.get(`${path}/items?state=succeeded`)
  expect(items.body.items).toMatchObject([
    { index: 0, entry: NUMBERS.acme[0], resource: { fields: { tag: 'north' } } },
    { index: 2, entry: NUMBERS.acme[2] },
  ])
  expect((await acme.get(`${path}/items/3`)).body).toMatchObject({ state: 'failed', errors: [{}] })
  expect(await acme.get(`${path}/items/9`)).toMatchObject({ status: 404, body: { code: 'task_not_found' } })
  expect((await acme.get(`${path}/results`)).text.trim().split('\n')).toHaveLength(4)
  expect((await acme.get(`${path}/events`)).body.items.length).toBeGreaterThan(4)
  expect((await acme.get(`${JOBS}?state=completed`)).body.items).toHaveLength(1)
  expect((await acme.send('DELETE', path)).status).toBe(204)
  expect(await acme.get(path)).toMatchObject({ status: 404, body: { code: 'job_not_found' } })
})

it('creates and deletes, once for each key', async () => {
  const create = {
    name: 'Buy',
    type: 'phonenumber',
    method: 'create',
    data: [{ phonenumber: '+14155550188' }],
    start: 'now',
  }
  const key = { 'idempotency-key': 'buy-1' }
  const made = await acme.post(JOBS, create, key)
  const again = await acme.post(JOBS, create, key)
  expect(again.body.id).toBe(made.body.id)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await acme.post(JOBS, { ...create, name: 'Other' }, key)).toMatchObject({
    status: 409,
    body: { code: 'idempotency_conflict' },
  })
  await world.advance(5000)
  expect((await acme.get(`${JOBS}/${made.body.id}`)).body).toMatchObject({
    state: 'completed',
    tasks: { succeeded: 1 },
  })
  const remove = await acme.post(JOBS, {
    name: 'Sell',
    type: 'phonenumber',
    method: 'delete',
    entries: ['+14155550188'],
  })
  expect((await acme.post(`${JOBS}/${remove.body.id}/schedule`, { start: '2027-01-05T09:00:00Z' })).body).toMatchObject(
    {
      state: 'scheduled',
      startAt: '2027-01-05T09:00:00.000Z',
    },
  )
  expect((await acme.post(`${JOBS}/${remove.body.id}/start`)).body).toMatchObject({ options: { method: 'delete' } })
  await world.advance(5000)
  expect((await acme.get(`${JOBS}/${remove.body.id}`)).body).toMatchObject({
    state: 'completed',
    tasks: { succeeded: 1 },
  })
})

it('takes no other number than was expected, keeps what was there, and leaves numbers alone that are in use', async () => {
  const [used] = CALLER_IDS
  world.inventory.add('acme', used)
  const entries = [used, '+14155550160', '+14155550161']
  for (const number of entries.slice(1)) world.inventory.add('acme', number)
  const drop = { name: 'Drop', type: 'phonenumber', method: 'delete', review: true, entries }
  expect(await acme.post(JOBS, { ...drop, expect: 2 })).toMatchObject({
    status: 409,
    body: { code: 'unexpected_count', field: 'expect' },
  })
  const campaign = { name: 'Spring', from: used, contacts: [{ phone: '+12025550100' }] }
  const calling = await acme.post('/v1/call-jobs', campaign)
  expect(calling.status).toBe(201)
  const { body } = await acme.post(JOBS, { ...drop, expect: 3 })
  expect(body.options).toMatchObject({ keepBefore: true })
  const path = `${JOBS}/${body.id}`
  const summary = await world.meanwhile(acme.get(`${path}/plan/summary`))
  expect(summary.body).toMatchObject({ total: 3, changing: 2, inUse: 1 })
  expect(await acme.post(`${path}/approve`, { expect: 2 })).toMatchObject({
    status: 409,
    body: { code: 'unexpected_count' },
  })
  expect((await acme.post(`${path}/approve`, { expect: 3 })).status).toBe(200)
  await world.advance(10_000)
  const { items } = (await acme.get(`${path}/items`)).body
  expect(items).toMatchObject([
    { state: 'failed', errors: [{ code: 'number_in_use', pointer: '/phonenumber' }] },
    { state: 'succeeded', before: { fields: { phonenumber: entries[1] } } },
    { state: 'succeeded' },
  ])
  await acme.post(`/v1/call-jobs/${calling.body.id}/cancel`)
  const rest = { ...drop, review: false, start: 'now', entries: [used] }
  const last = await acme.post(JOBS, { ...rest, allowInUse: true, keepBefore: false })
  await world.advance(10_000)
  const [item] = (await acme.get(`${JOBS}/${last.body.id}/items`)).body.items
  expect(item.state).toBe('succeeded')
  expect(item).not.toHaveProperty('before')
})

it.each([
  [{ ...change, method: 'move' }, 'invalid_body', 'method'],
  [{ ...change, method: 'delete' }, 'invalid_body', 'data'],
  [{ ...change, entries: [] }, 'invalid_body', 'entries'],
])('refuses %j', async (body, code, field) => {
  expect(await acme.post(JOBS, body)).toMatchObject({ status: 422, body: { code, problems: [{ field }] } })
})

it.each([
  [{ ...change, type: 'trunk' }, 'unknown_resource', 'type'],
  [{ ...change, field: 'color' }, 'invalid_options', 'field'],
  [{ ...change, expires: '2020-01-01' }, 'invalid_schedule', 'expires'],
])('names what the engine refuses in %j', async (body, code, field) => {
  expect(await acme.post(JOBS, body)).toMatchObject({ status: 422, body: { code, field } })
})

it.each([
  [{ method: 'create' }, { data: [{ tag: 'a' }] }],
  [
    { method: 'update', data: { tag: 'a' }, keepBefore: false, field: 'phonenumber', weight: 3 },
    { entries: NUMBERS.acme },
  ],
  [
    { method: 'delete', keepBefore: true, allowInUse: true, concurrency: 2, cps: 0.5, attempts: 4 },
    { entries: NUMBERS.acme },
  ],
])('shows options that can be sent again: %j', async (given, items) => {
  const { body, text } = await acme.post(JOBS, { name: 'First', type: 'phonenumber', ...items, ...given })
  expect(body.options, text).toMatchObject({ weight: 1, ...given })
  const again = await acme.post(JOBS, { name: 'Again', ...items, ...body.options })
  expect(again.body.options, again.text).toEqual(body.options)
})
