import type { OperationContext } from 'outdial'
import { afterEach, describe, expect, it } from 'vitest'
import { type TwilioNumbers, type TwilioNumbersOptions, twilioNumbers } from '../../src/twilio/index.js'
import { sidOf } from '../stand-ins/twilio-answers.js'
import type { TwilioService, TwilioServiceOptions } from '../stand-ins/twilio-service.js'
import { serviceWith } from '../support/twilio-bench.js'

const PHONE = '+13035550107'
const REF = 'job_4x2b:3:1:n0nc3abcde'
const context: OperationContext = { organization: 'acme', ref: REF, startable: () => true }
const by = (field: string, value: string) => ({ field, value })

const opened: TwilioNumbers[] = []
afterEach(async () => {
  for (const numbers of opened.splice(0)) await numbers.close()
})

async function setUp(part: Partial<TwilioNumbersOptions> = {}, options: TwilioServiceOptions = {}) {
  const service = await serviceWith({ numbers: [], ...options })
  return { service, numbers: numbersOf(service, part) }
}

function numbersOf({ accountSid, authToken, url }: TwilioService, part: Partial<TwilioNumbersOptions> = {}) {
  const made = twilioNumbers({ accountSid, authToken, baseUrl: url, timeout: 2_000, ...part })
  opened.push(made)
  return made
}

const owned = ({ numbers }: TwilioService) => numbers.resources().map(({ fields }) => fields.phonenumber)

describe('a number', () => {
  it('is bought, found by each of its keys, changed, and released', async () => {
    const { service, numbers } = await setUp()
    const bought = await numbers.create({ phone_number: PHONE, voice_url: 'https://a.example.com/' }, context)
    expect(bought).toMatchObject({
      status: 'done',
      resource: { fields: { phonenumber: PHONE, friendly_name: REF, voice_url: 'https://a.example.com/' } },
    })
    const id = bought.status === 'done' ? (bought.resource?.id ?? '') : ''
    for (const [field, value] of [
      ['phonenumber', PHONE],
      ['phone_number', PHONE],
      ['id', id],
      ['sid', id],
    ] as const) {
      expect(await numbers.find('acme', by(field, value))).toMatchObject({ id, fields: { [field]: value } })
    }
    const changes = { friendly_name: 'Desk', voice_caller_id_lookup: true, voice_url: null }
    expect(await numbers.update(by('phonenumber', PHONE), changes, context)).toMatchObject({
      status: 'done',
      resource: { id, fields: { friendly_name: 'Desk', voice_caller_id_lookup: true, voice_url: '' } },
    })
    expect(await numbers.delete(by('phonenumber', PHONE), context)).toEqual({ status: 'done' })
    expect(await numbers.delete(by('phonenumber', PHONE), context)).toEqual({ status: 'done' })
    expect(await numbers.delete(by('id', id), context)).toEqual({ status: 'done' })
    expect(owned(service)).toEqual([])
    expect(await numbers.find('acme', by('phonenumber', PHONE))).toBeUndefined()
    expect(await numbers.find('acme', by('id', id))).toBeUndefined()
    expect(await numbers.find('acme', by('id', '../Calls'))).toBeUndefined()
  })

  it('is not one of which it is a part', async () => {
    const { service, numbers } = await setUp()
    await service.numbers.add({ account_sid: service.accountSid, phone_number: `${PHONE}9` })
    expect(await numbers.find('acme', by('phonenumber', PHONE))).toBeUndefined()
    expect(await numbers.delete(by('phonenumber', PHONE), context)).toEqual({ status: 'done' })
    expect(owned(service)).toEqual([`${PHONE}9`])
  })

  it('is listed, each once, page by page', async () => {
    const { service, numbers } = await setUp()
    const phones = Array.from({ length: 8 }, (_, i) => `+1303555010${i}`)
    for (const phone of phones) await service.numbers.add({ account_sid: service.accountSid, phone_number: phone })
    const listed: unknown[] = []
    for await (const { fields } of numbers.list('acme')) listed.push(fields.phonenumber)
    expect(listed).toEqual(phones)
    service.numbers.nextSearch('error')
    await expect(numbers.list('acme')[Symbol.asyncIterator]().next()).rejects.toThrow('Twilio cannot be asked')
  })
})

