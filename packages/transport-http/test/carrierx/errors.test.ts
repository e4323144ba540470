import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { carrierx, uuidOf } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { INVENTORY, PHONES, PRINTED, TASKS } from './numbers.js'

const NOBODYS = `${TASKS}/${uuidOf('job_000000000000000000')}`
const update = {
  method: 'PATCH',
  type: 'phonenumber',
  field: 'phonenumber',
  data: { tags: ['x'] },
  entries: [PHONES[0]],
}
const remove = { method: 'DELETE', type: 'phonenumber', field: 'phonenumber', entries: [PHONES[0]] }
const buy = { method: 'POST', type: 'phonenumber', data: [{ phonenumber: '14155550199' }] }
const without = (body: object, name: string) => ({ ...body, [name]: undefined })

describe('errors', () => {
  let world: World
  let acme: Client
  let sid: string
  beforeAll(async () => {
    world = await World.open({
      dialects: [carrierx({ types: { phonenumber: {}, trunk: { methods: ['PATCH'] } } })],
      inventory: { numbers: INVENTORY },
      transport: { limits: { rate: 1e6, burst: 1e6, unknownRate: 1e6, rows: 3 } },
    })
    acme = new Client(world, 'carrierx')
    sid = (await acme.post(TASKS, update)).body.task_sid
  })
  afterAll(() => world.close())

  const told = async (asked: ReturnType<Client['send']>) => {
    const { status, body } = await asked
    return { status, body }
  }
  const error = (message: string, ...errors: [string, string][]) => ({
    errors: errors.map(([field, text]) => ({ field, message: text })),
    message,
  })

  it('says who may not', async () => {
    const nobody = new Client(world, 'no dialect')
    expect(await told(nobody.get(TASKS))).toEqual({ status: 401, body: error('Unauthorized') })
    const strange = nobody.get(TASKS, { authorization: 'Bearer nobody' })
    expect(await told(strange)).toEqual({ status: 401, body: error('Bad credentials') })
    const reader = new Client(world, 'carrierx', 'reader')
    expect((await reader.get(`${TASKS}/${sid}`)).status).toBe(200)
    const forbidden = { status: 403, body: error('Forbidden') }
    expect(await told(reader.post(TASKS, remove))).toEqual(forbidden)
    expect(await told(reader.send('PATCH', `${TASKS}/${sid}`, { status: 'approved' }))).toEqual(forbidden)
    expect(await told(reader.send('PUT', `${TASKS}/${sid}`, {}))).toEqual(forbidden)
    expect(await told(reader.send('DELETE', `${TASKS}/${sid}`))).toEqual(forbidden)
  })

  it('says what there is not', async () => {
    const missing = { status: 404, body: error('Cannot find item by SID') }
    for (const path of [NOBODYS, `${TASKS}/nothing`, `${NOBODYS}/errors`, `${NOBODYS}/review_items.csv`])
      expect(await told(acme.get(path))).toEqual(missing)
    expect(await told(acme.send('PATCH', NOBODYS, {}))).toEqual(missing)
    expect(await told(acme.send('DELETE', NOBODYS))).toEqual(missing)
    expect(await told(acme.get('/core/v2/trunks'))).toEqual({ status: 404, body: error('Not Found') })
    expect(await told(acme.send('DELETE', TASKS))).toMatchObject({ status: 405 })
  })

  it.each([
    ['', 'application/json', 400, 'No JSON object could be decoded'],
    ['{"method":', 'application/json', 400, 'No JSON object could be decoded'],
    ['[]', 'application/json', 400, 'No JSON object could be decoded'],
    ['null', 'application/json', 400, 'No JSON object could be decoded'],
    [PRINTED.DELETE.text, 'text/plain', 415, 'Unsupported media type'],
  ])('refuses the body %j of type %s', async (body, type, status, message) => {
    for (const [method, path] of [
      ['POST', TASKS],
      ['PATCH', `${TASKS}/${sid}`],
      ['PUT', `${TASKS}/${sid}`],
    ] as const)
      expect(await told(acme.send(method, path, body, { 'content-type': type }))).toMatchObject({
        status,
        body: { message },
      })
  })

  it.each<[object, ...[string, string][]]>([
    [{}, ['method', 'is required'], ['type', 'is required']],
    [without(remove, 'entries'), ['entries', 'is required with method DELETE']],
    [without(remove, 'field'), ['field', 'is required with method DELETE']],
    [{ ...remove, entries: [] }, ['entries', 'must have at least one entry']],
    [{ ...remove, data: {} }, ['data', 'must be null or absent with method DELETE']],
    [without(update, 'data'), ['data', 'is required with method PATCH']],
    [without(update, 'entries'), ['entries', 'is required with method PATCH']],
    [{ ...update, field: null }, ['field', 'is required with method PATCH']],
    [{ ...update, data: [{}] }, ['data', 'must be an object with method PATCH']],
    [{ ...update, data: {} }, ['data', 'must have at least one field']],
    [without(buy, 'data'), ['data', 'is required with method POST']],
    [{ ...buy, data: {} }, ['data', 'must be an array of objects with method POST']],
    [{ ...buy, data: [] }, ['data', 'must have at least one object']],
    [{ ...buy, data: [{}, 7] }, ['data[1]', 'must be an object']],
    [{ ...buy, entries: ['x'] }, ['entries', 'must be null or absent with method POST']],
    [{ ...buy, field: 'phonenumber' }, ['field', 'must be null or absent with method POST']],
    [{ ...buy, status: 'approved', total: 3 }, ['status', 'is not known'], ['total', 'is not known']],
    [
      { ...remove, entries: [PHONES[0], '+14849723113'] },
      ['entries[1]', 'must be a phone number in E.164 without the plus sign'],
    ],
    [{ ...remove, entries: ['999123'] }, ['entries[0]', 'must be a phone number in E.164 without the plus sign']],
    [
      { ...buy, data: [{ phonenumber: 14155550199 }] },
      ['data[0].phonenumber', 'must be a phone number in E.164 without the plus sign'],
    ],
    [{ ...buy, type: 'trunk' }, ['method', 'must be one of PATCH with type trunk']],
    [{ ...remove, entries: Array(4).fill(PHONES[0]) }, ['entries', 'must have at most 3 elements']],
  ])('refuses %j by name', async (body, ...errors) => {
    const before = await world.engine.operations.list()
    expect(await told(acme.post(TASKS, body))).toEqual({
      status: 422,
      body: error('Object validation error', ...errors),
    })
    expect(await world.engine.operations.list()).toEqual(before)
  })

  it.each<[object, string]>([
    [{ ...remove, type: 'prefix' }, 'type'],
    [{ ...remove, field: 'colour' }, 'field'],
    [{ ...remove, method: 'GET' }, 'method'],
    [{ ...remove, review: 'yes' }, 'review'],
    [{ ...remove, entries: [7] }, 'entries[0]'],
  ])('refuses %j, naming %s', async (body, field) => {
    const { status, body: answer } = await acme.post(TASKS, body)
    expect({
      status,
      message: answer.message,
      fields: answer.errors.map((one: { field: string }) => one.field),
    }).toEqual({
      status: 422,
      message: 'Object validation error',
      fields: [field],
    })
  })

  it.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['offset=-1', 'offset'],
    ['order=colour', 'order'],
    ['order=data', 'order'],
    ['order=total+up', 'order'],
    ['after=x&offset=1', 'offset'],
    ['after=x&before=y', 'before'],
    ['after=x&order=shuffle', 'order'],
    ['after=x', 'after'],
    ['filter=colour+eq+red', 'filter'],
    ['filter=status+is+running', 'filter'],
    ['filter=status+eq', 'filter'],
    ["filter=status+eq+'x", 'filter'],
    ['filter=status+eq+x+or+status+eq+y', 'filter'],
    ['filter=', 'filter'],
    ['include_fields=colour', 'include_fields'],
    ['excludeFields=total,colour', 'excludeFields'],
    ['colour=red', 'colour'],
  ])('refuses ?%s by name', async (query, field) => {
    const { status, body } = await acme.get(`${TASKS}?${query}`)
    expect({ status, message: body.message, field: body.errors[0].field }).toEqual({
      status: 400,
      message: 'Bad Request',
      field,
    })
  })
})
