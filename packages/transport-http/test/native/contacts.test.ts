import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
beforeAll(async () => {
  world = await World.open({ dialects: [native()] })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())

/** One answers, one is busy twice and then answers. */
const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(3) }

it('shows every contact and every call, by page and by name', async () => {
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, start: 'now' })
  const path = `/v1/call-jobs/${body.id}`
  await world.advance(3000)
  const ringing = await acme.get(`${path}/calls`)
  expect(ringing.body.items).toHaveLength(3)
  expect(ringing.body.items[0]).toMatchObject({ state: 'live', to: '+12025550100', job: body.id, task: 0 })
  const { ref } = ringing.body.items[0]
  expect((await acme.get(`/v1/calls/${ref}`)).body).toEqual(ringing.body.items[0])
  await world.advance(60_000)

  const first = await acme.get(`${path}/tasks?limit=2`)
  expect(first.body.items.map(({ index }: { index: number }) => index)).toEqual([0, 1])
  const second = await acme.get(`${path}/tasks?limit=2&cursor=${first.body.cursor}`)
  expect(second.body).toMatchObject({
    items: [{ index: 2, state: 'succeeded', reason: 'answered', outcome: 'answered' }],
  })
  expect(second.body.cursor).toBeUndefined()
  expect((await acme.get(`${path}/tasks?state=failed&state=canceled`)).body).toEqual({ items: [] })
  expect((await acme.get(`${path}/tasks/${encodeURIComponent('+12025550102')}`)).body).toEqual(second.body.items[0])
  expect((await acme.get(`/v1/calls/${ref}`)).body).toMatchObject({
    ref,
    job: body.id,
    task: 0,
    outcome: 'answered',
    duration: 30_000,
    attempt: 1,
    to: '+12025550100',
    from: CALLER_IDS[0],
  })
  expect(await acme.get(`${path}/tasks/7`)).toMatchObject({ status: 404, body: { code: 'task_not_found' } })
  expect(await acme.get(`${path}/tasks/x`)).toMatchObject({ status: 400, body: { code: 'invalid_params' } })
  expect(await acme.get(`/v1/calls/${body.id}:0:9:x`)).toMatchObject({ status: 404, body: { code: 'call_not_found' } })

  const csv = await acme.get(`${path}/results`)
  expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="${body.id}.csv"`)
  expect(csv.text.split('\r\n')).toHaveLength(5)
  const lines = (await acme.get(`${path}/results?format=jsonl`)).text.trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([...first.body.items, ...second.body.items])
})

it('ends, skips and forgets single contacts', async () => {
  const { body } = await acme.post('/v1/call-jobs', campaign)
  const path = `/v1/call-jobs/${body.id}/tasks`
  expect((await acme.post(`${path}/0/cancel`, { reason: 'moved' })).body).toMatchObject({
    state: 'canceled',
    reason: 'moved',
  })
  expect((await acme.post(`${path}/+12025550101/skip`)).body).toMatchObject({ state: 'skipped', reason: 'skipped' })
  expect(await acme.post(`${path}/0/cancel`)).toMatchObject({ status: 409, body: { code: 'task_ended' } })
  expect(await acme.post(`${path}/2/redact`)).toMatchObject({ status: 409, body: { code: 'task_not_ended' } })
  expect((await acme.post(`${path}/0/redact`)).status).toBe(204)
  expect((await acme.get(`${path}/0`)).body).toMatchObject({ phone: '', redacted: true })
})

it.each([
  ['text/csv', 'phone,name\n+12025550110,Ann Example\n+12025550111,Bob Example\n+1555,Nobody\n'],
  ['application/x-ndjson', '{"phone":"+12025550110"}\n{"phone":"+12025550111"}\n{"phone":"+1555"}\n'],
  ['application/json', '[{"phone":"+12025550110"},{"phone":"+12025550111"},{"phone":"+1555"}]'],
])('adds contacts as %s, once for each key', async (type, text) => {
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, contacts: [], keepOpen: true })
  const path = `/v1/call-jobs/${body.id}`
  const headers = { 'content-type': type, 'idempotency-key': `file of ${type}` }
  const added = await acme.post(`${path}/contacts`, text, headers)
  expect(added.body, added.text).toMatchObject({ read: 3, accepted: 2, rejectedRows: 1, rejected: [{ row: 3 }] })
  expect(added.headers.get('idempotent-replayed')).toBeNull()
  const again = await acme.post(`${path}/contacts`, text, headers)
  expect(again.body).toEqual(added.body)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await acme.post(`${path}/contacts?rows=all`, text, { 'content-type': type })).toMatchObject({
    status: 422,
    body: { code: 'invalid_rows' },
  })
  await acme.post(`${path}/start`)
  await world.advance(60_000)
  expect((await acme.get(path)).body).toMatchObject({ state: 'running', tasks: { total: 2, succeeded: 2 } })
  expect((await acme.post(`${path}/close`)).body).toMatchObject({ state: 'completed' })
})

it('keeps what an agent learned, once', async () => {
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, start: 'now' })
  await world.advance(60_000)
  const { body: calls } = await acme.get(`/v1/call-jobs/${body.id}/calls`)
  const path = `/v1/calls/${calls.items[0].ref}/dispositions`
  const learned = { id: 'note-1', disposition: 'interested', data: { callback: '2027-01-05' } }
  expect((await acme.post(path, learned)).body).toEqual({ recorded: true })
  const again = await acme.post(path, learned)
  expect(again.body).toEqual({ recorded: false })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const { body: log } = await acme.get(`/v1/call-jobs/${body.id}/events?limit=1000`)
  const notes = log.items.filter(({ type }: { type: string }) => type === 'note')
  expect(notes).toMatchObject([
    { ref: calls.items[0].ref, data: { disposition: 'interested', data: { callback: '2027-01-05' } } },
  ])
  expect(await acme.post(path, {})).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
})

it('does what follows from what an agent learned', async () => {
  const contacts = [{ phone: '+12025550120' }, { phone: '+12025550121' }, { phone: '+12025550122' }]
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, contacts, attempts: 2, start: 'now' })
  await world.advance(1000)
  const refOf = async (index: number) =>
    (await acme.get(`/v1/call-jobs/${body.id}/calls`)).body.items.find(({ task }: { task: number }) => task === index)
      ?.ref as string
  const report = async (index: number, learned: object) =>
    acme.post(`/v1/calls/${await refOf(index)}/dispositions`, learned)
  expect((await report(0, { callback: '2999-01-01T09:00:00Z' })).body).toEqual({
    recorded: true,
    callback: { status: 'scheduled', at: '2999-01-01T09:00:00.000Z' },
  })
  expect((await report(1, { optOut: { list: 'job', reason: 'enough' } })).body).toEqual({
    recorded: true,
    suppressed: ['job'],
  })
  // Everybody's list is nobody's of them to write on.
  expect(await report(1, { optOut: { list: 'global' } })).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
  expect(await report(1, { callback: 'soon' })).toMatchObject({
    status: 422,
    body: { code: 'invalid_schedule', field: 'callback' },
  })
  await world.advance(120_000)
  const { items } = (await acme.get(`/v1/call-jobs/${body.id}/tasks`)).body
  expect(items[0]).toMatchObject({ state: 'waiting', waitUntil: '2999-01-01T09:00:00.000Z' })
  expect((await report(2, { callback: '2999-01-01T09:00:00Z' })).body).toMatchObject({
    recorded: true,
    callback: { status: 'refused', reason: 'ended' },
  })
  await acme.post(`/v1/call-jobs/${body.id}/cancel`)
})

it('does not call whom the organization or the campaign has on its list', async () => {
  const globex = new CheckedClient(world, 'native', 'globex')
  const { body } = await acme.post('/v1/call-jobs', campaign)
  expect((await acme.post('/v1/suppression/add', { numbers: ['+12025550100'] })).body).toEqual({ size: 1 })
  expect((await acme.post('/v1/suppression/add', { numbers: ['+12025550101'], job: body.id })).body).toEqual({
    size: 1,
  })
  expect(await globex.post('/v1/suppression/add', { numbers: ['+12025550102'], job: body.id })).toMatchObject({
    status: 404,
  })
  // Another's list is another's.
  await globex.post('/v1/suppression/add', { numbers: ['+12025550102'] })
  expect(await acme.post('/v1/suppression/add', { numbers: ['+12025550103', '555'] })).toMatchObject({
    status: 422,
    body: { code: 'invalid_options', field: 'numbers[1]' },
  })
  await acme.post(`/v1/call-jobs/${body.id}/start`)
  await world.advance(60_000)
  expect((await acme.get(`/v1/call-jobs/${body.id}`)).body.reasons).toEqual({
    'skipped/suppressed': 2,
    'succeeded/answered': 1,
  })
  expect((await acme.post('/v1/suppression/remove', { numbers: ['+12025550100'] })).body).toEqual({ size: 0 })
})

it('changes the limits of the organization for campaigns that run, and keeps them for those to come', async () => {
  expect((await acme.get('/v1/organization')).body).toEqual({
    id: 'acme',
    concurrency: 5,
    balance: { available: 100_000, reserved: 0 },
  })
  const live = async (id: string) => (await acme.get(`/v1/call-jobs/${id}`)).body.calls.live
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, contacts: people(20), start: 'now' })
  await world.advance(2000)
  expect(await live(body.id)).toBe(5)
  expect((await acme.send('PATCH', '/v1/organization/limits', { concurrency: 8 })).body).toMatchObject({
    concurrency: 8,
  })
  await world.advance(2000)
  expect(await live(body.id)).toBe(8)
  await acme.post('/v1/call-jobs', campaign)
  await world.advance(2000)
  expect(await live(body.id)).toBe(8)
  expect((await acme.send('PATCH', '/v1/organization/limits', { concurrency: null })).body.concurrency).toBeUndefined()
  await world.advance(2000)
  expect(await live(body.id)).toBe(20)
  await world.advance(60_000)
})
