import { memoryDirectory } from 'outdial'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHttpTransport, type TelnyxOptions, telnyx, uuidOf } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World, type WorldOptions } from '../support/world.js'
import { IDS, INVENTORY, PHONES } from './sdk.js'

const JOBS = '/v2/phone_numbers/jobs'
const UPDATE = `${JOBS}/update_phone_numbers`
const DELETE = `${JOBS}/delete_phone_numbers`
const EMERGENCY = `${JOBS}/update_emergency_settings`
const [first, second] = IDS as unknown as [string, string]
const tags = ['x']

let world: World
let acme: Client
async function open(options: TelnyxOptions = {}, inventory: WorldOptions['inventory'] = {}): Promise<void> {
  await world?.close()
  world = await World.open({ dialects: [telnyx(options)], inventory: { numbers: INVENTORY, ...inventory } })
  acme = new Client(world, 'telnyx')
}
beforeEach(async () => {
  world = await World.open({ dialects: [telnyx()], inventory: { numbers: INVENTORY } })
  acme = new Client(world, 'telnyx')
})
afterEach(() => world.close())

const job = async (id: string) => (await acme.get(`${JOBS}/${id}`)).body.data

describe('a request that is sent twice', () => {
  it('makes one job, and is answered although its numbers are gone', async () => {
    const key = { 'idempotency-key': 'remove-1' }
    const made = await acme.post(DELETE, { phone_numbers: [first, PHONES[1]] }, key)
    await world.advance(1000)
    const again = await acme.post(DELETE, { phone_numbers: [first, PHONES[1]] }, key)
    expect(again.status).toBe(202)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(made.headers.get('idempotent-replayed')).toBeNull()
    expect(again.body.data).toMatchObject({ id: made.body.data.id, status: 'completed', pending_operations: [] })
    expect(world.inventory.ledger.counts()).toMatchObject({ deleted: 2 })
    expect((await acme.get(JOBS)).body.meta.total_results).toBe(1)
  })

  it('is refused when it is another one, with a status that clients do not repeat', async () => {
    const key = { 'idempotency-key': 'tag-1' }
    await acme.post(UPDATE, { phone_numbers: [first], tags }, key)
    const { status, body } = await acme.post(UPDATE, { phone_numbers: [second], tags }, key)
    expect({ status, code: body.errors[0].code }).toEqual({ status: 422, code: '10015' })
  })

  it('may be sent again after it was refused', async () => {
    const key = { 'idempotency-key': 'tag-2' }
    expect((await acme.post(UPDATE, { phone_numbers: ['+13125550150'], tags }, key)).status).toBe(422)
    world.inventory.add('acme', '+13125550150')
    expect((await acme.post(UPDATE, { phone_numbers: ['+13125550150'], tags }, key)).status).toBe(202)
  })
})

