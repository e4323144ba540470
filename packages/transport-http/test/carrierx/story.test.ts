import { afterEach, expect, it } from 'vitest'
import { carrierx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { EMPTY, INVENTORY, PHONES, TASKS } from './numbers.js'
import { FAULTS, story } from './story.js'

let world: World
afterEach(() => world.close())

it('goes from request to result, in memory', async () => {
  world = await World.open({ dialects: [carrierx()], inventory: { numbers: EMPTY, faults: FAULTS } })
  await story(world, new Client(world, 'carrierx'), () => world.advance(5000))
})

const update = { method: 'PATCH', type: 'phonenumber', field: 'phonenumber', data: { tags: ['x'] }, review: false }

it('counts from nothing to the end, and never more than there is', async () => {
  world = await World.open({
    dialects: [carrierx()],
    inventory: { numbers: INVENTORY, latency: [1000, 1000], concurrency: 1 },
  })
  const acme = new Client(world, 'carrierx')
  const entries = [PHONES[0], '14155550177', PHONES[1], PHONES[0]]
  const made = (await acme.post(TASKS, { ...update, entries })).body
  expect(made).toMatchObject({ status: 'created', total: null, processed: null, success: null, failure: null })
  const seen: [string, number][] = []
  for (let second = 0; second < 7; second++) {
    const { body } = await acme.get(`${TASKS}/${made.task_sid}`)
    expect(body).toMatchObject({ total: 4, processed: body.success + body.failure })
    seen.push([body.status, body.processed])
    await world.advance(1010)
  }
  expect(seen.map(([, processed]) => processed)).toEqual([0, 1, 2, 3, 4, 4, 4])
  expect(seen.map(([status]) => status)).toEqual([...Array(4).fill('running'), ...Array(3).fill('completed')])
})

it('stops taking entries when it is cancelled, and keeps count of what was done', async () => {
  world = await World.open({
    dialects: [carrierx()],
    inventory: { numbers: INVENTORY, latency: [1000, 1000], concurrency: 1 },
  })
  const acme = new Client(world, 'carrierx')
  const { task_sid: sid } = (await acme.post(TASKS, { ...update, entries: [...PHONES, ...PHONES] })).body
  await world.advance(1010)
  const cancelled = await acme.send('PATCH', `${TASKS}/${sid}`, { status: 'cancelled' })
  expect(cancelled.body).toMatchObject({ status: 'cancelled', total: 4 })
  // One is under way, and ends; until then the task cannot be removed.
  expect((await acme.get(`${TASKS}/${sid}`)).body).toMatchObject({ status: 'cancelled', processed: 1 })
  const early = await acme.send('DELETE', `${TASKS}/${sid}`)
  expect(early).toMatchObject({ status: 409, body: { message: 'Conflict', errors: [{ field: 'status' }] } })
  await world.advance(5000)
  expect((await acme.get(`${TASKS}/${sid}`)).body).toMatchObject({
    status: 'cancelled',
    total: 4,
    processed: 2,
    failure: 0,
  })
  expect((await acme.get(`${TASKS}/${sid}/errors`)).body).toEqual({ items: [] })
  expect((await acme.send('DELETE', `${TASKS}/${sid}`)).status).toBe(204)
})
