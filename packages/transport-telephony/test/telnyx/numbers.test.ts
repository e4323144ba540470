import type { OperationContext, Resource } from '@outdial/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TelnyxNumbers, type TelnyxNumbersOptions, telnyxNumbers } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { FROM } from './support.js'

const PHONE = '+12025550150'
const by = { field: 'phonenumber', value: FROM }

async function setUp(
  more: Partial<TelnyxNumbersOptions> = {},
): Promise<{ service: TelnyxService; numbers: TelnyxNumbers }> {
  const service = await TelnyxService.start()
  const options = { apiKey: service.apiKey, baseUrl: service.baseUrl, timeout: 10_000, patience: 100 }
  const numbers = telnyxNumbers({ ...options, ...more })
  onTestFinished(async () => {
    await service.close()
    await numbers.close()
  })
  return { service, numbers }
}

const context = (more: Partial<OperationContext> = {}): OperationContext => ({
  organization: 'acme',
  ref: 'job_a1:0:1:n0nce',
  startable: () => true,
  ...more,
})

describe('finding', () => {
  it('shows one list of fields, by number and by id', async () => {
    const { service, numbers } = await setUp()
    const found = await numbers.find('acme', by)
    expect(found?.fields).toMatchObject({
      phonenumber: FROM,
      id: found?.id,
      status: 'active',
      'voice.call_forwarding.forwarding_type': 'always',
      'voice.usage_payment_method': 'pay-per-minute',
    })
    expect(await numbers.find('acme', { field: 'id', value: found?.id ?? '' })).toEqual(found)
    // The service answers with every number that has these digits in it.
    service.numbers.put({ phone_number: `${FROM}9` })
    expect(await numbers.find('acme', by)).toEqual(found)
    expect(await numbers.find('acme', { field: 'phonenumber', value: FROM.slice(0, -1) })).toBeUndefined()
    expect(await numbers.find('acme', { field: 'id', value: 'nothing' })).toBeUndefined()
    expect(await numbers.find('acme', { field: 'colour', value: 'red' })).toBeUndefined()
  })

  it.each(['throttled', 'error', 'silence', 'account'] as const)(
    'throws when it is answered by: %s',
    async (weather) => {
      const { service, numbers } = await setUp()
      service.numbers.nextSearch(weather)
      await expect(numbers.find('acme', by)).rejects.toThrow('was not read')
    },
  )
})

describe('listing', () => {
  it('reads all pages, each number once', async () => {
    const { service, numbers } = await setUp()
    for (let i = 0; i < 600; i++) service.numbers.put({ phone_number: `+1303555${String(i).padStart(4, '0')}` })
    const all: Resource[] = []
    for await (const one of numbers.list('acme')) all.push(one)
    expect(new Set(all.map(({ id }) => id)).size).toBe(601)
    expect(all).toMatchObject(service.numbers.resources())
  })

  it('shows organizations what is on their own accounts', async () => {
    const { service } = await setUp()
    const keys: Record<string, string> = { acme: service.apiKey, other: 'KEY-of-nobody' }
    const { numbers } = await setUp({ baseUrl: service.baseUrl, apiKey: (organization) => keys[organization] })
    expect((await numbers.find('acme', by))?.fields.phonenumber).toBe(FROM)
    await expect(numbers.find('other', by)).rejects.toThrow('10009')
    expect(await numbers.find('third', by)).toBeUndefined()
    const none: Resource[] = []
    for await (const one of numbers.list('third')) none.push(one)
    expect(none).toEqual([])
    const created = await numbers.create({ phonenumber: PHONE }, context({ organization: 'third' }))
    expect(created).toMatchObject({ status: 'failed', errors: [{ code: 'no_account' }] })
  })
})