describe('open jobs', () => {
  const refused = (most: number) => ({
    status: 422,
    body: {
      errors: [
        {
          code: '10015',
          title: 'Bad Request',
          detail: `You can have at most ${most} pending or in progress jobs`,
          source: { pointer: '/base' },
        },
      ],
    },
  })

  it('are twenty of updates and deletions, and more when one has ended', async () => {
    for (let i = 0; i < 20; i++)
      expect(
        (await acme.post(i % 2 ? UPDATE : DELETE, { phone_numbers: [first], ...(i % 2 && { tags }) })).status,
      ).toBe(202)
    expect(await acme.post(UPDATE, { phone_numbers: [first], tags })).toMatchObject(refused(20))
    expect(await acme.post(DELETE, { phone_numbers: [first] })).toMatchObject(refused(20))
    const other = await acme.post(EMERGENCY, { phone_numbers: [first], emergency_enabled: false })
    expect(other.status).toBe(202)
    expect((await acme.get(JOBS)).body.meta.total_results).toBe(21)
    await world.advance(5000)
    expect((await acme.post(UPDATE, { phone_numbers: [second], tags })).status).toBe(202)
  })

  it('of emergency settings are counted apart', async () => {
    await open({ openJobs: { emergency: 2 } })
    const set = () => acme.post(EMERGENCY, { phone_numbers: [first], emergency_enabled: false })
    expect([(await set()).status, (await set()).status]).toEqual([202, 202])
    expect(await set()).toMatchObject(refused(2))
    expect((await acme.post(UPDATE, { phone_numbers: [first], tags })).status).toBe(202)
  })

  it('are five hundred of emergency settings unless told otherwise', async () => {
    const made = world.engine.operations
    const spec = { name: 'E', organization: 'acme', type: 'phonenumber', method: 'update', field: 'id' } as const
    const data = { emergency_enabled: false, emergency_address_id: null }
    for (let i = 0; i < 500; i++) await made.create({ ...spec, data, entries: [first] })
    expect(await acme.post(EMERGENCY, { phone_numbers: [first], emergency_enabled: false })).toMatchObject(refused(500))
  })

  it('are never more, however many requests come at once', async () => {
    await open({ openJobs: { numbers: 5 } }, { latency: [60_000, 60_000] })
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => acme.post(UPDATE, { phone_numbers: [first], tags })),
    )
    const taken = answers.filter(({ status }) => status === 202).map(({ body }) => body.data.id as string)
    expect(taken).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(25)
    // Nothing is left of those that were refused.
    const { body } = await acme.get(`${JOBS}?page[size]=250`)
    expect(body.data.map(({ id }: { id: string }) => id).sort()).toEqual(taken.sort())
    expect(await acme.post(UPDATE, { phone_numbers: [first], tags })).toMatchObject(refused(5))
  })
})

it('holds the limit of open jobs between servers, and leaves nothing of what it refused', async () => {
  await open({ openJobs: { numbers: 5 } }, { latency: [60_000, 60_000] })
  const servers = Array.from({ length: 3 }, () =>
    createHttpTransport({
      engine: world.engine,
      directory: memoryDirectory({}),
      auth: async () => ({ organization: 'acme', scopes: ['*'] }),
      resources: [world.inventory],
      clock: world.clock,
      dialects: [telnyx({ openJobs: { numbers: 5 } })],
    }),
  )
  const ask = (server: number) =>
    servers[server % 3]?.(
      new Request(`http://localhost${UPDATE}`, {
        method: 'POST',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
        body: JSON.stringify({ phone_numbers: [first], tags }),
      }),
    ) as Promise<Response>
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 6 }, (_, i) => ask(i)))
  for (let i = 0; i < 6; i++) await ask(i)
  const { items } = await world.engine.operations.list({ organization: 'acme' })
  expect(items).toHaveLength(5)
  for (const { state } of items) expect(['queued', 'running']).toContain(state)
})

describe('a back end that does not say whose the numbers are', () => {
  it('is not waited for, and keeps nobody else from being answered', async () => {
    const { find } = world.inventory
    world.inventory.find = (organization, selector) =>
      selector.value === first ? new Promise(() => {}) : find(organization, selector)
    const asked = acme.post(UPDATE, { phone_numbers: [first], tags })
    const next = acme.post(UPDATE, { phone_numbers: [second], tags })
    let answers = 0
    for (const one of [asked, next]) void one.then(() => answers++)
    while (answers < 2) {
      await world.advance(10_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await asked).status).toBe(500)
    expect((await next).status).toBe(202)
    expect(world.errors.splice(0).map(String)).toEqual(['Error: telnyx: the numbers were not found within 30 s'])
    expect((await acme.get(JOBS)).body.meta.total_results).toBe(1)
  })
})

