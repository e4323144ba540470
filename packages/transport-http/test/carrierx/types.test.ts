import type { ResourceBackend } from 'outdial'
import { createEngine, memoryDirectory, simulatedInventory, virtualClock } from 'outdial'
import { expect, it } from 'vitest'
import { type CarrierxOptions, carrierx, createHttpTransport, native } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { INVENTORY, PHONES, TASKS } from './numbers.js'

/** Trunks of one organization: a type of the host's own. */
function trunks(): ResourceBackend & { held: Map<string, Record<string, unknown>> } {
  const held = new Map<string, Record<string, unknown>>([
    ['t-1', { sid: 't-1', caller_id: '+14849687406', version: 7 }],
  ])
  const at = (value: string) => {
    const fields = held.get(value)
    return fields && { id: value, fields }
  }
  return {
    type: 'trunk',
    held,
    capabilities: { keys: ['sid'], concurrency: 2, createVisibility: 0 },
    find: async (_, { value }) => at(value),
    async create(data) {
      held.set('t-2', { ...data })
      return { status: 'done' }
    },
    async update({ value }, changes) {
      const found = at(value)
      if (!found) return { status: 'failed', errors: [{ code: 'not_found', title: 'none', pointer: '/sid' }] }
      held.set(value, { ...found.fields, ...changes })
      return { status: 'done', resource: { id: value, fields: held.get(value) ?? {} } }
    },
    async delete({ value }) {
      held.delete(value)
      return { status: 'done' }
    },
    findCreated: async () => undefined,
  }
}

const KEY = 'a-long-random-key'

it('works on further types of the host, with words of its own about them', async () => {
  const clock = virtualClock()
  const backend = trunks()
  const resources = [backend, simulatedInventory({ clock })]
  const directory = memoryDirectory({ organizations: [{ id: 'acme' }], keys: [{ key: KEY, organization: 'acme' }] })
  const engine = createEngine({ resources, directory, clock })
  const options: CarrierxOptions = {
    types: { trunk: { methods: ['POST', 'PATCH'], phoneFields: ['caller_id'] } },
    partnerSid: (organization) => `partner of ${organization}`,
    reviewPaths: { json: 'items', csv: 'items.csv' },
  }
  const transport = createHttpTransport({ engine, directory, clock, resources, dialects: [carrierx(options)] })
  await engine.start()
  const ask = async (method: string, path = '', body?: object) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    const answer = await transport(new Request(`http://localhost${TASKS}${path}`, init))
    return { status: answer.status, text: await answer.text() }
  }
  const task = { method: 'PATCH', type: 'trunk', field: 'sid', entries: ['t-1', 't-9'], data: { caller_id: PHONES[1] } }
  const made = JSON.parse((await ask('POST', '', task)).text)
  expect(made).toMatchObject({ partner_sid: 'partner of acme', data: { caller_id: PHONES[1] }, type: 'trunk' })
  expect(JSON.parse((await ask('GET', `/${made.task_sid}/items`)).text).review_items).toEqual([
    { description: 'trunk t-1', fields: { caller_id: PHONES[1] }, sid: 't-1', version: 7 },
    { description: 'trunk t-9: does not exist', fields: {}, sid: null, version: 1 },
  ])
  expect((await ask('GET', `/${made.task_sid}/items.csv`)).text).toBe(
    `sid,description,version,caller_id\r\nt-1,trunk t-1,7,${PHONES[1]}\r\n,trunk t-9: does not exist,1,\r\n`,
  )
  await ask('PATCH', `/${made.task_sid}`, { status: 'approved' })
  await clock.advance(1000)
  expect(backend.held.get('t-1')).toMatchObject({ caller_id: `+${PHONES[1]}` })
  expect(JSON.parse((await ask('GET', `/${made.task_sid}/errors`)).text).items[0]).toMatchObject({
    error: { errors: [{ field: 'sid', message: 'this sid does not exist' }] },
    key: '{"sid":"t-9"}',
  })
  expect(JSON.parse((await ask('POST', '', { ...task, method: 'DELETE', data: null })).text)).toMatchObject({
    errors: [{ field: 'method' }],
  })
  const create = {
    method: 'POST',
    type: 'trunk',
    data: [{ caller_id: PHONES[0] }, { caller_id: PHONES[1], name: '=1' }],
  }
  const second = JSON.parse((await ask('POST', '', create)).text)
  expect((await ask('GET', `/${second.task_sid}/items.csv`)).text).toBe(
    `sid,description,version,caller_id,name\r\n,trunk,1,${PHONES[0]},\r\n,trunk,1,${PHONES[1]},'=1\r\n`,
  )
  await transport.close()
  await engine.stop()
})

it.each<[CarrierxOptions, string]>([
  [{ reviewPaths: { json: 'a/b' } }, 'reviewPaths.json'],
  [{ reviewPaths: { csv: 'errors' } }, 'reviewPaths'],
  [{ types: { trunk: { methods: ['GET' as 'POST'] } } }, 'types.trunk.methods'],
])('refuses the options %j, naming %s', (options, field) => {
  expect(() => carrierx(options)).toThrow(expect.objectContaining({ code: 'invalid_options', details: { field } }))
})

it('shows tasks that were made through other dialects', async () => {
  const world = await World.open({ dialects: [carrierx(), native()], inventory: { numbers: INVENTORY } })
  const job = await world.engine.operations.create({
    organization: 'acme',
    name: 'by hand',
    type: 'phonenumber',
    method: 'update',
    entries: INVENTORY.acme.map(({ phonenumber }) => phonenumber),
    data: { tags: ['x'] },
  })
  const acme = new Client(world, 'carrierx')
  const [task] = (await acme.get(TASKS)).body.items
  expect(task).toMatchObject({ entries: [...PHONES], status: 'created', total: null, review: false })
  await job.cancelItem(0)
  await job.start()
  await world.advance(1000)
  const { body } = await acme.get(`${TASKS}/${task.task_sid}`)
  expect(body).toMatchObject({ status: 'completed', total: 2, processed: 2, success: 1, failure: 1 })
  const errors = (await acme.get(`${TASKS}/${task.task_sid}/errors`)).body
  expect(errors.items).toEqual([
    { error: { errors: [], message: 'this was called off' }, key: `{"phonenumber":${PHONES[0]}}` },
  ])
  await world.close()
})
