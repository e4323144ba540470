import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { telnyx } from '../../src/index.js'
import { Client } from '../support/client.js'
import { World } from '../support/world.js'
import { IDS, INVENTORY, PHONES, sdk } from './sdk.js'

const JOBS = '/v2/phone_numbers/jobs'
const [first, second, third] = IDS as unknown as [string, string, string]

describe('the list of jobs', () => {
  let world: World
  let acme: Client
  /** Names of jobs by id, in the order in which they were made. */
  const names = new Map<string, string>()
  beforeAll(async () => {
    world = await World.open({ dialects: [telnyx()], inventory: { numbers: INVENTORY } })
    acme = new Client(world, 'telnyx')
    const { jobs } = sdk(world).phoneNumbers
    const keep = async (name: string, made: Promise<{ data?: { id?: string } }>, wait = 1000) => {
      names.set((await made).data?.id as string, name)
      await world.advance(wait)
    }
    await keep('tag', jobs.updateBatch({ phone_numbers: [first, PHONES[1] as string], tags: ['x'] }))
    await keep('locked', jobs.updateBatch({ phone_numbers: [third], deletion_lock_enabled: true }))
    await keep('not deleted', jobs.deleteBatch({ phone_numbers: [third] }))
    await keep('deleted', jobs.deleteBatch({ phone_numbers: [first] }))
    await keep('emergency', jobs.updateEmergencySettingsBatch({ phone_numbers: [second], emergency_enabled: false }))
    await keep('under way', jobs.updateBatch({ phone_numbers: [second, third], tags: ['y'] }), 10)
  })
  afterAll(() => world.close())

  const ALL = ['under way', 'emergency', 'deleted', 'not deleted', 'locked', 'tag']
  const named = (jobs: readonly { id?: string }[]) => jobs.map(({ id }) => names.get(id as string))
  const list = async (query = '') => {
    const { status, body } = await acme.get(`${JOBS}${query === '' ? '' : `?${query}`}`)
    expect(status, JSON.stringify(body)).toBe(200)
    return { found: named(body.data), meta: body.meta }
  }

  it('is newest first, or oldest first by created_at', async () => {
    expect((await list()).found).toEqual(ALL)
    expect((await list('sort=created_at')).found).toEqual(ALL.toReversed())
    expect((await list('sort=-created_at')).found).toEqual(ALL)
  })

  it('shows each job as it is shown alone', async () => {
    const { body } = await acme.get(JOBS)
    for (const job of body.data) expect((await acme.get(`${JOBS}/${job.id}`)).body.data).toEqual(job)
  })

  it('comes in pages', async () => {
    const meta = { total_pages: 2, total_results: 6, page_size: 4 }
    expect(await list('page[size]=4')).toEqual({ found: ALL.slice(0, 4), meta: { ...meta, page_number: 1 } })
    expect(await list('page[number]=2&page[size]=4')).toEqual({
      found: ALL.slice(4),
      meta: { ...meta, page_number: 2 },
    })
    expect(await list('page[number]=9&page[size]=4')).toEqual({ found: [], meta: { ...meta, page_number: 9 } })
    expect((await list()).meta).toEqual({ total_pages: 1, total_results: 6, page_number: 1, page_size: 20 })
    expect((await list('filter[type]=delete_phone_numbers&page[size]=1')).meta).toMatchObject({ total_results: 2 })
    const walked: { id?: string }[] = []
    for await (const job of sdk(world).phoneNumbers.jobs.list({ 'page[size]': 4, sort: 'created_at' })) walked.push(job)
    expect(named(walked)).toEqual(ALL.toReversed())
  })

  it.each<[string, string[]]>([
    ['filter[type]=update_phone_numbers', ['under way', 'locked', 'tag']],
    ['filter[type]=delete_phone_numbers', ['deleted', 'not deleted']],
    ['filter[type]=update_emergency_settings', ['emergency']],
    ['filter[status][]=in_progress', ['under way']],
    ['filter[status][]=failed&filter[status][]=in_progress', ['under way', 'not deleted']],
    ['filter[status]=failed,in_progress', ['under way', 'not deleted']],
    ['filter[status]=failed', ['not deleted']],
    ['filter[status][]=expired', []],
    [`filter[phone_number]=${first}`, ['deleted', 'tag']],
    // A plus that was not encoded, and one that was.
    [`filter[phone_number]=${PHONES[0]}`, ['deleted', 'tag']],
    [`filter[phone_number]=${encodeURIComponent(PHONES[1] as string)}`, ['under way', 'emergency', 'tag']],
    [
      `filter[phone_number][]=${first}&filter[phone_number][]=${third}`,
      ['under way', 'deleted', 'not deleted', 'locked', 'tag'],
    ],
    ['filter[phone_number]=+13125550199', []],
    [`filter[phone_number]=${third}&filter[type]=delete_phone_numbers`, ['not deleted']],
    [`filter[phone_number]=${third}&filter[status][]=completed&page[size]=1`, ['locked']],
  ])('%s', async (query, expected) => {
    expect((await list(query)).found).toEqual(expected)
  })

  it('is filtered as the official client writes it', async () => {
    const { jobs } = sdk(world).phoneNumbers
    const { data } = await jobs.list({
      filter: {
        type: 'delete_phone_numbers',
        status: ['completed', 'failed'],
        phone_number: [PHONES[0] as string, third],
      },
    })
    expect(named(data)).toEqual(['deleted', 'not deleted'])
  })
})

it('takes only the documented form of a filter when told to be strict', async () => {
  const world = await World.open({ dialects: [telnyx({ strictFilters: true })] })
  const acme = new Client(world, 'telnyx')
  const status = async (query: string) => (await acme.get(`${JOBS}?${query}`)).status
  expect(await status('filter[status][]=failed&filter[status][]=pending')).toBe(200)
  expect(await status('filter[status]=failed')).toBe(422)
  expect(await status('filter[status][]=failed,pending')).toBe(422)
  expect(await status('filter[phone_number]=77')).toBe(200)
  await world.close()
})