describe('what cannot be bought or set', () => {
  it.each<[data: object, pointer: string]>([
    [{}, '/phone_number'],
    [{ phone_number: '303' }, '/phone_number'],
    [{ phone_number: PHONE, phonenumber: '+13035550108' }, '/phonenumber'],
    [{ phone_number: PHONE, area_code: '303' }, '/area_code'],
    [{ area_code: '30' }, '/area_code'],
    [{ area_code: '303', friendly_name: 'Desk' }, '/friendly_name'],
    [{ phone_number: PHONE, friendly_name: 'x'.repeat(65) }, '/friendly_name'],
    [{ phone_number: PHONE, color: 'red' }, '/color'],
    [{ phone_number: PHONE, voice_url: 7 }, '/voice_url'],
    [{ phone_number: PHONE, voice_caller_id_lookup: 'yes' }, '/voice_caller_id_lookup'],
  ])('%j', async (data, pointer) => {
    const { service, numbers } = await setUp()
    const answer = await numbers.create({ ...data }, context)
    expect(answer).toMatchObject({ status: 'failed', errors: [{ pointer, code: expect.any(String) }] })
    expect(service.numbers.asked()).toBe(0)
  })

  it('is named with all that is wrong', async () => {
    const { numbers } = await setUp()
    const answer = await numbers.update(by('phonenumber', PHONE), { color: 'red', voice_url: 7 }, context)
    expect(answer).toMatchObject({ errors: [{ code: 'unknown_field' }, { code: 'invalid_value' }] })
  })

  it('is said with the code and the field by Twilio', async () => {
    const { numbers } = await setUp()
    expect(await numbers.create({ area_code: 999 }, context)).toEqual({
      status: 'failed',
      errors: [
        {
          code: '21452',
          title: 'No phone numbers found in area code 999',
          detail: 'https://www.twilio.com/docs/errors/21452',
          pointer: '/area_code',
        },
      ],
    })
    expect(await numbers.update(by('phonenumber', PHONE), { voice_url: '' }, context)).toMatchObject({
      errors: [{ code: 'not_found', pointer: '/phonenumber' }],
    })
    expect(await numbers.update(by('id', sidOf('PN', 77)), { voice_url: '' }, context)).toMatchObject({
      errors: [{ code: 'not_found', pointer: '/id' }],
    })
  })
})

describe('a number that the account has', () => {
  it('is not bought again, and stays as it is: Twilio would change it and say that it was created', async () => {
    const { service, numbers } = await setUp()
    await service.numbers.add({ account_sid: service.accountSid, phone_number: PHONE, friendly_name: 'Desk' })
    const answer = await numbers.create({ phone_number: PHONE }, context)
    expect(answer).toMatchObject({ status: 'failed', errors: [{ code: 'already_exists', pointer: '/phone_number' }] })
    expect(service.numbers.asked()).toBe(0)
    expect(service.numbers.resources()).toMatchObject([{ fields: { friendly_name: 'Desk' } }])
  })
})

describe('a purchase of which nobody knows', () => {
  it.each([
    ['error', true],
    ['error', false],
    ['silence', true],
    ['reset', false],
    ['nonsense', true],
  ] as const)('met %s, made: %s', async (fault, applied) => {
    const { service, numbers } = await setUp()
    for (const data of [
      { phone_number: PHONE },
      { area_code: '505' },
      { phone_number: '+13035550108', friendly_name: 'Desk' },
    ]) {
      service.numbers.next({ fault, applied } as never)
      expect(await numbers.create(data, context)).toMatchObject({ status: 'unknown' })
      const found = await numbersOf(service).findCreated(data, context)
      if (applied) expect(found).toMatchObject({ fields: { friendly_name: data.friendly_name ?? REF } })
      else expect(found).toBeUndefined()
      const [kept] = service.numbers.resources()
      if (kept) await numbers.delete(by('id', kept.id), context)
    }
  })

  it('is found by a name that is short enough, however long its ref is', async () => {
    const { service, numbers } = await setUp()
    const long = { ...context, ref: `job_${'x'.repeat(80)}:3:1:n0nc3` }
    service.numbers.next({ fault: 'reset', applied: true })
    await numbers.create({ area_code: '505' }, long)
    expect(await numbers.findCreated({ area_code: '505' }, long)).toBeDefined()
    expect(await numbers.findCreated({ area_code: '505' }, { ...long, ref: `${long.ref}2` })).toBeUndefined()
  })

  it('is not one that others have made', async () => {
    const { service, numbers } = await setUp()
    await service.numbers.add({ account_sid: service.accountSid, phone_number: PHONE, friendly_name: 'Theirs' })
    expect(await numbers.findCreated({ phone_number: PHONE }, context)).toBeUndefined()
    expect(await numbers.findCreated({ phone_number: PHONE, friendly_name: 'Mine' }, context)).toBeUndefined()
    service.numbers.nextSearch('account')
    await expect(numbers.findCreated({ phone_number: PHONE }, context)).rejects.toThrow('Twilio cannot be asked')
  })
})