describe('buying', () => {
  it('orders a number with the ref of the operation, and waits until it is there', async () => {
    const { service, numbers } = await setUp()
    const done = await numbers.create({ phonenumber: PHONE, connection_id: '17' }, context())
    const fields = { phonenumber: PHONE, connection_id: '17' }
    expect(done).toMatchObject({ status: 'done', resource: { fields } })
    expect(service.numbers.orders).toMatchObject([{ customer_reference: 'job_a1:0:1:n0nce', phone: PHONE }])
  })

  it('finds a number to buy', async () => {
    const { service, numbers } = await setUp()
    const search = { country_code: 'US', national_destination_code: '202', features: ['voice'] }
    expect(await numbers.create(search, context())).toMatchObject({ status: 'done' })
    // Somebody else was faster: the next search finds another number.
    service.numbers.next('item')
    expect(await numbers.create(search, context())).toMatchObject({ status: 'unavailable' })
  })

  it('takes another number than those who search at the same time', async () => {
    const { service, numbers } = await setUp()
    const all = Array.from({ length: 8 }, (_, i) =>
      numbers.create({ country_code: 'US' }, context({ ref: `ref ${i}` })),
    )
    const done = (await Promise.all(all)).filter(({ status }) => status === 'done')
    expect(done.length).toBeGreaterThan(4)
    expect(service.numbers.created()).toBe(done.length)
  })

  it('finds what an order brought whose answer was lost', async () => {
    const { service, numbers } = await setUp()
    const { ref } = context()
    const created = () => numbers.findCreated({}, { organization: 'acme', ref })
    service.numbers.next({ fault: 'silence', applied: false })
    expect(await numbers.create({ phonenumber: PHONE }, context())).toMatchObject({ status: 'unknown' })
    expect(await created()).toBeUndefined()
    service.numbers.next({ fault: 'reset', applied: true })
    expect(await numbers.create({ phonenumber: PHONE }, context())).toMatchObject({ status: 'unknown' })
    expect(await created()).toMatchObject({ fields: { phonenumber: PHONE } })
  })

  it('calls an order that is not carried out neither done nor undone', async () => {
    const { service, numbers } = await setUp()
    service.numbers.stuck = true
    expect(await numbers.create({ phonenumber: PHONE }, context())).toMatchObject({ status: 'unknown' })
    const { ref } = context()
    const created = numbers.findCreated({}, { organization: 'acme', ref })
    await expect(created).rejects.toThrow('not carried out yet')
  })

  it.each([
    ['a number that somebody has', { phonenumber: FROM }, '10015', '/phonenumber'],
    ['no number', { phonenumber: 'nobody' }, 'invalid_value', '/phonenumber'],
    ['a number and a search', { phonenumber: PHONE, locality: 'Chicago' }, 'invalid_value', '/locality'],
    ['what an order does not take', { phonenumber: PHONE, tags: ['a'] }, 'unknown_field', '/tags'],
  ])('refuses %s by name', async (_, data, code, pointer) => {
    const { service, numbers } = await setUp()
    expect(await numbers.create(data, context())).toMatchObject({ status: 'failed', errors: [{ code, pointer }] })
    expect(service.numbers.created()).toBe(0)
  })
})

