import { expect, it } from 'vitest'
import { carrierx, uuidOf } from '../../src/index.js'
import { Client } from '../support/client.js'
import { describeIsolation } from '../support/isolation.js'
import { World } from '../support/world.js'
import { INVENTORY, TASKS, THEIRS } from './numbers.js'

const numbers = { type: 'phonenumber', field: 'phonenumber', entries: ['14155550100'] }
const update = { ...numbers, method: 'PATCH', data: { tags: ['spring'] } }

describeIsolation('carrierx', {
  dialect: carrierx(),
  unknown: { task_sid: uuidOf('job_000000000000000000') },
  body: ({ method, path }) => {
    if (path === TASKS) return method === 'POST' ? update : undefined
    if (method === 'PATCH') return { status: 'cancelled' }
    return method === 'PUT' ? { ...update, review: true, status: 'cancelled' } : undefined
  },
  async make(client, world) {
    const made = [
      await client.post(TASKS, { ...update, review: false }),
      await client.post(TASKS, { ...numbers, method: 'DELETE' }),
    ]
    await world.advance(1000)
    made.push(await client.post(TASKS, update))
    return made.map(({ body }) => ({ task_sid: body.task_sid as string }))
  },
})

it('changes no number of others, and does not tell that it is there', async () => {
  const world = await World.open({ dialects: [carrierx()], inventory: { numbers: INVENTORY } })
  const [acme, globex] = [new Client(world, 'carrierx'), new Client(world, 'carrierx', 'globex')]
  const before = world.inventory.numbers('globex')
  const told: unknown[] = []
  for (const phone of [THEIRS.phonenumber.slice(1), '14155550177']) {
    const task = { ...update, entries: [phone] }
    const review = (await acme.post(TASKS, task)).body.task_sid
    const items = (await acme.get(`${TASKS}/${review}/review_items`)).text
    const { task_sid: sid } = (await acme.post(TASKS, { ...task, review: false })).body
    await world.advance(1000)
    const errors = (await acme.get(`${TASKS}/${sid}/errors`)).text
    told.push([items, errors].map((text) => text.replaceAll(phone, 'PHONE')))
  }
  expect(told[0]).toEqual(told[1])
  expect(world.inventory.numbers('globex')).toEqual(before)
  expect((await globex.get(TASKS)).body).toMatchObject({ items: [], total: 0 })
  const partners = await Promise.all(
    [acme, globex].map(async (client) => (await client.post(TASKS, update)).body.partner_sid),
  )
  expect(new Set(partners).size).toBe(2)
  await world.close()
})
