import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { carrierx, jobOfUuid } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { INVENTORY, PHONES, TASKS } from './numbers.js'

const update = {
  method: 'PATCH',
  type: 'phonenumber',
  field: 'phonenumber',
  data: { trunk_group_sid: 'new' },
  entries: [...PHONES],
}

describe('an update of a task', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [carrierx()], inventory: { numbers: INVENTORY } })
    acme = new Client(world, 'carrierx')
  })
  afterAll(() => world.close())

  const create = async (body: object = update) => (await acme.post(TASKS, body)).body
  const send = (method: string, sid: string, body: object) => acme.send(method, `${TASKS}/${sid}`, body)
  const stateOf = async (sid: string) =>
    (await (await world.engine.operations.get(jobOfUuid(sid) as string))?.snapshot())?.state

  it.each(['approved', 'cancelled'])('by PUT takes the whole task back with the status %s', async (status) => {
    const made = await create()
    await world.advance(100)
    const read = (await acme.get(`${TASKS}/${made.task_sid}`)).body
    for (const body of [read, { ...made, status: read.status }]) {
      const { status: code, body: same } = await send('PUT', made.task_sid, body)
      expect({ code, same }).toEqual({ code: 200, same: read })
    }
    const { status: code, body } = await send('PUT', made.task_sid, { ...read, status })
    expect(code).toBe(200)
    expect(body).toEqual({ ...read, status, date_modified: expect.any(String) })
    expect(Date.parse(body.date_modified)).toBeGreaterThan(Date.parse(body.date_created))
    await world.advance(1000)
    expect(await stateOf(made.task_sid)).toBe(status === 'approved' ? 'completed' : 'canceled')
  })

  it.each(['data', 'entries', 'field', 'method', 'review', 'status', 'type'])('by PUT needs %s', async (name) => {
    const { task_sid: sid } = await create()
    const { [name]: _, ...rest } = (await acme.get(`${TASKS}/${sid}`)).body
    const { status, body } = await send('PUT', sid, { ...rest, ...(name !== 'status' && { status: 'approved' }) })
    expect({ status, errors: body.errors }).toEqual({ status: 422, errors: [{ field: name, message: 'is required' }] })
    expect(await stateOf(sid)).toBe('pending_review')
  })

  it.each([
    { data: { trunk_group_sid: 'other' } },
    { data: null },
    { date_created: '2020-01-01T00:00:00.000Z' },
    { date_modified: '2020-01-01T00:00:00.000Z' },
    { date_modified: '2222-01-01T00:00:00.000Z' },
    { date_modified: 'now' },
    { entries: [PHONES[0]] },
    { entries: null },
    { failure: 1 },
    { field: 'id' },
    { method: 'DELETE' },
    { partner_sid: 'another' },
    { processed: 1 },
    { review: false },
    { success: 1 },
    { task_sid: 'another' },
    { total: 3 },
    { type: 'trunk' },
  ])('refuses to change %j', async (changed) => {
    const { task_sid: sid } = await create()
    for (const method of ['PATCH', 'PUT']) {
      const task = method === 'PUT' ? (await acme.get(`${TASKS}/${sid}`)).body : {}
      const { status, body } = await send(method, sid, { ...task, ...changed, status: 'approved' })
      expect({ status, body }).toEqual({
        status: 422,
        body: {
          errors: [{ field: Object.keys(changed)[0], message: 'cannot be changed' }],
          message: 'Object validation error',
        },
      })
    }
    expect(await stateOf(sid)).toBe('pending_review')
  })

  it('refuses unknown fields by name', async () => {
    const { task_sid: sid } = await create()
    const { status, body } = await send('PATCH', sid, { status: 'approved', colour: 'red' })
    expect({ status, errors: body.errors }).toEqual({
      status: 422,
      errors: [{ field: 'colour', message: 'is not known' }],
    })
    expect(await stateOf(sid)).toBe('pending_review')
  })

  it('changes nothing when nothing is said, or the same', async () => {
    const { task_sid: sid } = await create()
    const read = (await acme.get(`${TASKS}/${sid}`)).body
    expect(await send('PATCH', sid, {})).toMatchObject({ status: 200, body: read })
    expect(await send('PATCH', sid, { status: 'pending_review' })).toMatchObject({ status: 200, body: read })
    await send('PATCH', sid, { status: 'cancelled' })
    expect(await send('PATCH', sid, { status: 'cancelled' })).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    })
  })

  it.each(['created', 'running', 'completed', 'queued', 'nonsense'])('takes no task to %s', async (status) => {
    const { task_sid: sid } = await create()
    const { status: code, body } = await send('PATCH', sid, { status })
    const message = `cannot be changed from pending_review to ${status}`
    expect({ code, body }).toEqual({
      code: 422,
      body: { errors: [{ field: 'status', message }], message: 'Object validation error' },
    })
  })

  it('neither approves nor cancels what has ended', async () => {
    const { task_sid: sid } = await create({ ...update, review: false })
    await world.advance(1000)
    for (const status of ['approved', 'cancelled'])
      expect((await send('PATCH', sid, { status })).body.errors).toEqual([
        { field: 'status', message: `cannot be changed from completed to ${status}` },
      ])
    const { task_sid: other } = await create()
    await send('PATCH', other, { status: 'cancelled' })
    expect((await send('PATCH', other, { status: 'approved' })).status).toBe(422)
  })

  it('is done once when two ask at the same time', async () => {
    const { task_sid: sid } = await create()
    const answers = await Promise.all(
      ['approved', 'cancelled', 'approved'].map((status) => send('PATCH', sid, { status })),
    )
    expect(answers.map(({ status }) => status).every((status) => [200, 422].includes(status))).toBe(true)
    expect(answers.filter(({ status, body }) => status === 200 && body.status === 'approved').length).toBeLessThan(2)
    await world.advance(1000)
    expect(['completed', 'canceled']).toContain(await stateOf(sid))
  })
})
