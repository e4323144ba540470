import { afterEach, describe, expect, it } from 'vitest'
import { carrierx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { KEYS, World, type WorldOptions } from '../support/world.js'
import { EMPTY, INVENTORY, PHONES, PRINTED, TASKS, UNTOUCHED } from './numbers.js'

let world: World
afterEach(() => world.close())

async function clientOf(more: Partial<WorldOptions> = {}): Promise<Client> {
  world = await World.open({ dialects: [carrierx()], inventory: { numbers: INVENTORY }, ...more })
  return new Client(world, 'carrierx')
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('the commands of the page', () => {
  it.each(['POST', 'PATCH', 'DELETE'] as const)('%s is answered as printed', async (method) => {
    await clientOf({ inventory: { numbers: method === 'POST' ? EMPTY : INVENTORY } })
    const { text, shows } = PRINTED[method]
    const response = await world.fetch(TASKS, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${KEYS.acme.key}` },
      body: text,
    })
    expect(response.status).toBe(200)
    const body = (await response.json()) as Record<string, string>
    expect(body).toEqual({
      ...UNTOUCHED,
      ...shows,
      date_created: expect.stringMatching(INSTANT),
      date_modified: body.date_created,
      partner_sid: expect.stringMatching(UUID),
      task_sid: expect.stringMatching(UUID),
    })
    expect(Object.keys(body)).toEqual(Object.keys(body).toSorted())
  })
})

describe('a new task', () => {
  it('has to be reviewed unless it says otherwise', async () => {
    const acme = await clientOf()
    const body = { method: 'DELETE', type: 'phonenumber', field: 'phonenumber', entries: [PHONES[0]] }
    const made = (await acme.post(TASKS, body)).body
    expect(made).toMatchObject({ review: true, status: 'created', total: null })
    await world.advance(5000)
    const { body: waits } = await acme.get(`${TASKS}/${made.task_sid}`)
    expect(waits).toMatchObject({ status: 'pending_review', total: 1, processed: 0, success: 0, failure: 0 })
    expect(world.inventory.numbers('acme')).toHaveLength(2)
  })

  it('takes null and nothing for what it does not use, and shows each in its own way', async () => {
    const acme = await clientOf()
    const data = [{ phonenumber: '14155550199' }]
    const bought = await acme.post(TASKS, { method: 'POST', type: 'phonenumber', data, entries: null, field: null })
    expect(bought.body).toMatchObject({ data, entries: [], field: null })
    const none = await acme.post(TASKS, { method: 'POST', type: 'phonenumber', data, entries: [] })
    expect(none.body).toMatchObject({ data, entries: [], field: null })
    const selection = { type: 'phonenumber', field: 'phonenumber', entries: [PHONES[0]] }
    const removed = await acme.post(TASKS, { method: 'DELETE', data: null, ...selection })
    expect(removed.body).toMatchObject({ data: null, entries: [PHONES[0]] })
  })

  it('is found by any key of its type, and made of whatever its back end takes', async () => {
    const acme = await clientOf()
    const task = { method: 'PATCH', type: 'phonenumber', review: false, data: { tags: ['spring'] } }
    const made = await acme.post(TASKS, { ...task, field: 'id', entries: ['did-1', 'did-0', 'did-1'] })
    await world.advance(5000)
    const { body } = await acme.get(`${TASKS}/${made.body.task_sid}`)
    expect(body).toMatchObject({ field: 'id', entries: ['did-1', 'did-0', 'did-1'], status: 'completed' })
    expect(body).toMatchObject({ total: 3, processed: 3, success: 3, failure: 0 })
    expect(world.inventory.numbers('acme').map(({ fields }) => fields.tags)).toEqual([['spring'], ['spring']])
  })

  it('shows no secret, and gives it to the back end', async () => {
    const acme = await clientOf()
    const task = {
      method: 'PATCH',
      type: 'phonenumber',
      field: 'id',
      entries: ['did-0'],
      data: { external_pin: '4711' },
    }
    const made = await acme.post(TASKS, task)
    const sid = made.body.task_sid as string
    const told = [made.text]
    for (const part of ['', '/review_items', '/review_items.csv'])
      told.push((await acme.get(`${TASKS}/${sid}${part}`)).text)
    told.push((await acme.send('PUT', `${TASKS}/${sid}`, { ...made.body, status: 'approved' })).text)
    for (const text of told) {
      expect(text).toContain('[redacted]')
      expect(text).not.toContain('4711')
    }
    await world.advance(1000)
    expect(world.inventory.numbers('acme')[0]?.fields.external_pin).toBe('4711')
    const bought = await acme.post(TASKS, { method: 'POST', type: 'phonenumber', data: [{ external_pin: '4711' }] })
    expect(bought.body.data).toEqual([{ external_pin: '[redacted]' }])
  })

  it('can be reviewed while its back end does not answer for every entry', async () => {
    const acme = await clientOf()
    world.inventory.setFaults({ findFails: ({ entry }) => entry === 'did-1' })
    const task = { method: 'DELETE', type: 'phonenumber', field: 'id', entries: ['did-1', 'did-0', 'did-9'] }
    const { task_sid: sid } = (await acme.post(TASKS, task)).body
    const { body } = await acme.get(`${TASKS}/${sid}/review_items`)
    expect(body.review_items).toEqual([
      { description: 'phonenumber did-1: could not be looked up', fields: {}, sid: null, version: 1 },
      { description: 'phonenumber did-0', fields: {}, sid: 'did-0', version: 1 },
      { description: 'phonenumber did-9: does not exist', fields: {}, sid: null, version: 1 },
    ])
  })

  it('is made once, however often the request comes', async () => {
    const acme = await clientOf({ inventory: { numbers: EMPTY } })
    const ask = (text: string) =>
      acme.post(TASKS, text, { 'content-type': 'application/json', 'idempotency-key': 'once' })
    const first = await ask(PRINTED.POST.text)
    await world.advance(5000)
    const second = await ask(PRINTED.POST.text)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(await ask(PRINTED.PATCH.text)).toMatchObject({ status: 409, body: { message: 'Conflict' } })
    expect((await acme.get(TASKS)).body.total).toBe(1)
    expect(world.inventory.numbers('acme')).toHaveLength(2)
  })
})
