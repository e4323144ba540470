import { memoryDirectory, memoryStorage, type Storage } from 'outdial'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpTransport, talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { KEYS, World } from '../support/world.js'
import { csvForm } from './forms.js'

const batch = (more: object = {}) => ({ fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2), ...more })
const fields = { fromPhoneNumberId: 'pn_0', name: 'Reminders' }
const ROWS = 'phone,name\n+12025550101,Ann Example\n'
const LATER = { scheduledStartTime: '2028-01-01T00:00:00' }

describe('errors of the talkifai dialect', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [talkifai()] })
    acme = new Client(world, 'talkifai')
  })
  afterAll(() => world.close())

  const before = async () => (await acme.get('/batch/jobs?organizationId=acme&pageSize=100')).body.total as number

  it.each([
    [
      'missing_phone_column',
      csvForm('name,email\nAnn,a@b.example', fields),
      "CSV must have 'phone' column. Found columns: ['name', 'email']",
    ],
    [
      'missing_phone_column',
      csvForm(`it's,"a ""b""","it's ""c"""\n1,2,3`, fields),
      `CSV must have 'phone' column. Found columns: ["it's", 'a "b"', 'it\\'s "c"']`,
    ],
    ['invalid_csv', csvForm('', fields), 'Invalid CSV file: The file is empty: it needs a header with a phone column'],
    ['invalid_csv', csvForm('phone,phone\n1,2', fields), 'Invalid CSV file: Columns 1 and 2 are both called "phone"'],
    ['invalid_csv', csvForm('PK\u0003\u0004\0\0', fields), expect.stringMatching(/^Invalid CSV file: /)],
    ['no_valid_contacts', csvForm('phone\n12345\n', fields), 'No valid contacts found in CSV'],
    ['no_valid_contacts', csvForm('phone\n', fields), 'No valid contacts found in CSV'],
    ['no_valid_contacts', batch({ contacts: [] }), 'No valid contacts found in request'],
    [
      'invalid_phone_format',
      batch({ contacts: [...people(1), { phone: '+12345' }] }),
      'Invalid phone number format: +12345',
    ],
    [
      'invalid_phone_format',
      batch({ contacts: [{ phone: '(202) 555-0101' }] }),
      'Invalid phone number format: (202) 555-0101',
    ],
    ['invalid_phone_format', batch({ contacts: [{ phone: '+999123' }] }), 'Invalid phone number format: +999123'],
    [
      'invalid_timezone',
      batch({ timezone: 'Mars/Olympus' }),
      "Invalid timezone 'Mars/Olympus'. Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC').",
    ],
    [
      'invalid_timezone',
      csvForm(ROWS, { ...fields, timezone: 'utc+3' }),
      expect.stringContaining("Invalid timezone 'utc+3'."),
    ],
    [
      'invalid_datetime',
      batch({ scheduledStartTime: 'tomorrow' }),
      "Invalid datetime format. Use format like '2025-03-01T10:00:00'.",
    ],
    [
      'invalid_datetime',
      batch({ scheduledStartTime: 'now' }),
      "Invalid datetime format. Use format like '2025-03-01T10:00:00'.",
    ],
    [
      'invalid_datetime',
      batch({ scheduledStartTime: '2027-02-30T10:00:00' }),
      "Invalid datetime format. Use format like '2025-03-01T10:00:00'.",
    ],
    [
      'past_scheduled_time',
      batch({ scheduledStartTime: '2025-02-28T09:00:00' }),
      'Scheduled time must be in the future',
    ],
    // To the very instant.
    [
      'past_scheduled_time',
      batch({ scheduledStartTime: '2027-01-04T14:00:00Z' }),
      'Scheduled time must be in the future',
    ],
    ['no_outbound_agent', batch({ fromPhoneNumberId: 'pn_1' }), 'Phone number pn_1 has no outbound agent assigned'],
  ])('%s: %#', async (code, body, detail) => {
    const count = await before()
    expect(await acme.post('/batch/create', body)).toMatchObject({ status: 400, body: { detail, code } })
    expect(await before()).toBe(count)
  })

  it.each(['phone_abc123', 'pn_2'])('knows no phone number %s of this organization', async (id) => {
    expect(await acme.post('/batch/create', batch({ fromPhoneNumberId: id }))).toMatchObject({
      status: 404,
      body: { detail: `Phone number ${id} not found`, code: 'phone_number_not_found' },
    })
  })

  it.each([
    ['name: ', batch({ name: '' })],
    ['name: ', batch({ name: 'x'.repeat(201) })],
    ['description: ', batch({ description: 'x'.repeat(1001) })],
    ['fromPhoneNumberId: ', { name: 'x', contacts: [] }],
    ['contacts: ', { ...fields }],
    ['contacts[1].phone: ', batch({ contacts: [...people(1), { name: 'nobody' }] })],
    ['contacts[0].Phone: ', batch({ contacts: [{ phone: '+12025550101', Phone: 'x' }] })],
    ['concurrentCallLimit: ', batch({ concurrentCallLimit: 0 })],
    ['concurrentCallLimit: ', batch({ concurrentCallLimit: 51 })],
    ['maxAttempts: ', batch({ maxAttempts: 11 })],
    ['maxAttempts: ', batch({ maxAttempts: 1.5 })],
    ['agentId: ', batch({ agentId: 'agent_0' })],
    ['contacts: ', csvForm(ROWS, { ...fields, contacts: '[]' })],
    ['concurrentCallLimit: ', csvForm(ROWS, { ...fields, concurrentCallLimit: 'five' })],
    ['concurrentCallLimit: ', csvForm(ROWS, { ...fields, concurrentCallLimit: '51' })],
    ['maxAttempts: ', csvForm(ROWS, { ...fields, maxAttempts: '0' })],
    ['name: ', csvForm(ROWS, { fromPhoneNumberId: 'pn_0' })],
  ])('names the field at fault: %s%#', async (start, body) => {
    const answer = await acme.post('/batch/create', body)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(answer.body.detail.startsWith(start), answer.body.detail).toBe(true)
  })

  it('wants one file, and each field once', async () => {
    const without = new FormData()
    without.append('fromPhoneNumberId', 'pn_0')
    without.append('name', 'x')
    expect((await acme.post('/batch/create', without)).body).toEqual({
      detail: "Invalid CSV file: there is no 'file' in the form",
      code: 'invalid_csv',
    })
    const twice = csvForm(ROWS, fields)
    twice.append('name', 'y')
    expect((await acme.post('/batch/create', twice)).body.detail).toBe('name: is given twice')
    const two = csvForm(ROWS, fields)
    two.append('file', new File([ROWS], 'b.csv'))
    expect((await acme.post('/batch/create', two)).body.detail).toBe('file: is given twice')
  })

  it('tells what the body is not', async () => {
    expect(await acme.send('POST', '/batch/create', ROWS, { 'content-type': 'text/csv' })).toMatchObject({
      status: 415,
      body: { detail: 'Expected multipart/form-data or application/json' },
    })
    expect(await acme.send('POST', '/batch/create', '{', { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
    })
    expect(
      await acme.send('POST', '/batch/create', '--x', { 'content-type': 'multipart/form-data; boundary=x' }),
    ).toMatchObject({
      status: 400,
      body: { code: 'malformed_body', detail: 'The form breaks off before its end.' },
    })
  })

  it('takes ten megabytes and no more', async () => {
    const rows = (bytes: number) => new Blob([ROWS, `+12025550102,${'x'.repeat(60_000)}\n`.repeat(bytes / 60_014)])
    expect((await acme.post('/batch/create', csvForm(rows(10_200_000), { ...fields, ...LATER }))).status).toBe(200)
    expect(await acme.post('/batch/create', csvForm(rows(10_550_000), { ...fields, ...LATER }))).toMatchObject({
      status: 413,
      body: { detail: 'File too large. Maximum size is 10MB', code: 'file_too_large' },
    })
    expect((await acme.post('/batch/create', csvForm(rows(12_000_000), fields))).status).toBe(413)
  })

  it.each([
    ['/batch/jobs', 400, 'organizationId: is required', 'invalid_request'],
    ['/batch/jobs?organizationId=globex', 403, 'Not a member of the selected organization', 'forbidden'],
    ['/batch/jobs?organizationId=acme&page=0', 400, 'Invalid page number: must be >= 1', 'invalid_page'],
    [
      '/batch/jobs?organizationId=acme&pageSize=101',
      400,
      'Invalid page size: must be between 1 and 100',
      'invalid_page_size',
    ],
    [
      '/batch/jobs?organizationId=acme&pageSize=0',
      400,
      'Invalid page size: must be between 1 and 100',
      'invalid_page_size',
    ],
    ['/batch/jobs?organizationId=acme&status=done', 400, 'Invalid status filter value', 'invalid_status'],
    ['/batch/jobs?organizationId=acme&sort=name', 400, expect.stringContaining('sort'), 'invalid_request'],
    ['/batch/jobs/batch_x', 404, 'Batch job not found', 'job_not_found'],
    [
      '/batch/jobs/batch_x?contactStatus=connected',
      400,
      'Invalid contact status filter value',
      'invalid_contact_status',
    ],
    ['/batch/jobs/batch_x?contactsPage=-1', 400, 'Invalid page number: must be >= 1', 'invalid_page'],
    [
      '/batch/jobs/batch_x?contactsPageSize=501',
      400,
      'Invalid page size: must be between 1 and 500',
      'invalid_page_size',
    ],
    ['/batch/x/contacts?pageSize=101', 400, 'Invalid page size: must be between 1 and 100', 'invalid_page_size'],
    ['/batch/jobs/batch_x/redis-status', 404, 'Batch job not found', 'job_not_found'],
    ['/batch/jobs/batch_x/nothing', 404, 'Not Found', 'not_found'],
  ])('GET %s', async (path, status, detail, code) => {
    expect(await acme.get(path)).toMatchObject({ status, body: { detail, code } })
  })

  it('tells who may not', async () => {
    const invalid = { success: false, error: 'Invalid API key', code: 'invalid_api_key' }
    const nobody = new Client(world, 'nobody')
    expect((await nobody.get('/batch/jobs?organizationId=acme')).body).toEqual(invalid)
    expect(await nobody.get('/batch/jobs?organizationId=acme', { 'x-api-key': KEYS.acme.key })).toMatchObject({
      status: 200,
    })
    const reader = new Client(world, 'talkifai', 'reader')
    expect(await reader.post('/batch/create', batch())).toMatchObject({ status: 403, body: { detail: 'Forbidden' } })
    expect(await acme.send('PUT', '/batch/create')).toMatchObject({
      status: 405,
      body: { detail: 'Method Not Allowed' },
    })
  })

  it('tells how long to wait', async () => {
    const slow = await World.open({ dialects: [talkifai()], transport: { limits: { rate: 1, burst: 1 } } })
    const client = new Client(slow, 'talkifai')
    await client.get('/batch/jobs?organizationId=acme')
    const answer = await client.get('/batch/jobs?organizationId=acme')
    expect(answer).toMatchObject({ status: 429, body: { detail: 'Rate limit exceeded', code: 'rate_limit_exceeded' } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1')
    await slow.close()
  })
})

describe('credits and agents', () => {
  const numbers = ['pipeline', 'realtime', 'text'].map((architecture, i) => ({
    id: `phone_${architecture}`,
    phone: `+1303555010${i}`,
    organization: 'acme',
    agent: `agent_${architecture}`,
    metadata: { architecture },
  }))
  const directory = memoryDirectory({
    organizations: [{ id: 'acme', account: 'acme-money', concurrency: 5 }],
    numbers,
    keys: [{ key: KEYS.acme.key, organization: 'acme' }],
  })
  const balances = (available: number) => ({
    accounts: { balance: async () => ({ available, reserved: 0 }) } as never,
    directory,
  })

  it.each([
    ['pipeline', 100, 100, 'Insufficient credits. Required: $3.50, Available: $1.00'],
    ['realtime', 100, 699, 'Insufficient credits. Required: $7.00, Available: $6.99'],
    ['pipeline', 1, 3, 'Insufficient credits. Required: $0.04, Available: $0.03'],
  ])('%s agents: %i contacts need more than %i cents', async (architecture, count, available, detail) => {
    const world = await World.open({ dialects: [talkifai()], transport: balances(available) })
    const acme = new Client(world, 'talkifai')
    const request = batch({ fromPhoneNumberId: `phone_${architecture}`, contacts: people(count) })
    const answer = await acme.post('/batch/create', request)
    expect(answer).toMatchObject({ status: 400, body: { detail, code: 'insufficient_credits' } })
    expect((await world.storage.listJobs({ max: 10 })).items).toEqual([])
    await world.close()
  })

  it.each([
    ['pipeline', '$3.50'],
    ['realtime', '$7.00'],
  ])('%s agents: just enough is enough, and duplicates cost nothing', async (architecture, estimatedCost) => {
    const available = architecture === 'pipeline' ? 350 : 700
    const world = await World.open({ dialects: [talkifai()], transport: balances(available) })
    const request = batch({ fromPhoneNumberId: `phone_${architecture}`, contacts: [...people(100), ...people(50)] })
    const answer = await new Client(world, 'talkifai').post('/batch/create', { ...request, ...LATER })
    expect(answer.body).toMatchObject({ totalContacts: 100, estimatedCost, estimatedDuration: '40 minutes' })
    await world.close()
  })

  it('takes rates of the host', async () => {
    const dialects = [talkifai({ rates: { pipeline: 0.5 }, unitsPerDollar: 1000 })]
    const world = await World.open({ dialects, transport: balances(1500) })
    const request = batch({ fromPhoneNumberId: 'phone_pipeline' })
    expect((await new Client(world, 'talkifai').post('/batch/create', request)).body.detail).toBe(
      'Insufficient credits. Required: $2.00, Available: $1.50',
    )
    await world.close()
    expect(() => talkifai({ rates: { realtime: -1 } })).toThrow(/rates\.realtime/)
    expect(() => talkifai({ retryDelays: [] })).toThrow(/retryDelays/)
  })

  it('calls with no text agent', async () => {
    const world = await World.open({ dialects: [talkifai()], transport: balances(1500) })
    const request = batch({ fromPhoneNumberId: 'phone_text' })
    expect(await new Client(world, 'talkifai').post('/batch/create', request)).toMatchObject({
      status: 400,
      body: { code: 'no_outbound_agent', detail: expect.stringContaining('agent_text is a text agent') },
    })
    await world.close()
  })
})

describe('defects', () => {
  const REQUESTS: [string, string, string, unknown?][] = [
    ['POST', '/batch/create', 'Failed to process CSV file: internal error', csvForm(ROWS, fields)],
    ['GET', '/batch/jobs?organizationId=acme', 'Failed to list batch jobs'],
    ['GET', '/batch/jobs/batch_x', 'Failed to get batch job detail'],
    ['POST', '/batch/jobs/batch_x/cancel', 'Failed to cancel batch job'],
    ['POST', '/batch/jobs/batch_x/start', 'Failed to start batch job'],
    ['PATCH', '/batch/jobs/batch_x/reschedule?scheduledStartTime=2028-01-01', 'Failed to reschedule batch job'],
    ['GET', '/batch/jobs/batch_x/redis-status', 'Failed to get Redis job status'],
    ['POST', '/batch/jobs/batch_x/pause', 'Failed to pause batch job'],
    ['POST', '/batch/jobs/batch_x/export', 'Failed to export batch job'],
    ['DELETE', '/batch/jobs/batch_x', 'Failed to delete batch job'],
  ]

  it.each(REQUESTS)('%s %s tells nothing but %s', async (method, path, detail, body) => {
    const broken = async (): Promise<never> => {
      throw new Error('Database connection error: the password is hunter2')
    }
    const storage: Storage = Object.assign(memoryStorage(), { getJob: broken, listJobs: broken, createJob: broken })
    const world = await World.open({ dialects: [talkifai()], storage })
    const answer = await new Client(world, 'talkifai').send(method, path, body)
    expect(answer).toMatchObject({ status: 500, body: { detail, code: 'internal_error' } })
    expect(world.errors.splice(0)).toHaveLength(1)
    await world.close()
  })

  it('answers below a base path as well', async () => {
    const world = await World.open({ dialects: [talkifai()] })
    const transport = createHttpTransport({
      engine: world.engine,
      directory: memoryDirectory({
        organizations: [{ id: 'acme' }],
        numbers: [],
        keys: [{ key: 'k'.repeat(20), organization: 'acme' }],
      }),
      dialects: [talkifai()],
      basePath: '/telephony',
    })
    const headers = { authorization: `Bearer ${'k'.repeat(20)}` }
    const answer = await transport(new Request('http://localhost/telephony/batch/jobs/batch_x', { headers }))
    expect(await answer.json()).toEqual({ detail: 'Batch job not found', code: 'job_not_found' })
    await world.close()
  })
})
