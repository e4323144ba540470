import Telnyx from 'telnyx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TelnyxOptions, telnyx, uuidOf } from '../../src/index.js'
import { type Answer, Client } from '../support/client.js'
import { World, type WorldOptions } from '../support/world.js'
import { IDS, INVENTORY, NUMBERS, PHONES, sdk } from './sdk.js'

const JOBS = '/v2/phone_numbers/jobs'
const UPDATE = `${JOBS}/update_phone_numbers`
const DELETE = `${JOBS}/delete_phone_numbers`
const EMERGENCY = `${JOBS}/update_emergency_settings`
const tags = ['spring']

/** An error as the service documents it. */
const wire = (code: string, title: string, detail: string, source?: object) => ({
  code,
  title,
  detail,
  meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
  ...(source && { source }),
})
const bad = (detail: string, pointer: string) => wire('10015', 'Bad Request', detail, { pointer })
const NOT_FOUND = wire('10005', 'Resource not found', 'The requested resource or URL could not be found.', {
  pointer: '/base',
})

/** All that an error says. */
const told = ({ status, body }: Answer) => ({ status, body })

const opened: World[] = []
async function clientOf(options: TelnyxOptions = {}, more: Partial<WorldOptions> = {}): Promise<[Client, World]> {
  const world = await World.open({ dialects: [telnyx(options)], inventory: { numbers: INVENTORY }, ...more })
  opened.push(world)
  return [new Client(world, 'telnyx'), world]
}
afterAll(async () => {
  for (const world of opened) await world.close()
})

describe('documented errors', () => {
  let acme: Client
  let world: World
  beforeAll(async () => {
    ;[acme, world] = await clientOf({ billingGroup: (organization, id) => organization === 'acme' && id === 'group-1' })
  })

  const numbers = (count: number) => Array.from({ length: count }, (_, i) => String(i))
  const page = (which: string) =>
    wire(
      '10015',
      'Invalid pagination',
      "The provided 'page' parameter is invalid. It must be an object with 'size' and/or 'number' with numeric values.",
      { pointer: `page/${which}` },
    )
  const sorting = wire(
    '10015',
    'Invalid sorting value',
    'The value provided for sorting is not valid. Check the value used and try again.',
    { pointer: '/sort' },
  )
  const most = bad('1000 numbers is the maximum allowed.', '/phone_numbers')
  const least = bad('You must provide at least 1 phone number.', '/phone_numbers')
  const present = bad('must be present', '/phone_numbers')
  const owned = bad('You must own every number in the bulk request', '/phone_numbers')

  it.each<[string, unknown, object]>([
    [UPDATE, { phone_numbers: numbers(1001), tags }, most],
    [DELETE, { phone_numbers: numbers(1001) }, most],
    [EMERGENCY, { phone_numbers: numbers(1001), emergency_enabled: false }, most],
    [UPDATE, { phone_numbers: [], tags }, least],
    [DELETE, { phone_numbers: [] }, least],
    [EMERGENCY, { phone_numbers: [], emergency_enabled: false }, least],
    [UPDATE, { tags }, present],
    [DELETE, {}, present],
    [EMERGENCY, { emergency_enabled: false }, present],
    [UPDATE, { phone_numbers: [PHONES[0], '+13125550198'], tags }, owned],
    [DELETE, { phone_numbers: ['77'] }, owned],
    [EMERGENCY, { phone_numbers: ['+1'], emergency_enabled: false }, owned],
    [UPDATE, { phone_numbers: IDS }, bad('You must provide at least 1 updateable field.', '/updateable_fields')],
    [
      UPDATE,
      { phone_numbers: IDS, voice: { call_recording: {} } },
      bad('You must provide at least 1 updateable field.', '/updateable_fields'),
    ],
  ])('422 of %s', async (path, body, error) => {
    expect(told(await acme.post(path, body))).toEqual({ status: 422, body: { errors: [error] } })
  })

  it.each<[string, object]>([
    ['page[number]=0', page('number')],
    ['page[number]=x', page('number')],
    ['page[number]=1.5', page('number')],
    ['page[size]=0', page('size')],
    ['page[size]=251', page('size')],
    ['page[size]=', page('size')],
    ['sort=updated_at', sorting],
    ['sort[]=created_at', sorting],
  ])('422 of a list with %s', async (query, error) => {
    expect(told(await acme.get(`${JOBS}?${query}`))).toEqual({ status: 422, body: { errors: [error] } })
  })

  it('401 of every route', async () => {
    const nobody = new Client(world, 'no dialect')
    const error = wire('10009', 'Authentication failed', 'Could not understand the provided credentials.')
    for (const path of [UPDATE, DELETE, EMERGENCY])
      expect(told(await nobody.post(path, {}))).toEqual({ status: 401, body: { errors: [error] } })
    for (const path of [JOBS, `${JOBS}/${uuidOf('job_1')}`])
      expect(told(await nobody.get(path))).toEqual({ status: 401, body: { errors: [error] } })
  })

  it('403 of a key that may not', async () => {
    const reader = new Client(world, 'telnyx', 'reader')
    const error = wire('10006', 'Not authorized', 'You are not authorized to access the requested resource.')
    for (const path of [UPDATE, DELETE, EMERGENCY])
      expect(told(await reader.post(path, {}))).toEqual({ status: 403, body: { errors: [error] } })
  })

  it('403 of a billing group of others', async () => {
    const set = (billing_group_id: string) => acme.post(UPDATE, { phone_numbers: IDS, billing_group_id })
    expect(told(await set('group-2'))).toEqual({
      status: 403,
      body: {
        errors: [
          wire(
            '10010',
            'Authorization Failed',
            'The specified billing group either does not exist or is not part of your account',
            { pointer: '/billing_group_id' },
          ),
        ],
      },
    })
    expect((await set('group-1')).status).toBe(202)
  })

  it('404 of a job that is not there, or a path', async () => {
    for (const path of [uuidOf('job_0'), 'not-a-uuid', '42587e44-3a3e-46de-9255-0c9a7a1d1ec7', 'a/b'])
      expect(told(await acme.get(`${JOBS}/${path}`))).toEqual({ status: 404, body: { errors: [NOT_FOUND] } })
    expect(told(await acme.get('/v2/calls'))).toEqual({ status: 404, body: { errors: [NOT_FOUND] } })
  })

  it('every one of them is read by the official client', async () => {
    const { jobs } = sdk(world).phoneNumbers
    await expect(jobs.retrieve(uuidOf('job_0'))).rejects.toBeInstanceOf(Telnyx.NotFoundError)
    await expect(sdk(world, 'reader').phoneNumbers.jobs.deleteBatch({ phone_numbers: [] })).rejects.toBeInstanceOf(
      Telnyx.PermissionDeniedError,
    )
    const refused = await jobs.deleteBatch({ phone_numbers: [] }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Telnyx.UnprocessableEntityError)
    expect((refused as { error: unknown }).error).toEqual({ errors: [least] })
  })
})

