import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TelnyxOptions, telnyx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { IDS, NUMBERS, PHONES, sdk } from './sdk.js'

const UPDATE = '/v2/phone_numbers/jobs/update_phone_numbers'
const [a, b, c, d] = NUMBERS
const SHELF = [
  { ...a, tags: ['north', 'vip'], connection_id: 'c1', connection_name: 'Main Office', bundle_id: 'b1' },
  { ...b, tags: ['north'], billing_group_id: 'g1', 'voice.usage_payment_method': 'channel', status: 'emergency-only' },
  { ...c, emergency_address_id: 'e1', customer_reference: 'MY REF 001', connection_name: 'Branch office' },
  { ...d, billing_group_id: null, status: 'port_pending' },
]

async function open(
  options: TelnyxOptions = {},
  acme: readonly (string | Record<string, unknown>)[] = SHELF,
): Promise<World> {
  return World.open({
    dialects: [telnyx({ openJobs: { numbers: 100 }, ...options })],
    inventory: { numbers: { acme } },
  })
}

describe('filters of an update', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await open()
    acme = new Client(world, 'telnyx')
  })
  afterAll(() => world.close())

  it.each<[string, string[]]>([
    ['filter[tag]=north', [a.id, b.id]],
    ['filter[tag]=vip', [a.id]],
    ['filter[connection_id]=c1', [a.id]],
    ['filter[has_bundle]=true', [a.id]],
    ['filter[has_bundle]=false', [b.id, c.id, d.id]],
    ['filter[phone_number]=0102', [c.id]],
    ['filter[phone_number]=312555', [a.id, b.id, c.id, d.id]],
    ['filter[status]=active', [a.id, c.id]],
    ['filter[status]=emergency-only', [b.id]],
    ['filter[status]=port-pending', [d.id]],
    ['filter[status]=port_pending', [d.id]],
    ['filter[voice.connection_name][contains]=OFFICE', [a.id, c.id]],
    ['filter[voice.connection_name][starts_with]=main', [a.id]],
    ['filter[voice.connection_name][ends_with]=office', [a.id, c.id]],
    ['filter[voice.connection_name][eq]=Branch office', [c.id]],
    ['filter[voice.usage_payment_method]=channel', [b.id]],
    ['filter[voice.usage_payment_method]=pay-per-minute', [a.id, c.id, d.id]],
    ['filter[billing_group_id]=g1', [b.id]],
    ['filter[billing_group_id]=null', [a.id, c.id, d.id]],
    ['filter[emergency_address_id]=e1', [c.id]],
    ['filter[emergency_address_id]=null', [a.id, b.id, d.id]],
    ['filter[customer_reference]=MY REF 001', [c.id]],
    ['filter[tag]=north&filter[billing_group_id]=null', [a.id]],
  ])('%s', async (query, ids) => {
    const made = await acme.post(`${UPDATE}?${query.replaceAll(' ', '%20')}`, { hd_voice_enabled: true })
    expect(made.status).toBe(202)
    const found = made.body.data.pending_operations.map(({ id }: { id: string }) => id)
    expect([...found].sort()).toEqual([...ids].sort())
    expect(made.headers.get('x-matched-count')).toBe(String(ids.length))
    await world.advance(1000)
    const job = (await acme.get(`/v2/phone_numbers/jobs/${made.body.data.id}`)).body.data
    expect(job).toMatchObject({ status: 'completed', phone_numbers: found.map((id: string) => ({ id })) })
  })

  it.each([
    ['filter[tag]=south', '/phone_numbers'],
    // A non-digit finds nothing.
    [`filter[phone_number]=%2B1312`, '/phone_numbers'],
  ])('%s finds nothing, which is told', async (query, pointer) => {
    const { status, body } = await acme.post(`${UPDATE}?${query}`, { tags: [] })
    expect({ status, errors: body.errors }).toMatchObject({
      status: 422,
      errors: [{ detail: 'You must provide at least 1 phone number.', source: { pointer } }],
    })
  })

  it.each([
    ['filter[phone_number]=12', 'filter[phone_number]'],
    ['filter[status]=asleep', 'filter[status]'],
    ['filter[has_bundle]=maybe', 'filter[has_bundle]'],
    ['filter[voice.connection_name][contains]=ab', 'filter[voice.connection_name][contains]'],
    ['filter[voice.connection_name]=abc', 'filter[voice.connection_name]'],
    ['filter[voice.connection_name][like]=abc', 'filter[voice.connection_name][like]'],
    ['filter[tag][]=north', 'filter[tag]'],
    ['filter[tag]=north&filter[tag]=vip', 'filter[tag]'],
    ['filter[tag]=', 'filter[tag]'],
    ['filter[colour]=red', 'filter[colour]'],
    ['filter[tag', 'filter[tag'],
    ['tag=north', 'tag'],
  ])('%s is refused by name', async (query, parameter) => {
    const { status, body } = await acme.post(`${UPDATE}?${query}`, { tags: [] })
    expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ source: { parameter } }] })
  })

  it('count for nothing when numbers are named, and everything when the list is empty', async () => {
    const { jobs } = sdk(world).phoneNumbers
    const filter = { tag: 'vip' }
    const named = await jobs.updateBatch({ phone_numbers: [PHONES[3] as string], filter, tags: ['x'] })
    expect(named.data?.pending_operations).toMatchObject([{ id: IDS[3] }])
    const found = await jobs.updateBatch({ phone_numbers: [], filter, connection_id: 'c2' })
    expect(found.data?.pending_operations).toMatchObject([{ id: IDS[0] }])
    await world.advance(1000)
    const empty = await acme.post(`${UPDATE}?filter[voice.connection_name]=`, { tags: ['x'] })
    expect(empty.status).toBe(422)
  })
})

describe('a filter that finds more than a thousand', () => {
  const shelf = Array.from({ length: 1003 }, (_, i) => ({
    id: String(1002 - i),
    phonenumber: `+1${200 + Math.floor(i / 100)}55501${String(i % 100).padStart(2, '0')}`,
  }))

  it('takes the first thousand by id, and says how many there were', async () => {
    const world = await open({}, shelf)
    const { data, response } = await sdk(world)
      .phoneNumbers.jobs.updateBatch({ phone_numbers: [], filter: { phone_number: '555' }, tags: ['x'] })
      .withResponse()
    const ids = data.data?.pending_operations?.map(({ id }) => id)
    expect(ids).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)))
    expect(response.headers.get('x-matched-count')).toBe('1003')
    expect(data.data?.etc).toBe(new Date(Date.parse(data.data?.created_at as string) + 1_000_000).toISOString())
    await world.advance(60_000)
    const job = await sdk(world).phoneNumbers.jobs.retrieve(data.data?.id as string)
    expect(job.data?.successful_operations).toHaveLength(1000)
    await world.close()
  })

  it('is refused when told so', async () => {
    const world = await open({ filterOverflow: 'refuse' }, shelf)
    const { status, body } = await new Client(world, 'telnyx').post(`${UPDATE}?filter[phone_number]=555`, { tags: [] })
    expect({ status, detail: body.errors[0].detail }).toEqual({
      status: 422,
      detail: '1000 numbers is the maximum allowed.',
    })
    await world.close()
  })
})

it('is refused by name where numbers cannot be listed', async () => {
  const world = await open()
  // A back end without the optional method.
  delete (world.inventory as { list?: unknown }).list
  const { status, body } = await new Client(world, 'telnyx').post(`${UPDATE}?filter[tag]=north`, { tags: [] })
  expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ source: { parameter: 'filter' } }] })
  await world.close()
})
