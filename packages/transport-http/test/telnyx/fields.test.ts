import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { telnyx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { IDS, INVENTORY, NUMBERS, PHONES, sdk } from './sdk.js'

const UPDATE = '/v2/phone_numbers/jobs/update_phone_numbers'
const [first, second, third] = IDS as unknown as [string, string, string]

let world: World
let acme: Client
beforeAll(async () => {
  const numbers = [
    { ...NUMBERS[0], 'voice.translated_number': 'kept' },
    ...NUMBERS.slice(1, 3),
    { ...NUMBERS[3], hd_voice_available: false },
  ]
  world = await World.open({ dialects: [telnyx()], inventory: { numbers: { ...INVENTORY, acme: numbers } } })
  acme = new Client(world, 'telnyx')
})
afterAll(() => world.close())

/** The fields of a number, as its owner has them. */
const fieldsOf = (id: string) => world.inventory.numbers('acme').find((number) => number.id === id)?.fields ?? {}

describe('fields of an update', () => {
  it('each reaches the number, and nothing else changes', async () => {
    const { jobs } = sdk(world).phoneNumbers
    const untouched = fieldsOf(second)
    await jobs.updateBatch({
      phone_numbers: [first],
      tags: ['spring', 'north'],
      external_pin: '1234',
      customer_reference: 'MY REF 001',
      connection_id: '1293384261075731461',
      billing_group_id: '86f58db9-0fe3-4adc-9d2f-46e66e6e9323',
      hd_voice_enabled: true,
      deletion_lock_enabled: true,
      voice: {
        tech_prefix_enabled: true,
        translated_number: '+13035550155',
        caller_id_name_enabled: true,
        call_forwarding: { call_forwarding_enabled: true, forwards_to: '+13035550123', forwarding_type: 'always' },
        cnam_listing: { cnam_listing_enabled: true, cnam_listing_details: 'example' },
        usage_payment_method: 'channel',
        media_features: {
          rtp_auto_adjust_enabled: true,
          accept_any_rtp_packets_enabled: true,
          t38_fax_gateway_enabled: true,
        },
        call_recording: {
          inbound_call_recording_enabled: true,
          inbound_call_recording_format: 'mp3',
          inbound_call_recording_channels: 'dual',
        },
        inbound_call_screening: 'reject_calls',
      },
    })
    await world.advance(1000)
    expect(fieldsOf(first)).toEqual({
      ...NUMBERS[0],
      tags: ['spring', 'north'],
      external_pin: '1234',
      customer_reference: 'MY REF 001',
      connection_id: '1293384261075731461',
      billing_group_id: '86f58db9-0fe3-4adc-9d2f-46e66e6e9323',
      hd_voice_enabled: true,
      deletion_lock_enabled: true,
      'voice.tech_prefix_enabled': true,
      'voice.translated_number': '+13035550155',
      'voice.caller_id_name_enabled': true,
      'voice.call_forwarding.call_forwarding_enabled': true,
      'voice.call_forwarding.forwards_to': '+13035550123',
      'voice.call_forwarding.forwarding_type': 'always',
      'voice.cnam_listing.cnam_listing_enabled': true,
      'voice.cnam_listing.cnam_listing_details': 'example',
      'voice.usage_payment_method': 'channel',
      'voice.media_features.rtp_auto_adjust_enabled': true,
      'voice.media_features.accept_any_rtp_packets_enabled': true,
      'voice.media_features.t38_fax_gateway_enabled': true,
      'voice.call_recording.inbound_call_recording_enabled': true,
      'voice.call_recording.inbound_call_recording_format': 'mp3',
      'voice.call_recording.inbound_call_recording_channels': 'dual',
      'voice.inbound_call_screening': 'reject_calls',
    })
    expect(fieldsOf(second)).toEqual(untouched)
  })

  it('a voice setting leaves the others as they were', async () => {
    await acme.post(UPDATE, {
      phone_numbers: [first],
      voice: { call_recording: { inbound_call_recording_format: 'wav' } },
    })
    await world.advance(1000)
    expect(fieldsOf(first)).toMatchObject({
      'voice.call_recording.inbound_call_recording_format': 'wav',
      'voice.call_recording.inbound_call_recording_channels': 'dual',
      'voice.translated_number': '+13035550155',
    })
  })

  it('HD voice fails for the number that has none, and for no other', async () => {
    const { body } = await acme.post(UPDATE, { phone_numbers: [IDS[3], third], hd_voice_enabled: true })
    await world.advance(1000)
    const { data } = (await acme.get(`/v2/phone_numbers/jobs/${body.data.id}`)).body
    expect(data).toMatchObject({
      status: 'completed',
      successful_operations: [{ id: third }],
      failed_operations: [
        {
          id: IDS[3],
          phone_number: PHONES[3],
          errors: [{ code: '10015', title: 'Bad Request', source: { pointer: '/hd_voice_enabled' } }],
        },
      ],
    })
  })

  it('a deletion lock makes later deletions fail, number by number, until it is off', async () => {
    const remove = async () => {
      const { body } = await acme.post('/v2/phone_numbers/jobs/delete_phone_numbers', { phone_numbers: [first] })
      await world.advance(1000)
      return (await acme.get(`/v2/phone_numbers/jobs/${body.data.id}`)).body.data
    }
    expect(await remove()).toMatchObject({
      status: 'failed',
      failed_operations: [{ id: first, errors: [{ source: { pointer: '/deletion_lock_enabled' } }] }],
    })
    await acme.post(UPDATE, { phone_numbers: [first], deletion_lock_enabled: false })
    await world.advance(1000)
    expect(await remove()).toMatchObject({ status: 'completed', successful_operations: [{ id: first }] })
    expect(fieldsOf(first)).toEqual({})
  })
})

describe('fields of emergency settings', () => {
  it('are set and taken away', async () => {
    const { jobs } = sdk(world).phoneNumbers
    await jobs.updateEmergencySettingsBatch({
      phone_numbers: [PHONES[1] as string],
      emergency_enabled: true,
      emergency_address_id: '53829456729313',
    })
    await world.advance(1000)
    expect(fieldsOf(second)).toMatchObject({ emergency_enabled: true, emergency_address_id: '53829456729313' })
    await jobs.updateEmergencySettingsBatch({ phone_numbers: [second], emergency_enabled: false })
    await world.advance(1000)
    expect(fieldsOf(second)).toMatchObject({ emergency_enabled: false, emergency_address_id: null })
  })
})

describe('what a number is named by', () => {
  it('may be mixed, is shown as it was given, and counts once', async () => {
    const { body } = await acme.post(UPDATE, {
      phone_numbers: [PHONES[1], third, second, PHONES[1], PHONES[2]],
      tags: ['x'],
    })
    const both = [
      { id: second, phone_number: PHONES[1] },
      { id: third, phone_number: PHONES[2] },
    ]
    expect(body.data).toMatchObject({
      phone_numbers: [{ phone_number: PHONES[1] }, { id: third }],
      pending_operations: both,
    })
    await world.advance(1000)
    const { data } = (await acme.get(`/v2/phone_numbers/jobs/${body.data.id}`)).body
    expect(data).toMatchObject({ phone_numbers: body.data.phone_numbers, successful_operations: both })
  })

  it('is taken up to a thousand times, repetitions counted', async () => {
    const many = Array.from({ length: 1001 }, () => second)
    expect((await acme.post(UPDATE, { phone_numbers: many, tags: ['x'] })).status).toBe(422)
    const { status, body } = await acme.post(UPDATE, { phone_numbers: many.slice(1), tags: ['x'] })
    expect({ status, pending: body.data.pending_operations.length }).toEqual({ status: 202, pending: 1 })
  })
})

it('a PIN is nowhere but at the number', async () => {
  const PIN = '86753099'
  const told: unknown[] = []
  for (const name of ['operation.ended', 'operation.task.ended', 'job.changed', 'job.created'] as const)
    world.engine.on(name, (event) => void told.push(event))
  const made = await acme.post(UPDATE, { phone_numbers: [second], external_pin: PIN }, { 'idempotency-key': 'pin' })
  await world.advance(1000)
  expect(fieldsOf(second).external_pin).toBe(PIN)
  const { items } = await world.engine.operations.list({ organization: 'acme' })
  const job = await world.engine.operations.get(items.at(-1)?.id as string)
  const results: string[] = []
  for await (const piece of job?.results() ?? []) results.push(piece)
  const replay = await acme.post(UPDATE, { phone_numbers: [second], external_pin: PIN }, { 'idempotency-key': 'pin' })
  const read = await acme.get(`/v2/phone_numbers/jobs/${made.body.data.id}`)
  const shown = JSON.stringify([told, items, results, made.text, read.text, replay.text, world.log])
  expect(shown).toContain('[redacted]')
  expect(shown).not.toContain(PIN)
})

it('an answer has the documented fields, in their order, and no others', async () => {
  const { body } = await acme.post(UPDATE, { phone_numbers: [second], tags: ['x'] })
  const { data } = body
  expect(Object.keys(body)).toEqual(['data'])
  expect(Object.keys(data)).toEqual([
    'id',
    'record_type',
    'status',
    'type',
    'etc',
    'created_at',
    'updated_at',
    'phone_numbers',
    'successful_operations',
    'pending_operations',
    'failed_operations',
  ])
  expect(data.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  for (const name of ['etc', 'created_at', 'updated_at'])
    expect(data[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})