it('429 comes with the limits in its headers, and the official client waits and repeats', async () => {
  const [acme, world] = await clientOf({}, { transport: { limits: { rate: 1, burst: 2, unknownRate: 100 } } })
  for (let i = 0; i < 2; i++) expect((await acme.get(JOBS)).status).toBe(200)
  const refused = await acme.get(JOBS)
  expect(told(refused)).toEqual({
    status: 429,
    body: {
      errors: [wire('10011', 'Too many requests', 'You have exceeded the maximum number of allowed requests.')],
    },
  })
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1',
    'retry-after': '1',
  })
  const statuses: number[] = []
  const client = sdk(world, 'acme', {
    maxRetries: 1,
    fetch: async (url: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(url, init)
      statuses.push(response.status)
      // While the client waits, time goes on here too.
      if (response.status === 429) await world.advance(1000)
      return response
    },
  })
  expect((await client.phoneNumbers.jobs.list()).data).toEqual([])
  expect(statuses).toEqual([429, 200])
})

it('422 of numbers named in two ways, when told to be strict', async () => {
  const [acme] = await clientOf({ strictNumbers: true })
  const error = bad(
    'You must specify either all phone numbers in the e164 format or all as phone number ids',
    '/phone_numbers',
  )
  for (const [path, more] of [
    [UPDATE, { tags }],
    [DELETE, {}],
    [EMERGENCY, { emergency_enabled: false }],
  ] as const) {
    const mixed = await acme.post(path, { phone_numbers: [IDS[0], PHONES[1]], ...more })
    expect(told(mixed)).toEqual({ status: 422, body: { errors: [error] } })
  }
  for (const phone_numbers of [IDS, PHONES]) expect((await acme.post(UPDATE, { phone_numbers, tags })).status).toBe(202)
})

it('500 says nothing of what happened', async () => {
  const [acme, world] = await clientOf()
  world.inventory.setFaults({ findFails: 1 })
  const answer = await acme.post(DELETE, { phone_numbers: IDS })
  expect(told(answer)).toEqual({
    status: 500,
    body: { errors: [wire('10007', 'Unexpected error', 'An unexpected error occured.', { pointer: '/base' })] },
  })
  expect(answer.text).not.toContain('simulated')
  expect(world.errors.splice(0)).toHaveLength(1)
  expect((await acme.get(JOBS)).body.data).toEqual([])
})

