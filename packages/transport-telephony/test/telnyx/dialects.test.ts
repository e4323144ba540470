import { carrierx, createHttpTransport, telnyx } from '@outdial/transport-http'
import { createEngine, type Engine, memoryDirectory } from 'outdial'
import Telnyx from 'telnyx'
import { describe, expect, it, onTestFinished } from 'vitest'
import { telnyxNumbers } from '../../src/telnyx/index.js'
import { TelnyxService } from '../stand-ins/telnyx-service.js'
import { fastClock } from '../support/fast-clock.js'

/*
 * Clients of two services, over HTTP dialect, engine and back end, at the numbers of one account. The clock runs fast, because what
 * nobody knows is looked for half a minute later.
 */

const KEY = 'acme-key-0123456789'
const PHONES = ['+12025550151', '+12025550152', '+12025550153'] as const

async function setUp() {
  const clock = fastClock(60)
  const service = await TelnyxService.start({ now: clock.now, owned: [] })
  const numbers = telnyxNumbers({
    apiKey: service.apiKey,
    baseUrl: service.baseUrl,
    timeout: 10_000,
    patience: 100,
    orderVisibility: 1_000,
  })
  const directory = memoryDirectory({ organizations: [{ id: 'acme' }], keys: [{ key: KEY, organization: 'acme' }] })
  const engine: Engine = createEngine({ resources: [numbers], directory, clock })
  const errors: unknown[] = []
  const transport = createHttpTransport({
    engine,
    directory,
    resources: [numbers],
    dialects: [carrierx(), telnyx()],
    clock,
    limits: { rate: 1e6, burst: 1e6 },
    onError: (error) => errors.push(error),
  })
  await engine.start()
  onTestFinished(async () => {
    await transport.close()
    await engine.abandon()
    await numbers.close()
    await service.close()
    expect(errors).toEqual([])
  })
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    return transport(new Request(`http://outdial.local${path}`, { ...init, headers }))
  }
  /** Resolves when so many jobs have ended. */
  const ended = (count: number) => {
    let left = count
    return new Promise<void>((resolve) => {
      engine.on('job.ended', () => {
        if (--left === 0) resolve()
      })
    })
  }
  const sdk = new Telnyx({
    apiKey: KEY,
    baseURL: 'http://outdial.local/v2',
    maxRetries: 0,
    fetch: (url, init) => transport(new Request(url as string, init)),
  })
  return { service, ask, ended, sdk }
}

describe('a client of CarrierX', () => {
  it('buys, changes and gives back numbers of a Telnyx account, each bought once whatever gets lost', async () => {
    const { service, ask, ended } = await setUp()
    const run = async (task: object) => {
      const end = ended(1)
      const body = JSON.stringify({ type: 'phonenumber', review: false, ...task })
      const created = await ask('/core/v2/batch/tasks', { method: 'POST', body })
      expect(created.status).toBe(200)
      const { task_sid: sid } = (await created.json()) as { task_sid: string }
      await end
      const task_ = await (await ask(`/core/v2/batch/tasks/${sid}`)).json()
      const errors = (await (await ask(`/core/v2/batch/tasks/${sid}/errors?offset=0&limit=100`)).json()) as {
        items: unknown[]
      }
      return { ...(task_ as { success: number; failure: number }), errors: errors.items }
    }
    const digits = PHONES.map((phone) => phone.slice(1))
    // The first order is carried out, and its answer lost; the second never arrives.
    service.numbers.next({ fault: 'reset', applied: true })
    service.numbers.next({ fault: 'silence', applied: false })
    const data = digits.map((phonenumber) => ({ phonenumber, trunk_group_sid: 'trunk-1' }))
    expect(await run({ method: 'POST', data })).toMatchObject({ success: 3, failure: 0, errors: [] })
    const bought = () => service.numbers.resources().map(({ fields }) => [fields.phonenumber, fields.connection_id])
    expect(bought().sort()).toEqual(PHONES.map((phone) => [phone, 'trunk-1']))
    expect(service.numbers.created()).toBe(3)

    const again = await run({ method: 'POST', data: data.slice(0, 1) })
    expect(again).toMatchObject({ success: 0, failure: 1 })
    expect(again.errors).toMatchObject([{ error: { errors: [{ field: 'phonenumber' }] } }])

    const patch = { method: 'PATCH', field: 'phonenumber', entries: digits, data: { trunk_group_sid: 'trunk-2' } }
    expect(await run(patch)).toMatchObject({ success: 3, failure: 0 })
    expect(bought().sort()).toEqual(PHONES.map((phone) => [phone, 'trunk-2']))
    const unknown = await run({ ...patch, entries: digits.slice(0, 1), data: { string_key_1: 'x' } })
    expect(unknown.errors).toMatchObject([{ error: { errors: [{ field: 'string_key_1' }] } }])

    expect(await run({ method: 'DELETE', field: 'phonenumber', entries: digits })).toMatchObject({ success: 3 })
    expect(service.numbers.resources()).toEqual([])
  }, 20_000)
})

