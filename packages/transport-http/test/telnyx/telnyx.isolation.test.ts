import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { telnyx, uuidOf } from '../../src/index.js'
import { Client } from '../support/client.js'
import { describeIsolation } from '../support/isolation.js'
import { NUMBERS } from '../support/people.js'
import { World } from '../support/world.js'
import { INVENTORY, NUMBERS as MINE, THEIRS } from './sdk.js'

const JOBS = '/v2/phone_numbers/jobs'
const BODIES: Readonly<Record<string, unknown>> = {
  [`POST ${JOBS}/update_phone_numbers`]: { phone_numbers: NUMBERS.acme, tags: ['spring'] },
  [`POST ${JOBS}/delete_phone_numbers`]: { phone_numbers: NUMBERS.acme },
  [`POST ${JOBS}/update_emergency_settings`]: { phone_numbers: NUMBERS.acme, emergency_enabled: false },
}

describeIsolation('telnyx', {
  dialect: telnyx(),
  unknown: { id: uuidOf('job_000000000000000000') },
  body: ({ method, path }) => BODIES[`${method} ${path}`],
  async make(client, world) {
    const made = [await client.post(`${JOBS}/update_phone_numbers`, BODIES[`POST ${JOBS}/update_phone_numbers`])]
    await world.advance(1000)
    made.push(await client.post(`${JOBS}/delete_phone_numbers`, { phone_numbers: NUMBERS.acme.slice(0, 1) }))
    return made.map(({ body }) => ({ id: body.data.id as string }))
  },
})

describe('numbers and jobs of others', () => {
  let world: World
  let acme: Client
  let globex: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [telnyx()], inventory: { numbers: INVENTORY } })
    acme = new Client(world, 'telnyx')
    globex = new Client(world, 'telnyx', 'globex')
  })
  afterAll(() => world.close())

  it.each(Object.keys(BODIES))('%s takes none of them, and does not tell that they are there', async (route) => {
    const path = route.slice('POST '.length)
    const ask = async (...names: string[]) => {
      const { status, body } = await acme.post(path, { ...(BODIES[route] as object), phone_numbers: names })
      return { status, body }
    }
    const nobodys = await ask('+13125550198')
    expect(nobodys).toMatchObject({ status: 422, body: { errors: [{ source: { pointer: '/phone_numbers' } }] } })
    expect(await ask(THEIRS.phonenumber)).toEqual(nobodys)
    expect(await ask(THEIRS.id)).toEqual(nobodys)
    expect(await ask(MINE[0].id, THEIRS.id)).toEqual(nobodys)
    await world.advance(1000)
    expect(world.inventory.numbers('globex')[0]?.fields).toEqual({
      ...THEIRS,
      tags: [],
      deletion_lock_enabled: false,
    })
  })

  it('are found by no filter and in no list', async () => {
    const made = await globex.post(`${JOBS}/update_phone_numbers`, { phone_numbers: [THEIRS.id], tags: ['theirs'] })
    await world.advance(1000)
    const filtered = await acme.post(`${JOBS}/update_phone_numbers?filter[phone_number]=0199`, { tags: ['x'] })
    expect(filtered.status).toBe(422)
    const all = `${JOBS}?filter[phone_number]=${encodeURIComponent(THEIRS.phonenumber)}`
    expect((await globex.get(all)).body.data).toMatchObject([{ id: made.body.data.id }])
    expect((await acme.get(all)).body).toMatchObject({ data: [], meta: { total_results: 0 } })
    expect((await acme.get(JOBS)).body.data).toEqual([])
  })

  it('are not looked up for a key that may only read', async () => {
    const reader = new Client(world, 'telnyx', 'reader')
    expect((await reader.get(JOBS)).status).toBe(200)
    for (const [route, body] of Object.entries(BODIES)) {
      const { status, body: told } = await reader.post(route.slice('POST '.length), body)
      expect({ status, code: told.errors[0].code }).toEqual({ status: 403, code: '10006' })
    }
  })
})