describe('errors of the frame', () => {
  let acme: Client
  beforeAll(async () => {
    ;[acme] = await clientOf({}, { transport: { limits: { rate: 1e6, burst: 1e6, body: 2000 } } })
  })

  it.each<[string, number, string, () => Promise<{ status: number; body: { errors: { code: string }[] } }>]>([
    [
      'a body that is no JSON',
      400,
      '10015',
      () => acme.send('POST', DELETE, '{', { 'content-type': 'application/json' }),
    ],
    ['another type', 415, '10014', () => acme.send('POST', DELETE, 'a=b', { 'content-type': 'text/plain' })],
    ['a large body', 413, '10015', () => acme.post(DELETE, { phone_numbers: ['x'.repeat(3000)] })],
    ['another method', 405, '10015', () => acme.send('PUT', JOBS, {})],
    [
      'a bad Idempotency-Key',
      400,
      '10015',
      () => acme.post(DELETE, { phone_numbers: IDS }, { 'idempotency-key': 'é' }),
    ],
  ])('%s', async (_, status, code, ask) => {
    const answer = await ask()
    expect({ status: answer.status, code: answer.body.errors[0]?.code }).toEqual({ status, code })
  })
})

describe('fields that are refused by name', () => {
  let acme: Client
  beforeAll(async () => {
    ;[acme] = await clientOf()
  })
  const ids = NUMBERS.map(({ id }) => id)

  it.each<[string, object, string]>([
    [UPDATE, { nickname: 'x' }, '/nickname'],
    [UPDATE, { tags: 'x' }, '/tags'],
    [UPDATE, { tags: [1] }, '/tags/0'],
    [UPDATE, { external_pin: 1234 }, '/external_pin'],
    [UPDATE, { hd_voice_enabled: 'yes' }, '/hd_voice_enabled'],
    [UPDATE, { deletion_lock_enabled: null }, '/deletion_lock_enabled'],
    [UPDATE, { billing_group_id: null }, '/billing_group_id'],
    [UPDATE, { phone_numbers: [1], tags }, '/phone_numbers/0'],
    [UPDATE, { voice: { colour: 'red' } }, '/voice/colour'],
    [UPDATE, { voice: { call_forwarding: { forwards_to: '+999123' } } }, '/voice/call_forwarding/forwards_to'],
    [UPDATE, { voice: { call_forwarding: { forwards_to: '+1202555' } } }, '/voice/call_forwarding/forwards_to'],
    [UPDATE, { voice: { call_forwarding: { forwarding_type: 'never' } } }, '/voice/call_forwarding/forwarding_type'],
    [UPDATE, { voice: { translated_number: 'a b' } }, '/voice/translated_number'],
    [UPDATE, { voice: { usage_payment_method: 'free' } }, '/voice/usage_payment_method'],
    [UPDATE, { voice: { inbound_call_screening: true } }, '/voice/inbound_call_screening'],
    [UPDATE, { voice: { cnam_listing: { cnam_listing_enabled: true } } }, '/voice/cnam_listing/cnam_listing_details'],
    [UPDATE, { voice: { cnam_listing: { cnam_listing_details: 'x' } } }, '/voice/cnam_listing/cnam_listing_enabled'],
    [
      UPDATE,
      { voice: { cnam_listing: { cnam_listing_enabled: true, cnam_listing_details: 'sixteen letters!' } } },
      '/voice/cnam_listing/cnam_listing_details',
    ],
    [DELETE, { force: true }, '/force'],
    [EMERGENCY, {}, '/emergency_enabled'],
    [EMERGENCY, { emergency_enabled: true }, '/emergency_address_id'],
    [EMERGENCY, { emergency_enabled: true, emergency_address_id: null }, '/emergency_address_id'],
    [EMERGENCY, { emergency_enabled: false, emergency_address_id: 'a' }, '/emergency_address_id'],
  ])('%s %j', async (path, body, pointer) => {
    const answer = await acme.post(path, { phone_numbers: ids, ...body })
    expect({ status: answer.status, ...answer.body.errors[0] }).toMatchObject({
      status: 422,
      code: '10015',
      source: { pointer },
    })
  })

  it.each<[string, string]>([
    [`${JOBS}?limit=3`, 'limit'],
    [`${JOBS}?filter[type]=x`, 'filter[type]'],
    [`${JOBS}?filter[status]=done`, 'filter[status][0]'],
    [`${JOBS}?filter[phone_number]=%2B`, 'filter[phone_number][0]'],
    [`${JOBS}?filter[phone_number]=${'1,'.repeat(10)}1`, 'filter[phone_number]'],
    [`${JOBS}?filter[colour]=red`, 'filter[colour]'],
    [`${JOBS}?filter[__proto__][x]=1`, 'filter[__proto__]'],
    [`${JOBS}?filter=x`, 'filter'],
  ])('%s', async (path, parameter) => {
    const { status, body } = await acme.get(path)
    expect({ status, ...body.errors[0] }).toMatchObject({ status: 422, code: '10015', source: { parameter } })
  })
})