describe('trouble', () => {
  it('of the account puts off, and fails no item', async () => {
    const { service, numbers } = await setUp()
    service.numbers.next('account')
    expect(await numbers.create({ phone_number: PHONE }, context)).toMatchObject({ status: 'unavailable' })
    service.numbers.next('throttled')
    expect(await numbers.create({ phone_number: PHONE }, context)).toMatchObject({
      status: 'throttled',
      retryAfter: 7_000,
    })
    for (const weather of ['throttled', 'error', 'silence', 'account'] as const) {
      service.numbers.nextSearch(weather)
      const status = weather === 'throttled' ? 'throttled' : 'unavailable'
      expect(await numbers.create({ phone_number: PHONE }, context)).toMatchObject({ status })
      service.numbers.nextSearch(weather)
      expect(await numbers.delete(by('phonenumber', PHONE), context)).toMatchObject({ status })
    }
    expect(service.numbers.created()).toBe(0)
  })

  it('is that it is too late: nothing is written', async () => {
    const { service, numbers } = await setUp()
    await service.numbers.add({ account_sid: service.accountSid, phone_number: PHONE })
    const late = { ...context, startable: () => false }
    const answers = [
      await numbers.create({ area_code: '505' }, late),
      await numbers.update(by('phonenumber', PHONE), { voice_url: '' }, late),
      await numbers.delete(by('phonenumber', PHONE), late),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ status: 'unavailable' })
    expect(service.numbers.asked()).toBe(0)
  })
})

describe('organizations with subaccounts', () => {
  it('have the numbers of their own, and those without one have none', async () => {
    const [acme, globex] = [sidOf('AC', 2), sidOf('AC', 3)]
    const { service, numbers } = await setUp({ accounts: { acme, globex } }, { subaccounts: [acme, globex] })
    expect(await numbers.create({ phone_number: PHONE }, context)).toMatchObject({ status: 'done' })
    expect(service.numbers.resources()).toMatchObject([{ organization: acme }])
    const others = { ...context, organization: 'globex' }
    expect(await numbers.find('globex', by('phonenumber', PHONE))).toBeUndefined()
    expect(await numbers.delete(by('phonenumber', PHONE), others)).toEqual({ status: 'done' })
    expect(await numbers.create({ phone_number: PHONE }, others)).toMatchObject({ errors: [{ code: '21422' }] })
    expect(owned(service)).toEqual([PHONE])
    const nobody = { ...context, organization: 'constructor' }
    expect(await numbers.create({ area_code: '505' }, nobody)).toMatchObject({ errors: [{ code: 'no_account' }] })
    expect(await numbers.find('constructor', by('phonenumber', PHONE))).toBeUndefined()
    for await (const number of numbers.list('constructor')) throw new Error(`a number of nobody's: ${number.id}`)
  })
})

describe('the account', () => {
  it('is asked whether it is in order', async () => {
    const { service, numbers } = await setUp()
    expect(await numbers.check?.()).toEqual([])
    expect(await numbersOf(service, { authToken: 'wrong' }).check?.()).toMatchObject([{ field: 'authToken' }])
  })
})
