import { expect } from 'vitest'
import type { Client } from '../support/client.js'
import type { World } from '../support/world.js'
import { PHONES, PRINTED, TASKS } from './numbers.js'

/** The inventory's refusal of the story: a trunk group that there is not, for one of the numbers. */
export const FAULTS = {
  fails: [
    {
      when: ({ data, entry }: { data?: Readonly<Record<string, unknown>>; entry?: string }) =>
        data?.trunk_group_sid === 'nowhere' && entry === `+${PHONES[1]}`,
      code: '10015',
      title: 'Bad value',
      detail: 'there is no such trunk group',
      pointer: '/trunk_group_sid',
    },
  ],
}

/** What a client sees of its tasks, from the purchase of two numbers to their end. `end` waits until a task has ended. */
export async function story(world: World, acme: Client, end: (sid: string) => Promise<void>): Promise<void> {
  const json = { 'content-type': 'application/json' }
  const create = async (body: string | object) => {
    const { status, body: task } = await acme.post(TASKS, body, json)
    expect({ status, task: task.status, total: task.total }).toEqual({ status: 200, task: 'created', total: null })
    return task.task_sid as string
  }
  const get = async (sid: string) => (await acme.get(`${TASKS}/${sid}`)).body
  const change = (sid: string, body: object) => acme.send('PATCH', `${TASKS}/${sid}`, body)
  const counted = (total: number, success: number, failure: number) => ({
    total,
    processed: success + failure,
    success,
    failure,
  })
  const held = () =>
    world.inventory
      .numbers('acme')
      .map(({ fields }) => [fields.phonenumber, fields.trunk_group_sid])
      .sort()
  const errorsOf = async (sid: string) => (await acme.get(`${TASKS}/${sid}/errors?offset=0&limit=1000`)).body

  const bought = await create(PRINTED.POST.text)
  await end(bought)
  expect(await get(bought)).toMatchObject({ ...PRINTED.POST.shows, status: 'completed', ...counted(2, 2, 0) })
  const [group, other] = [PRINTED.POST.shows.data[0]?.trunk_group_sid, PRINTED.PATCH.shows.data.trunk_group_sid]
  expect(held()).toEqual(PHONES.map((phone) => [`+${phone}`, group]))
  expect(await errorsOf(bought)).toEqual({ items: [] })

  const again = await create(PRINTED.POST.text)
  await end(again)
  expect(await get(again)).toMatchObject({ status: 'completed', ...counted(2, 0, 2) })
  expect(await errorsOf(again)).toEqual({
    items: PHONES.map((phone) => ({
      error: {
        errors: [{ field: 'phonenumber', message: 'this phonenumber already exists' }],
        message: 'object validation error',
      },
      key: `{"phonenumber":${phone}}`,
    })),
  })

  const moved = await create(PRINTED.PATCH.text)
  expect(await get(moved)).toMatchObject({ status: 'pending_review', ...counted(2, 0, 0) })
  const review = await acme.get(`${TASKS}/${moved}/review_items`)
  expect(review.body).toEqual({
    method: 'PATCH',
    review_items: PHONES.map((phone) => ({
      description: `phonenumber ${phone}`,
      fields: { trunk_group_sid: other },
      sid: expect.any(String),
      version: 1,
    })),
    type: 'phonenumber',
  })
  const file = await acme.get(`${TASKS}/${moved}/review_items.csv`)
  const [head, ...lines] = file.text.trim().split('\r\n')
  expect(file.headers.get('content-type')).toContain('text/csv')
  expect(head).toBe('sid,description,version,trunk_group_sid')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(new RegExp(`^[^,]+,phonenumber ${PHONES[0]},1,${other}$`))
  const approved = await change(moved, { status: 'approved' })
  expect(approved.body).toMatchObject({ ...PRINTED.PATCH.shows, status: 'approved', ...counted(2, 0, 0) })
  await end(moved)
  expect(await get(moved)).toMatchObject({ status: 'completed', ...counted(2, 2, 0) })
  expect(held().map(([, trunk]) => trunk)).toEqual([other, other])
  expect((await acme.get(`${TASKS}/${moved}/review_items`)).body).toMatchObject({ review_items: [] })

  const data = { trunk_group_sid: 'nowhere' }
  const unknown = '14155550177'
  const mixed = await create({ ...JSON.parse(PRINTED.PATCH.text), review: false, data, entries: [...PHONES, unknown] })
  await end(mixed)
  expect(await get(mixed)).toMatchObject({ status: 'completed', ...counted(3, 1, 2) })
  expect((await errorsOf(mixed)).items).toMatchObject([
    {
      error: { errors: [{ field: 'trunk_group_sid', message: 'there is no such trunk group' }] },
      key: `{"phonenumber":${PHONES[1]}}`,
    },
    {
      error: { errors: [{ field: 'phonenumber', message: 'this phonenumber does not exist' }] },
      key: `{"phonenumber":${unknown}}`,
    },
  ])
  const second = (await acme.get(`${TASKS}/${mixed}/errors?offset=1&limit=1`)).body
  expect(second.items.map(({ key }: { key: string }) => key)).toEqual([`{"phonenumber":${unknown}}`])

  const spared = await create(PRINTED.DELETE.text)
  expect((await acme.get(`${TASKS}/${spared}/review_items`)).body.review_items).toMatchObject([
    { fields: {} },
    { fields: {} },
  ])
  expect((await change(spared, { status: 'cancelled' })).body).toMatchObject({
    status: 'cancelled',
    ...counted(2, 0, 0),
  })
  expect(await get(spared)).toMatchObject({ status: 'cancelled', ...counted(2, 0, 0) })
  expect(held()).toHaveLength(2)

  const removed = await create(PRINTED.DELETE.text)
  expect((await acme.send('DELETE', `${TASKS}/${removed}`)).status).toBe(409)
  expect((await change(removed, { status: 'approved' })).status).toBe(200)
  await end(removed)
  expect(await get(removed)).toMatchObject({ data: null, status: 'completed', ...counted(2, 2, 0) })
  expect(held()).toEqual([])

  const { body: list } = await acme.get(`${TASKS}?order=date_created+asc&limit=1000`)
  expect(new Set(list.items.map((task: { task_sid: string }) => task.task_sid))).toEqual(
    new Set([bought, again, moved, mixed, spared, removed]),
  )
  expect(list).toMatchObject({ count: 6, total: 6, has_more: false, pagination: {}, limit: 1000, offset: 0 })
  for (const sid of [bought, spared]) {
    const gone = await acme.send('DELETE', `${TASKS}/${sid}`)
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await acme.get(`${TASKS}/${sid}`)).status).toBe(404)
    expect((await acme.send('DELETE', `${TASKS}/${sid}`)).status).toBe(404)
  }
  expect((await acme.get(TASKS)).body.total).toBe(4)
}