describe('changing', () => {
  it('takes each field to where the service takes it', async () => {
    const { service, numbers } = await setUp()
    const changes = {
      tags: ['a', 'b'],
      connection_id: '17',
      'voice.call_forwarding.forwards_to': '+12025550142',
      voice: { call_forwarding: { call_forwarding_enabled: true }, tech_prefix_enabled: true },
      deletion_lock_enabled: true,
      emergency_address_id: 'address-1',
    }
    expect(await numbers.update(by, changes, context())).toMatchObject({ status: 'done' })
    expect(service.numbers.asked()).toBe(4)
    expect((await numbers.find('acme', by))?.fields).toMatchObject({
      tags: ['a', 'b'],
      connection_id: '17',
      'voice.call_forwarding.forwards_to': '+12025550142',
      'voice.call_forwarding.call_forwarding_enabled': true,
      'voice.tech_prefix_enabled': true,
      deletion_lock_enabled: true,
      emergency_enabled: true,
      emergency_address_id: 'address-1',
    })
    const off = { emergency_enabled: false, emergency_address_id: null }
    expect(await numbers.update(by, off, context())).toMatchObject({ status: 'done' })
    expect((await numbers.find('acme', by))?.fields).toMatchObject(off)
  })

  it('says which part was done when another was refused', async () => {
    const { service, numbers } = await setUp()
    const changes = { tags: ['a'], 'voice.usage_payment_method': 'barter' }
    const detail = 'These were changed before the error: tags.'
    expect(await numbers.update(by, changes, context())).toMatchObject({
      status: 'failed',
      errors: [
        { code: '10032', pointer: '/voice/usage_payment_method' },
        { code: 'partly_applied', detail },
      ],
    })
    expect(service.numbers.resources()).toMatchObject([{ fields: { tags: ['a'] } }])
  })

  it('passes on what a job of the service says of the number', async () => {
    const { numbers } = await setUp()
    const changes = { emergency_enabled: true, emergency_address_id: 'nowhere' }
    const errors = [{ code: '10015', detail: 'No such address.', pointer: '/emergency_address_id' }]
    expect(await numbers.update(by, changes, context())).toEqual({
      status: 'failed',
      errors: [{ ...errors[0], title: 'Bad Request' }],
    })
  })

  it('changes nothing when one field cannot be changed, or the number is not there', async () => {
    const { service, numbers } = await setUp()
    const strange = await numbers.update(by, { tags: ['a'], colour: 'red' }, context())
    expect(strange).toMatchObject({ status: 'failed', errors: [{ code: 'unknown_field', pointer: '/colour' }] })
    const settings = await numbers.update(by, { 'voice.pitch': 3 }, context())
    expect(settings).toMatchObject({ status: 'failed', errors: [{ pointer: '/voice.pitch' }] })
    for (const nobody of [
      { field: 'phonenumber', value: PHONE },
      { field: 'id', value: '77' },
      { field: 'colour', value: 'red' },
    ])
      expect(await numbers.update(nobody, { tags: ['a'] }, context())).toMatchObject({
        status: 'failed',
        errors: [{ code: 'not_found', pointer: `/${nobody.field}` }],
      })
    expect(service.numbers.resources()).toMatchObject([{ fields: { tags: [] } }])
  })

  it('takes and shows fields under the names of other clients too', async () => {
    const { numbers } = await setUp()
    const done = await numbers.update(by, { trunk_group_sid: '17' }, context())
    const fields = { trunk_group_sid: '17', connection_id: '17' }
    expect(done).toMatchObject({ status: 'done', resource: { fields } })
    expect((await numbers.find('acme', by))?.fields).toMatchObject(fields)
    const both = await numbers.update(by, { trunk_group_sid: '17', connection_id: '18' }, context())
    expect(both).toMatchObject({ status: 'failed', errors: [{ pointer: '/trunk_group_sid' }] })
  })

  it.each([
    ['throttled', { status: 'throttled', retryAfter: 7_000 }],
    ['account', { status: 'unavailable' }],
    ['item', { status: 'failed', errors: [{ code: '10015', pointer: '/tags' }] }],
    [{ fault: 'error', applied: true }, { status: 'unknown' }],
    [{ fault: 'silence', applied: false }, { status: 'unknown' }],
    [{ fault: 'reset', applied: true }, { status: 'unknown' }],
    [{ fault: 'nonsense', applied: true }, { status: 'unknown' }],
  ] as const)('tells what came of it: %j', async (weather, answer) => {
    const { service, numbers } = await setUp()
    service.numbers.next(weather)
    expect(await numbers.update(by, { tags: ['a'] }, context())).toMatchObject(answer)
  })

  it('calls nothing undone of which a part is done', async () => {
    const { service, numbers } = await setUp()
    const { id = '' } = (await numbers.find('acme', by)) ?? {}
    service.numbers.nextAfter(1, 'throttled')
    const changes = { tags: ['a'], 'voice.tech_prefix_enabled': true }
    const answer = await numbers.update({ field: 'id', value: id }, changes, context())
    expect(answer).toMatchObject({ status: 'unknown', message: expect.stringContaining('tags') })
  })

  it('writes nothing when it may not start', async () => {
    const { service, numbers } = await setUp()
    const late = context({ startable: () => false })
    expect(await numbers.update(by, { tags: ['a'] }, late)).toMatchObject({ status: 'unavailable' })
    expect(await numbers.create({ phonenumber: PHONE }, late)).toMatchObject({ status: 'unavailable' })
    expect(await numbers.delete(by, late)).toMatchObject({ status: 'unavailable' })
    expect(service.numbers.asked()).toBe(0)
  })
})

describe('giving back', () => {
  it('is done also when it is done already', async () => {
    const { service, numbers } = await setUp()
    const { id = '' } = (await numbers.find('acme', by)) ?? {}
    expect(await numbers.delete(by, context())).toEqual({ status: 'done' })
    expect(await numbers.delete(by, context())).toEqual({ status: 'done' })
    expect(await numbers.delete({ field: 'id', value: id }, context())).toEqual({ status: 'done' })
    expect(service.numbers.resources()).toEqual([])
  })

  it('is refused for a number that is locked', async () => {
    const { numbers } = await setUp()
    await numbers.update(by, { deletion_lock_enabled: true }, context())
    const errors = [{ code: '10021', pointer: '/deletion_lock_enabled' }]
    expect(await numbers.delete(by, context())).toMatchObject({ status: 'failed', errors })
  })
})

describe('an account', () => {
  it('says at start what is wrong with it', async () => {
    const { numbers } = await setUp()
    expect(await numbers.check?.()).toEqual([])
    const wrong = await setUp({ apiKey: 'KEY-of-nobody' })
    expect(await wrong.numbers.check?.()).toMatchObject([{ field: 'apiKey' }])
    const { service, numbers: other } = await setUp()
    service.numbers.nextCheck('error')
    await expect(other.check?.()).rejects.toThrow('were not read')
  })

  it.each([
    ['apiKey', { apiKey: '' }],
    ['concurrency', { concurrency: 0 }],
    ['patience', { patience: -1 }],
    ['baseUrl', { baseUrl: 'nowhere' }],
  ])('options that cannot be are named: %s', (field, wrong) => {
    const make = () => telnyxNumbers({ apiKey: 'KEY1', ...wrong })
    expect(make).toThrow(expect.objectContaining({ code: 'invalid_options', details: { field } }))
  })
})
