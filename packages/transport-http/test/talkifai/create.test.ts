import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { World } from '../support/world.js'
import { csvForm, csvOf } from './forms.js'

const batch = (more: object = {}) => ({ fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2), ...more })

describe('creating a batch', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [talkifai()] })
    acme = new Client(world, 'talkifai')
  })
  afterAll(() => world.close())

  const detail = async (id: string, query = '') => (await acme.get(`/batch/jobs/${id}${query}`)).body

  it('takes every field of the JSON request, and does what each says', async () => {
    const request = {
      fromPhoneNumberId: 'pn_0',
      name: 'January Renewals',
      description: 'Subscriptions that expire',
      contacts: [
        { phone: '+12025550101', name: 'Ann Example', plan: { tier: 2 }, timezone: 'none of yours', attempts: 9 },
        { phone: '+12025550102', name: 'Bob Example' },
        { phone: '+12025550101', name: 'Ann once more' },
      ],
      concurrentCallLimit: 3,
      maxAttempts: 2,
      scheduledStartTime: '2027-02-28T09:00:00',
      timezone: 'America/New_York',
    }
    const made = await acme.post('/batch/create', request)
    expect(made.status, made.text).toBe(200)
    expect(made.body).toEqual({
      success: true,
      batchJobId: expect.stringMatching(/^batch_[0-9a-z]+$/),
      totalContacts: 2,
      estimatedDuration: '2 minutes',
      estimatedCost: '$0.07',
      status: 'scheduled',
      scheduledStartTime: '2027-02-28T14:00:00Z',
      message: 'Batch job created with 2 contacts',
    })
    expect(Object.keys(made.body)).toEqual([
      'success',
      'batchJobId',
      'totalContacts',
      'estimatedDuration',
      'estimatedCost',
      'status',
      'scheduledStartTime',
      'message',
    ])
    expect(made.headers.get('x-rows-duplicate')).toBe('1')
    expect(await detail(made.body.batchJobId)).toEqual({
      id: made.body.batchJobId,
      name: 'January Renewals',
      description: 'Subscriptions that expire',
      status: 'scheduled',
      organizationId: 'acme',
      agentId: 'agent_0',
      fromPhoneNumberId: 'pn_0',
      totalContacts: 2,
      contactsProcessed: 0,
      successfulCalls: 0,
      failedCalls: 0,
      statusBreakdown: { pending: 2 },
      scheduledStartTime: '2027-02-28T14:00:00Z',
      actualStartTime: null,
      completedAt: null,
      estimatedCompletionTime: null,
      createdAt: '2027-01-04T14:00:00Z',
      concurrentCallLimit: 3,
      retryPolicy: { maxAttempts: 2, retryableStatuses: ['no_answer', 'busy', 'timeout'] },
      contacts: [
        {
          id: expect.stringMatching(/^contact_\w+_001$/),
          phoneNumber: '+12025550101',
          contactData: request.contacts[0],
          status: 'pending',
          errorCode: null,
          attemptCount: 0,
          maxAttempts: 2,
          lastAttemptAt: null,
          nextRetryAt: null,
          completedAt: null,
          roomName: null,
          failureReason: null,
          callDuration: null,
        },
        expect.objectContaining({ phoneNumber: '+12025550102', contactData: request.contacts[1] }),
      ],
      contactsTotal: 2,
      contactsPage: 1,
      contactsPageSize: 50,
      contactsHasMore: false,
    })
  })

  it('takes every field of the form, where all is text', async () => {
    const rows = [
      { phone: '+12025550101', name: 'Ann Example', renewalDate: 'Feb 1' },
      { phone: '+12025550102', name: 'Bob Example', renewalDate: 'Feb 5' },
    ]
    const fields = {
      fromPhoneNumberId: 'pn_0',
      name: 'January Renewals',
      description: 'Subscriptions that expire',
      concurrentCallLimit: '3',
      maxAttempts: '2',
      scheduledStartTime: '2027-03-01T09:00:00',
      timezone: 'America/New_York',
    }
    const made = await acme.post('/batch/create', csvForm(csvOf(rows), fields))
    expect(made.body).toMatchObject({
      totalContacts: 2,
      status: 'scheduled',
      scheduledStartTime: '2027-03-01T14:00:00Z',
    })
    expect(await detail(made.body.batchJobId)).toMatchObject({
      name: 'January Renewals',
      description: 'Subscriptions that expire',
      fromPhoneNumberId: 'pn_0',
      concurrentCallLimit: 3,
      retryPolicy: { maxAttempts: 2 },
      contacts: rows.map((row) => ({ phoneNumber: row.phone, contactData: row })),
    })
  })

  it('starts without a schedule by itself, and says pending before', async () => {
    const form = csvForm('phone\n+12025550101', {
      fromPhoneNumberId: 'pn_0',
      name: 'Now',
      scheduledStartTime: '',
      description: '',
    })
    const made = await acme.post('/batch/create', form)
    expect(made.body).toMatchObject({
      totalContacts: 1,
      status: 'pending',
      scheduledStartTime: null,
      message: 'Batch job created with 1 contact',
    })
    await world.advance(60_000)
    expect(await detail(made.body.batchJobId)).toMatchObject({
      status: 'completed',
      description: null,
      concurrentCallLimit: 5,
      retryPolicy: { maxAttempts: 3 },
    })
  })

  it('leaves rows of a file out that are no contacts, says how many, and keeps the numbers of the others', async () => {
    const csv =
      'Phone;Name\n12345;Zed\n+12025550101;Ann\n;\n2025550102;Bob\n\n+12025550101;Ann again\n+999123;Cy\n;Dee\n;;\n'
    const made = await acme.post('/batch/create', csvForm(csv, { fromPhoneNumberId: 'pn_0', name: 'Partly' }))
    expect(made.body).toMatchObject({ totalContacts: 1, message: 'Batch job created with 1 contact' })
    expect(made.headers.get('x-rows-rejected')).toBe('5')
    expect(made.headers.get('x-rows-duplicate')).toBe('1')
    const job = await world.engine.calls.get(made.body.batchJobId.replace('batch_', 'job_'))
    expect(await job?.task(0)).toMatchObject({ phone: '+12025550101', row: 2 })
  })

  it.each([
    ['2027-02-28T09:00:00+05:00', 'America/New_York', '2027-02-28T04:00:00Z'],
    ['2027-02-28T09:00:00Z', 'Asia/Karachi', '2027-02-28T09:00:00Z'],
    // 02:30 does not exist that night, and 01:30 twice.
    ['2027-03-14T02:30:00', 'America/New_York', '2027-03-14T07:30:00Z'],
    ['2027-11-07T01:30:00', 'America/New_York', '2027-11-07T05:30:00Z'],
    ['2027-02-28T09:00:00', 'UTC', '2027-02-28T09:00:00Z'],
  ])('reads %s in %s as %s', async (scheduledStartTime, timezone, expected) => {
    const made = await acme.post('/batch/create', batch({ scheduledStartTime, timezone }))
    expect(made.body).toMatchObject({ status: 'scheduled', scheduledStartTime: expected })
  })

  it('makes one of two requests with the same key, and refuses another with it, whatever its size', async () => {
    const key = { 'idempotency-key': 'batch-1' }
    const first = await acme.post('/batch/create', batch(), key)
    const second = await acme.post('/batch/create', batch(), key)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const other = await acme.post('/batch/create', batch({ name: 'Remainder' }), key)
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } })

    const form = (phone: string) => csvForm(`phone\n${phone}\n`, { fromPhoneNumberId: 'pn_0', name: 'A file' })
    const upload = { 'idempotency-key': 'batch-2' }
    const made = await acme.post('/batch/create', form('+12025550101'), upload)
    const again = await acme.post('/batch/create', form('+12025550101'), upload)
    expect(again.body.batchJobId).toBe(made.body.batchJobId)
    expect((await acme.post('/batch/create', form('+12025550102'), upload)).status).toBe(409)
  })

  it('takes ten thousand contacts, and not one more', async () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => `+1202${5550000 + i}`)
    const csv = (count: number) =>
      `phone,note\n${numbers(count)
        .map((phone) => `${phone},x`)
        .join('\n')}\n,\n,\n`
    const fields = { fromPhoneNumberId: 'pn_0', name: 'Many', scheduledStartTime: '2028-01-01T00:00:00' }
    const most = await acme.post('/batch/create', csvForm(csv(10_000), fields))
    expect(most.body).toMatchObject({
      totalContacts: 10_000,
      estimatedCost: '$350.00',
      estimatedDuration: '66 hours 40 minutes',
    })
    const more = await acme.post('/batch/create', csvForm(csv(10_001), fields))
    expect(more).toMatchObject({ status: 400, body: { code: 'too_many_contacts' } })
    const contacts = numbers(10_001).map((phone) => ({ phone }))
    const listed = await acme.post('/batch/create', batch({ contacts, scheduledStartTime: '2028-01-01T00:00:00' }))
    expect(listed).toMatchObject({ status: 400, body: { code: 'too_many_contacts' } })
    await acme.post(`/batch/jobs/${most.body.batchJobId}/cancel`)
  })
})
