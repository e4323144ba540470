import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { native, zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { batch, MONDAY, tasks } from './bodies.js'
import { jobOf } from './story.js'

const HOUR = 3_600_000
const SOON = 4_000_000_000_000

describe('changing batch calls', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [zudu(), native()] })
    acme = new Client(world, 'zudu')
  })
  afterAll(() => world.close())

  const create = async (more: object = {}, count = 2) => {
    const { body, status, text } = await acme.post('/batch-call', batch(count, more))
    expect(status, text).toBe(201)
    return `/batch-call/${body.data.batch_call_id}`
  }
  const refusal = (error: string) => ({ status: 400, body: { message: 'Validation error', error } })
  const placed = () => [...world.carrier.ledger].filter(({ kind }) => kind === 'placed').length

  it.each<[object, string, number | null]>([
    [{ status: 'draft', trigger_timestamp: 1_735_718_400_000 }, 'draft', 1_735_718_400_000],
    [{ status: 'DRAFT' }, 'draft', null],
    [{ trigger_timestamp: SOON }, 'scheduled', SOON],
    [{ status: 'scheduled', trigger_timestamp: SOON }, 'scheduled', SOON],
    [{ send_now: true, trigger_timestamp: SOON }, 'sent', SOON],
    [{ status: 'sent', trigger_timestamp: SOON }, 'sent', SOON],
    [{ status: 'sent', send_now: true }, 'sent', null],
    [{}, 'sent', null],
  ])('%j is %s', async (more, status, scheduled_timestamp) => {
    const { data } = (await acme.post('/batch-call', batch(1, more))).body
    expect(data).toMatchObject({ status, scheduled_timestamp })
  })

  it('changes facts and status by PATCH', async () => {
    const path = await create({ status: 'draft' })
    const named = await acme.send('PATCH', path, {
      name: 'x'.repeat(255),
      timezone: 'Asia/Tokyo',
      trigger_timestamp: 5,
    })
    expect(named).toMatchObject({
      status: 200,
      body: {
        message: 'Batch call updated successfully',
        data: { name: 'x'.repeat(255), timezone: 'Asia/Tokyo', scheduled_timestamp: 5, status: 'draft' },
      },
    })
    expect(await acme.send('PATCH', path, { status: 'scheduled' })).toMatchObject(
      refusal('trigger_timestamp: must be in the future, in milliseconds since 1970'),
    )
    const at = MONDAY + HOUR
    const scheduled = await acme.send('PATCH', path, { status: 'scheduled', trigger_timestamp: at })
    expect(scheduled.body.data).toMatchObject({ status: 'scheduled', scheduled_timestamp: at })
    const moved = await acme.send('PATCH', path, { trigger_timestamp: at + HOUR })
    expect(moved.body.data).toMatchObject({ status: 'scheduled', scheduled_timestamp: at + HOUR })
    const before = placed()
    await world.advance(at + HOUR - world.clock.now() - 1000)
    expect(placed()).toBe(before)
    await world.advance(60_000)
    expect(placed()).toBe(before + 2)
    expect((await acme.get(path)).body.data).toMatchObject({ status: 'completed', completed: 2 })
    expect(await acme.send('PATCH', path, { name: 'y' })).toMatchObject(
      refusal('Cannot update batch call with status COMPLETED'),
    )
    expect(await acme.send('PATCH', path, { status: 'draft' })).toMatchObject(
      refusal('Cannot update batch call with status COMPLETED'),
    )
    expect(await acme.post(`${path}/execute`)).toMatchObject(refusal('Cannot execute batch call with status COMPLETED'))
  })

  it('sends by PATCH, and then changes the name only', async () => {
    const path = await create({ status: 'draft' })
    expect((await acme.send('PATCH', path, { status: 'sent' })).body.data.status).toBe('sent')
    const renamed = await acme.send('PATCH', path, { name: 'Running', status: 'sent' })
    expect(renamed.body.data).toMatchObject({ name: 'Running', status: 'sent' })
    for (const more of [{ status: 'draft' }, { trigger_timestamp: SOON }, { timezone: 'UTC' }])
      expect(await acme.send('PATCH', path, more)).toMatchObject(refusal('Cannot update batch call with status SENT'))
    expect(await acme.send('PUT', path, batch(1))).toMatchObject(refusal('Cannot update batch call with status SENT'))
    expect(await acme.send('DELETE', path)).toMatchObject(refusal('Cannot delete batch call with status SENT'))
  })

  it('refuses what a PATCH cannot do, and changes nothing', async () => {
    const path = await create({ trigger_timestamp: SOON })
    const before = (await acme.get(path)).body.data
    const draft = 'status: a scheduled batch call becomes a draft again by PUT'
    expect(await acme.send('PATCH', path, { status: 'draft', name: 'x' })).toMatchObject(refusal(draft))
    expect(await acme.send('PATCH', path, {})).toMatchObject(
      refusal('expected name, status, trigger_timestamp or timezone'),
    )
    expect(await acme.send('PATCH', path, { tasks: tasks(1) })).toMatchObject(
      refusal('tasks: Unrecognized key: "tasks"'),
    )
    const after = (await acme.get(path)).body.data
    expect({ ...after, tasks_url: '' }).toEqual({ ...before, tasks_url: '' })
  })

  it('replaces all of it by PUT, and keeps status, id and age', async () => {
    const path = await create({ status: 'draft' })
    const { created_timestamp, batch_call_id } = (await acme.get(path)).body.data
    await world.advance(1000)
    const before = placed()
    const put = await acme.send('PUT', path, batch(5, { name: 'Other', from_number: CALLER_IDS[1] }))
    const agent_id = null
    expect(put.body).toMatchObject({
      message: 'Batch call updated successfully',
      data: { batch_call_id, created_timestamp, agent_id, name: 'Other', total: 5, status: 'draft' },
    })
    expect((await acme.send('PUT', path, batch(4, { trigger_timestamp: SOON }))).body.data.status).toBe('draft')
    const scheduled = await acme.send('PUT', path, batch(4, { status: 'scheduled', trigger_timestamp: SOON }))
    expect(scheduled.body.data).toMatchObject({ status: 'scheduled', scheduled_timestamp: SOON })
    expect((await acme.send('PUT', path, batch(3))).body.data).toMatchObject({ status: 'scheduled', total: 3 })
    await world.advance(HOUR)
    expect(placed()).toBe(before)
    expect((await acme.send('PUT', path, batch(3, { send_now: true }))).body.data.status).toBe('sent')
    await world.advance(HOUR)
    expect(placed()).toBe(before + 3)
    expect((await acme.get(path)).body.data).toMatchObject({ batch_call_id, created_timestamp, status: 'completed' })
  })

  it('makes one of two requests with the same key, also when its time has passed meanwhile', async () => {
    const key = { 'idempotency-key': 'order-1' }
    const body = batch(2, { trigger_timestamp: world.clock.now() + 1000 })
    const first = await acme.post('/batch-call', body, key)
    await world.advance(HOUR)
    const second = await acme.post('/batch-call', body, key)
    expect(second.status, second.text).toBe(201)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.body.data).toMatchObject({
      batch_call_id: first.body.data.batch_call_id,
      status: 'completed',
      completed: 2,
    })
    expect(await acme.post('/batch-call', batch(1), key)).toMatchObject({ status: 409, body: { message: 'Conflict' } })
  })

  it('changes nothing for the slower of two', async () => {
    const path = await create({ status: 'draft' })
    const changes = ['One', 'Two']
    const answers = await Promise.all(changes.map((name) => acme.send('PATCH', path, { name })))
    const { name } = (await acme.get(path)).body.data
    for (const [i, { status, body }] of answers.entries()) {
      if (status === 200) continue
      expect({ status, message: body.message }).toEqual({ status: 409, message: 'Conflict' })
      expect(name).not.toBe(changes[i])
    }
    expect(changes).toContain(name)
  })

  it('shows campaigns of other APIs, and changes what it can', async () => {
    const other = new Client(world, 'native')
    const campaign = { name: 'Elsewhere', from: CALLER_IDS[0], contacts: people(2), timezone: 'Europe/Berlin' }
    await other.post('/v1/call-jobs', { ...campaign, review: true })
    await world.advance(1000)
    await other.post('/v1/call-jobs', { ...campaign, start: 'draft' })
    const { batch_calls } = (await acme.post('/batch-call/list', { filter_criteria: { name: ['elsewhere'] } })).body
      .data
    expect(batch_calls).toMatchObject(Array(2).fill({ status: 'draft', timezone: 'Europe/Berlin', name: 'Elsewhere' }))
    const [draft, review] = (batch_calls as { batch_call_id: string }[]).map(
      (one) => `/batch-call/${one.batch_call_id}`,
    )
    expect(await acme.post(`${review}/execute`)).toMatchObject(refusal('Cannot execute batch call with status DRAFT'))
    for (const [field, value] of [
      ['timezone', 'UTC'],
      ['trigger_timestamp', SOON],
    ] as const)
      expect((await acme.send('PATCH', draft as string, { [field]: value })).body.error).toBe(
        `${field}: cannot be changed here: the batch call was made through another API`,
      )
    const patched = await acme.send('PATCH', draft as string, {
      name: 'Here',
      status: 'scheduled',
      trigger_timestamp: SOON,
    })
    expect(patched.body.data).toMatchObject({ name: 'Here', status: 'scheduled', scheduled_timestamp: SOON })
    expect((await acme.send('DELETE', review as string)).status).toBe(200)
  })

  it('lets what was stopped be deleted', async () => {
    const path = await create({}, 9)
    await world.advance(2000)
    const job = await world.engine.calls.get(jobOf(path.slice('/batch-call/'.length)))
    await job?.cancel()
    expect((await acme.get(path)).body.data.status).toBe('sent')
    await world.advance(HOUR)
    expect((await acme.get(path)).body.data).toMatchObject({ status: 'failed', sent: 5, completed: 5 })
    expect((await acme.get(`${path}/tasks`)).body.data.tasks.at(-1)).toMatchObject({
      status: 'FAILED',
      error_message: 'canceled',
    })
    expect((await acme.send('DELETE', path)).status).toBe(200)
  })
})
