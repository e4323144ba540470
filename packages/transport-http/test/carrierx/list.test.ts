import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { carrierx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { INVENTORY, PHONES, TASKS } from './numbers.js'

const numbers = { type: 'phonenumber', field: 'phonenumber' }

describe('a list of tasks', () => {
  let world: World
  let acme: Client
  /** Five tasks, a minute apart: two that wait, three that have ended. */
  const sids: string[] = []
  beforeAll(async () => {
    world = await World.open({ dialects: [carrierx()], inventory: { numbers: INVENTORY } })
    acme = new Client(world, 'carrierx')
    const bodies = [
      { ...numbers, method: 'PATCH', data: { trunk_group_sid: 'a b', priority: 3 }, entries: [PHONES[0]] },
      { ...numbers, method: 'PATCH', data: { trunk_group_sid: 'c' }, entries: [...PHONES], review: false },
      { method: 'POST', type: 'phonenumber', data: [{ tags: ['x'] }, { trunk_group_sid: 'a b' }], review: false },
      { ...numbers, method: 'PATCH', data: { tags: [] }, entries: ['14155550177'], review: false },
      { ...numbers, method: 'DELETE', entries: [PHONES[1]] },
    ]
    for (const body of bodies) {
      sids.push((await acme.post(TASKS, body)).body.task_sid)
      await world.advance(60_000)
    }
  })
  afterAll(() => world.close())

  const list = async (query: string) => (await acme.get(`${TASKS}?${query}`)).body
  /** The numbers of the tasks that are listed, in order. */
  const places = (body: { items: { task_sid: string }[] }) => body.items.map((task) => sids.indexOf(task.task_sid))
  const filtered = async (filter: string) => places(await list(`filter=${encodeURIComponent(filter)}`)).toSorted()

  it('is newest first, ten at most, and says how many there are', async () => {
    const body = await list('')
    expect(places(body)).toEqual([4, 3, 2, 1, 0])
    expect(body).toMatchObject({ count: 5, has_more: false, limit: 10, offset: 0, pagination: {}, total: 5 })
    expect(body.items[0]).toEqual((await acme.get(`${TASKS}/${sids[4]}`)).body)
  })

  it.each([
    'limit=2',
    'limit=2&order=date_created+asc',
    'limit=2&order=status&filter=total+ge+1&include_fields=task_sid',
  ])('is read page by page with ?%s, by the URL that each page gives', async (query) => {
    const all: number[] = []
    let url = `${TASKS}?${query}`
    for (let page = 0; page < 3; page++) {
      const { body } = await acme.get(url)
      all.push(...places(body))
      expect(body).toMatchObject({ count: page < 2 ? 2 : 1, has_more: page < 2, offset: 2 * page, total: 5 })
      if (page === 2) expect(body.pagination).toEqual({})
      url = body.pagination.next
      if (page < 2) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/core\/v2\/batch\/tasks\?/)
    }
    expect(all).toHaveLength(5)
    expect(new Set(all).size).toBe(5)
  })

  it('goes on after a task, and back before one', async () => {
    const after = await list(`limit=2&after=${sids[4]}`)
    expect(places(after)).toEqual([3, 2])
    expect(places((await acme.get(after.pagination.next)).body)).toEqual([1, 0])
    const before = await list(`limit=2&before=${sids[0]}`)
    expect(places(before)).toEqual([2, 1])
    expect(before.has_more).toBe(true)
    const first = (await acme.get(before.pagination.next)).body
    expect([places(first), first.has_more]).toEqual([[4, 3], false])
  })

  it('is in the order that is asked for', async () => {
    expect(places(await list('order=date_created'))).toEqual([0, 1, 2, 3, 4])
    expect(places(await list('order=date_created+desc'))).toEqual([4, 3, 2, 1, 0])
    expect(places(await list('order=success%2Bdesc')).slice(0, 2)).toEqual([2, 1])
    expect(places(await list('order=method'))).toEqual([4, 3, 1, 0, 2])
    expect(places(await list('order=shuffle')).toSorted()).toEqual([0, 1, 2, 3, 4])
    const part = await list('order=shuffle&limit=2')
    expect(part).toMatchObject({ count: 2, has_more: true, pagination: {} })
  })

  it.each<[string, number[]]>([
    ['status eq pending_review', [0, 4]],
    ["status eq 'completed' and failure gt 0", [3]],
    ['status ne completed', [0, 4]],
    ['status in completed,cancelled', [1, 2, 3]],
    ['total ge 2', [1, 2]],
    ['total lt 2 and success le 0', [0, 3, 4]],
    ['field eq null', [2]],
    ["field eq 'null'", []],
    ['field ne null', [0, 1, 3, 4]],
    ['review eq true', [0, 4]],
    ['method like P%', [0, 1, 2, 3]],
    ['method like P__T', [2]],
    ['method ilike "%st"', [2]],
    [`entries eq ${PHONES[1]}`, [1, 4]],
    ['entries like 1415%', [3]],
    ["data.trunk_group_sid eq 'a b'", [0, 2]],
    ['data.trunk_group_sid eq "a b" and method eq PATCH', [0]],
    ['data.priority gt 2', [0]],
    ['data.priority eq null', [1, 2, 3, 4]],
    ['data.__proto__ ne null', []],
    ['data.tags eq x', [2]],
    ['type eq trunk', []],
    ['date_created gt 2000-01-01', [0, 1, 2, 3, 4]],
    ['date_created lt 2000-01-01', []],
    ['date_created gt yesterday', []],
  ])('is filtered by %s', async (filter, expected) => {
    expect(await filtered(filter)).toEqual(expected)
  })

  it('finds a task by its time and by its sid', async () => {
    const { date_created: at } = (await acme.get(`${TASKS}/${sids[2]}`)).body
    expect(await filtered(`date_created ge ${at}`)).toEqual([2, 3, 4])
    expect(await filtered(`task_sid eq ${sids[3]}`)).toEqual([3])
  })

  it.each([
    'include_fields=total,task_sid',
    'includeFields=total&includeFields=task_sid',
    'include_fields=total,status,task_sid&exclude_fields=status',
  ])('shows with ?%s those fields only', async (query) => {
    const { body } = await acme.get(`${TASKS}/${sids[1]}?${query}`)
    expect(body).toEqual({ task_sid: sids[1], total: 2 })
    const { items } = await list(query)
    for (const task of items) expect(Object.keys(task)).toEqual(['task_sid', 'total'])
  })

  it('leaves out what is excluded', async () => {
    const { body } = await acme.get(`${TASKS}/${sids[1]}?excludeFields=data,entries`)
    expect(Object.keys(body)).toHaveLength(13)
    expect(body).not.toHaveProperty('data')
    expect(body).not.toHaveProperty('entries')
  })
})