describe('the client of Telnyx', () => {
  it('changes and gives back numbers of its account through Outdial as it does at the service', async () => {
    const { service, ended, sdk } = await setUp()
    for (const phone of PHONES) service.numbers.put({ phone_number: phone, tags: phone.endsWith('1') ? [] : ['old'] })
    const ids = service.numbers.resources().map(({ id }) => id)
    const { jobs } = sdk.phoneNumbers

    let end = ended(1)
    const voice = { call_forwarding: { call_forwarding_enabled: true, forwards_to: '+12025550142' } } as const
    const updated = await jobs.updateBatch({
      phone_numbers: ids.slice(0, 2),
      tags: ['spring'],
      connection_id: '17',
      voice,
    })
    await end
    const job = (await jobs.retrieve(updated.data?.id ?? '')).data
    expect(job).toMatchObject({ status: 'completed', failed_operations: [] })
    expect(job?.successful_operations).toHaveLength(2)
    const changed = {
      tags: ['spring'],
      connection_id: '17',
      'voice.call_forwarding.forwards_to': '+12025550142',
      'voice.call_forwarding.call_forwarding_enabled': true,
    }
    const [first, second, third] = service.numbers.resources()
    expect([first?.fields, second?.fields]).toMatchObject([changed, changed])
    expect(third?.fields).toMatchObject({ tags: ['old'], connection_id: null })

    end = ended(1)
    const emergency = await jobs.updateEmergencySettingsBatch({
      phone_numbers: [PHONES[2]],
      emergency_enabled: true,
      emergency_address_id: 'nowhere',
    })
    await end
    expect((await jobs.retrieve(emergency.data?.id ?? '')).data?.failed_operations).toMatchObject([
      { phone_number: PHONES[2], errors: [{ code: '10015', source: { pointer: '/emergency_address_id' } }] },
    ])

    // By a filter: the back end's list is read, and only what matches is locked.
    end = ended(1)
    await sdk.post('/phone_numbers/jobs/update_phone_numbers', {
      query: { filter: { tag: 'old' } },
      body: { deletion_lock_enabled: true },
    })
    await end
    const locked = () => service.numbers.resources().map(({ fields }) => fields.deletion_lock_enabled)
    expect(locked()).toEqual([false, false, true])

    end = ended(1)
    const removed = await jobs.deleteBatch({ phone_numbers: ids })
    await end
    const last = (await jobs.retrieve(removed.data?.id ?? '')).data
    expect(last?.successful_operations).toHaveLength(2)
    expect(last?.failed_operations).toMatchObject([{ id: ids[2], errors: [{ code: '10021' }] }])
    expect(service.numbers.resources().map(({ fields }) => fields.phonenumber)).toEqual([PHONES[2]])
  }, 20_000)
})
