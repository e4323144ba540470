import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { batch, MONDAY } from './bodies.js'

const AGENT = 'agent_7ff47846-c8a0-4304-ae13-88cfc31c1a03'
const DAY = 86_400_000

describe('lists of zudu', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [zudu()] })
    acme = new Client(world, 'zudu')
    const made = [
      batch(3, { name: 'Delta', status: 'draft' }),
      batch(1, { name: 'Alpha', trigger_timestamp: MONDAY + 2 * DAY }),
      batch(2, { name: 'charlie', agent_id: AGENT, trigger_timestamp: MONDAY + DAY }),
      batch(4, { name: 'Bravo' }),
    ]
    for (const body of made) {
      expect((await acme.post('/batch-call', body)).status).toBe(201)
      await world.advance(1000)
    }
    await world.advance(60_000)
  })
  afterAll(() => world.close())

  const names = (body: { data: { batch_calls: { name: string }[] } }) => body.data.batch_calls.map(({ name }) => name)

  it.each([
    ['', ['Bravo', 'charlie', 'Alpha', 'Delta']],
    ['?sort_order=ascending', ['Delta', 'Alpha', 'charlie', 'Bravo']],
    ['?sort_by=created_at&sort_order=ascending', ['Delta', 'Alpha', 'charlie', 'Bravo']],
    ['?sort_by=scheduled_timestamp&sort_order=ascending', ['charlie', 'Alpha', 'Delta', 'Bravo']],
    ['?sort_by=scheduled_timestamp', ['Alpha', 'charlie', 'Bravo', 'Delta']],
    ['?sort_by=name&sort_order=ascending', ['Alpha', 'Bravo', 'Delta', 'charlie']],
    ['?sort_by=status&sort_order=ascending', ['Bravo', 'Delta', 'Alpha', 'charlie']],
    ['?sort_by=total_task_count', ['Bravo', 'Delta', 'charlie', 'Alpha']],
    ['?limit=3&page=1', ['Delta']],
    ['?limit=2', ['Bravo', 'charlie']],
    ['?page=1', []],
  ])('GET %s', async (query, expected) => {
    const { status, body } = await acme.get(`/batch-call/list${query}`)
    expect(status).toBe(200)
    expect(names(body)).toEqual(expected)
    expect(body).toMatchObject({ message: 'Batch calls retrieved successfully', data: { pagination: { total: 4 } } })
  })

  it.each<[object | undefined, string[], object]>([
    [{}, ['Bravo', 'charlie', 'Alpha', 'Delta'], {}],
    [{ status: ['draft', 'COMPLETED'] }, ['Bravo', 'Delta'], { status: '2 values' }],
    [{ agent_id: [AGENT] }, ['charlie'], { agent_id: '1 value' }],
    [{ name: ['AL', 'rav'] }, ['Bravo', 'Alpha'], { name: '2 values' }],
    [{ status: ['scheduled'], name: ['alpha'] }, ['Alpha'], { status: '1 value', name: '1 value' }],
    [{ status: [] }, [], { status: '0 values' }],
  ])('POST %j', async (filter_criteria, expected, applied_filters) => {
    const { body } = await acme.post('/batch-call/list', { filter_criteria })
    expect(names(body)).toEqual(expected)
    expect(body.data).toMatchObject({ applied_filters, pagination: { page: 0, total: expected.length } })
  })

  it('pages in both forms alike', async () => {
    const asked = { pagination: { page: 1, limit: 3 }, sort_by: 'name', sort_order: 'ascending' }
    const { data } = (await acme.post('/batch-call/list', asked)).body
    expect(names({ data })).toEqual(['charlie'])
    expect(data.pagination).toEqual({ page: 1, limit: 3, total: 4, total_pages: 2 })
    const renamed = (await acme.get('/batch-call/list?limit=1&sort_order=ascending')).body.data.batch_calls[0]
    await acme.send('PATCH', `/batch-call/${renamed.batch_call_id}`, { name: 'Echo' })
    expect(names((await acme.get('/batch-call/list?limit=1')).body)).toEqual(['Echo'])
  })

  it('shows nothing of others', async () => {
    const globex = new Client(world, 'zudu', 'globex')
    expect((await globex.get('/batch-call/list')).body.data).toMatchObject({
      batch_calls: [],
      pagination: { total: 0 },
    })
  })
})
