import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { Client } from '../support/client.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'

const [from] = CALLER_IDS
const campaign = (more: object = {}) => ({ name: 'Reminders', from, contacts: people(3), ...more })

describe('campaigns of the native API', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [native()] })
    acme = new Client(world, 'native')
  })
  afterAll(() => world.close())

  it('runs one from create to its end', async () => {
    const made = await acme.post('/v1/call-jobs', campaign({ start: 'now', metadata: { crm: 7 } }))
    expect(made).toMatchObject({
      status: 201,
      body: { metadata: { crm: 7 }, tasks: { total: 3 }, intake: { accepted: 3 } },
    })
    expect(made.headers.get('location')).toBe(`${world.base}/v1/call-jobs/${made.body.id}`)
    await world.advance(60_000)
    const after = await acme.get(`/v1/call-jobs/${made.body.id}`)
    expect(after).toMatchObject({ status: 200, body: { state: 'completed', tasks: { succeeded: 3 } } })
    expect(after.body.metadata).toEqual({ crm: 7 })
    expect((await acme.send('DELETE', `/v1/call-jobs/${made.body.id}`)).status).toBe(204)
    expect((await acme.get(`/v1/call-jobs/${made.body.id}`)).status).toBe(404)
  })

  it('changes only what was read, when told so', async () => {
    const { body } = await acme.post('/v1/call-jobs', campaign())
    const read = await acme.get(`/v1/call-jobs/${body.id}`)
    const etag = read.headers.get('etag') as string
    const scheduled = await acme.post(`/v1/call-jobs/${body.id}/start`, {}, { 'if-match': etag })
    expect(scheduled.status).toBe(200)
    expect(scheduled.headers.get('etag')).not.toBe(etag)
    const late = await acme.post(`/v1/call-jobs/${body.id}/pause`, { reason: 'lunch' }, { 'if-match': etag })
    expect(late).toMatchObject({ status: 412, body: { code: 'revision_conflict' } })
    const wrong = await acme.post(`/v1/call-jobs/${body.id}/pause`, undefined, { 'if-match': 'seven' })
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_headers', problems: [{ field: 'If-Match' }] } })
    const again = await acme.post(`/v1/call-jobs/${body.id}/start`)
    expect(again).toMatchObject({ status: 409, body: { code: 'illegal_transition' } })
    expect(await acme.post(`/v1/call-jobs/${body.id}/cancel`)).toMatchObject({
      status: 200,
      body: { reason: 'canceled' },
    })
  })

  it('makes one of two requests with the same key, and none of two that differ', async () => {
    const key = { 'idempotency-key': 'order-1' }
    const first = await acme.post('/v1/call-jobs', campaign(), key)
    const second = await acme.post('/v1/call-jobs', campaign(), key)
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } })
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const other = await acme.post('/v1/call-jobs', campaign({ contacts: people(4) }), key)
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } })
    const globex = new Client(world, 'native', 'globex')
    const theirs = await globex.post('/v1/call-jobs', campaign({ from: CALLER_IDS[2] }), key)
    expect(theirs.status).toBe(201)
    expect(theirs.body.id).not.toBe(first.body.id)
  })

  it('lists its own, a page at a time', async () => {
    const globex = new Client(world, 'native', 'globex')
    const before = (await globex.get('/v1/call-jobs')).body.items.length as number
    const ids: string[] = []
    for (let i = 0; i < 3; i++)
      ids.push((await globex.post('/v1/call-jobs', campaign({ from: CALLER_IDS[2] }))).body.id as string)
    const first = await globex.get(`/v1/call-jobs?limit=${before + 2}`)
    const second = await globex.get(`/v1/call-jobs?limit=${before + 2}&cursor=${first.body.cursor}`)
    expect([...first.body.items, ...second.body.items].slice(before).map(({ id }: { id: string }) => id)).toEqual(ids)
    expect(second.body.cursor).toBeUndefined()
    expect((await globex.get('/v1/call-jobs?state=running&state=canceled')).body.items).toEqual([])
  })

  it.each([
    ['a field that is not known', { nane: 'x' }, 422, 'nane'],
    ['a field of another type', { attempts: 'three' }, 422, 'attempts'],
    ['what the engine knows better', { timezone: 'Mars/Olympus' }, 422, 'timezone'],
    ['a contact that is none', { contacts: [{ phone: '+12025550100' }, {}] }, 422, 'contacts[1].phone'],
  ])('names %s', async (_, more, status, field) => {
    const { body, ...answer } = await acme.post('/v1/call-jobs', campaign(more))
    expect(answer.status).toBe(status)
    expect(body.problems?.[0].field ?? body.field).toBe(field)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it('takes contacts as they come, once per key', async () => {
    const { body } = await acme.post('/v1/call-jobs', campaign())
    const path = `/v1/call-jobs/${body.id}/contacts`
    const rows = ['phone,name', ...people(50).map(({ phone, name }) => `${phone},${name}`), 'nobody,X'].join('\n')
    const headers = { 'content-type': 'text/csv', 'idempotency-key': 'more' }
    const added = await acme.send('POST', path, rows, headers)
    expect(added).toMatchObject({ status: 200, body: { read: 51, accepted: 47, duplicateRows: 3, rejectedRows: 1 } })
    const again = await acme.send('POST', path, rows, headers)
    expect(again.body).toEqual(added.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    const lines = people(52).map((person) => JSON.stringify(person))
    const type = { 'content-type': 'application/x-ndjson' }
    expect((await acme.send('POST', path, lines.join('\n'), type)).body).toMatchObject({ accepted: 2 })
    expect(await acme.send('POST', `${path}?rows=all`, rows, { 'content-type': 'text/csv' })).toMatchObject({
      status: 422,
      body: { code: 'invalid_rows' },
    })
    expect(await acme.send('POST', path, rows, { 'content-type': 'text/html' })).toMatchObject({ status: 415 })
    expect((await acme.get(`/v1/call-jobs/${body.id}`)).body.tasks.total).toBe(52)
  })

  it('calls from no number of others, nor from one that a row brings', async () => {
    const theirs = await acme.post('/v1/call-jobs', campaign({ from: CALLER_IDS[2] }))
    expect(theirs).toMatchObject({ status: 404, body: { code: 'number_not_found' } })
    const contacts = [{ phone: '+12025550100', callerId: CALLER_IDS[2] }]
    const made = await acme.post('/v1/call-jobs', campaign({ contacts, start: 'now' }))
    expect(made.status).toBe(201)
    await world.advance(60_000)
    const placed = [...world.carrier.ledger].filter(({ kind }) => kind === 'placed')
    expect(JSON.stringify(placed)).not.toContain(CALLER_IDS[2])
  })
})