describe('jobs that do not end well', () => {
  it('expire at their deadline, and their numbers with them', async () => {
    await open(
      { deadline: 3_600_000, perNumber: 3_000_000 },
      { faults: { unavailable: ({ entry }) => entry === second } },
    )
    const { body } = await acme.post(UPDATE, { phone_numbers: [first, second], tags })
    const created = Date.parse(body.data.created_at)
    // No later than when it is given up.
    expect(Date.parse(body.data.etc)).toBe(created + 3_600_000)
    await world.advance(600_000)
    expect(await job(body.data.id)).toMatchObject({
      status: 'in_progress',
      successful_operations: [{ id: first }],
      pending_operations: [{ id: second, phone_number: PHONES[1] }],
    })
    await world.advance(3_600_000)
    expect(await job(body.data.id)).toMatchObject({
      status: 'expired',
      successful_operations: [{ id: first }],
      pending_operations: [],
      failed_operations: [
        { id: second, phone_number: PHONES[1], errors: [{ code: '10008', title: 'Request timeout' }] },
      ],
    })
  })

  it('fail when nothing of them was done', async () => {
    await open({}, { faults: { fails: [{ when: 1, code: '10002', title: 'Invalid phone number' }] } })
    const { body } = await acme.post(UPDATE, { phone_numbers: [first], tags })
    await world.advance(1000)
    expect(await job(body.data.id)).toMatchObject({
      status: 'failed',
      failed_operations: [
        { errors: [{ code: '10002', title: 'Invalid phone number', detail: 'Invalid phone number' }] },
      ],
    })
  })

  it('tell of numbers that are gone, of which nobody knows, and that were called off', async () => {
    await open({}, { faults: { timeoutNotApplied: ({ entry }) => entry === second } })
    const { body } = await acme.post(UPDATE, { phone_numbers: [first, second], tags })
    await world.advance(600_000)
    expect(await job(body.data.id)).toMatchObject({
      status: 'completed',
      failed_operations: [{ id: second, errors: [{ code: '10008', title: 'Request timeout' }] }],
    })
    const organization = 'acme'
    const spec = { name: 'X', organization, type: 'phonenumber', method: 'update', data: { tags } } as const
    const gone = await world.engine.operations.create({ ...spec, entries: ['+13125550150'], start: 'now' })
    const off = await world.engine.operations.create({ ...spec, entries: [PHONES[0] as string] })
    await off.cancel()
    await world.advance(1000)
    expect(await job(uuidOf(gone.id))).toMatchObject({
      status: 'failed',
      failed_operations: [{ phone_number: '+13125550150', errors: [{ code: '10005', title: 'Resource not found' }] }],
    })
    expect(await job(uuidOf(off.id))).toMatchObject({
      status: 'failed',
      failed_operations: [{ phone_number: PHONES[0], errors: [{ code: '10015' }] }],
    })
  })
})

describe('jobs that were made otherwise', () => {
  it('are shown when they change or delete numbers, and are not when they do anything else', async () => {
    const { operations } = world.engine
    const common = { organization: 'acme', type: 'phonenumber', start: 'now' } as const
    const changed = await operations.create({
      ...common,
      name: 'Tag',
      method: 'update',
      entries: [PHONES[1] as string, PHONES[0] as string, PHONES[1] as string],
      data: { tags },
    })
    const removed = await operations.create({
      ...common,
      name: 'Drop',
      method: 'delete',
      field: 'id',
      entries: [first],
    })
    const made = await operations.create({ ...common, name: 'Buy', method: 'create', data: [{}] })
    const draft = await operations.create({
      ...common,
      name: 'Wait',
      method: 'delete',
      field: 'id',
      entries: [second],
      start: 'draft',
      review: true,
    })
    const before = await job(uuidOf(changed.id))
    expect(before.phone_numbers).toEqual([{ phone_number: PHONES[1] }, { phone_number: PHONES[0] }])
    await world.advance(1000)
    const both = (i: number) => ({ id: IDS[i], phone_number: PHONES[i] })
    expect(await job(uuidOf(changed.id))).toMatchObject({
      type: 'update_phone_numbers',
      status: 'completed',
      successful_operations: [both(1), both(0), both(1)],
    })
    expect(await job(uuidOf(removed.id))).toMatchObject({
      type: 'delete_phone_numbers',
      phone_numbers: [{ id: first }],
      successful_operations: [both(0)],
    })
    expect(await job(uuidOf(draft.id))).toMatchObject({ status: 'pending', pending_operations: [{ id: second }] })
    expect((await acme.get(`${JOBS}/${uuidOf(made.id)}`)).status).toBe(404)
    const { body } = await acme.get(JOBS)
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([draft, removed, changed].map(({ id }) => uuidOf(id)))
  })
})

it('refuses options that cannot be', () => {
  for (const options of [{ deadline: 0 }, { perNumber: -1 }, { openJobs: { numbers: 0 } }])
    expect(() => telnyx(options)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
})
