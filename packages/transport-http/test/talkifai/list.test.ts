import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { World } from '../support/world.js'

const batch = (more: object = {}) => ({ fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(3), ...more })

describe('listing and exporting batches', () => {
  let world: World
  let acme: Client
  const ids: string[] = []
  const [ann, bob, cy] = people(3).map(({ phone }) => phone)
  beforeAll(async () => {
    const outcomes = ({ to }: { to: string }) => (to === bob ? 'invalid_number' : to === cy ? 'busy' : 'answered')
    world = await World.open({ dialects: [talkifai()], carrier: { outcomes } })
    acme = new Client(world, 'talkifai')
    const contacts = [
      { phone: ann, name: 'Ann Example' },
      { phone: bob, name: '=HYPERLINK("x")' },
      { phone: cy, name: 'Cy, Example' },
    ]
    const bodies = [
      batch({ contacts }),
      batch({ name: 'Second', description: 'Later', scheduledStartTime: '2027-03-01T09:00:00', maxAttempts: 1 }),
      batch({ name: 'Third', scheduledStartTime: '2027-03-01T09:00:00' }),
    ]
    for (const body of bodies) ids.push((await acme.post('/batch/create', body)).body.batchJobId as string)
    await acme.post(`/batch/jobs/${ids[2]}/cancel`)
    await world.advance(60_000)
  })
  afterAll(() => world.close())

  const list = async (query = '') => (await acme.get(`/batch/jobs?organizationId=acme${query}`)).body
  const idsOf = ({ batchJobs }: { batchJobs: { id: string }[] }) => batchJobs.map(({ id }) => id)

  it('shows the newest first, with their progress', async () => {
    const all = await list()
    expect(idsOf(all)).toEqual([...ids].reverse())
    expect(all).toMatchObject({ total: 3, page: 1, pageSize: 20 })
    expect(all.batchJobs[2]).toEqual({
      id: ids[0],
      name: 'Reminders',
      description: null,
      status: 'running',
      organizationId: 'acme',
      agentId: 'agent_0',
      fromPhoneNumberId: 'pn_0',
      totalContacts: 3,
      // One was reached; one is no number; one is busy, and called again.
      contactsProcessed: 3,
      successfulCalls: 1,
      failedCalls: 2,
      scheduledStartTime: null,
      actualStartTime: '2027-01-04T14:00:00Z',
      completedAt: null,
      createdAt: '2027-01-04T14:00:00Z',
      concurrentCallLimit: 5,
      retryPolicy: { maxAttempts: 3, retryableStatuses: ['no_answer', 'busy', 'timeout'] },
    })
    expect(all.batchJobs[1]).toMatchObject({
      status: 'scheduled',
      description: 'Later',
      retryPolicy: { maxAttempts: 1 },
    })
  })

  it('filters by status, and pages', async () => {
    expect(idsOf(await list('&status=running'))).toEqual([ids[0]])
    expect(idsOf(await list('&status=scheduled'))).toEqual([ids[1]])
    expect(idsOf(await list('&status=cancelled'))).toEqual([ids[2]])
    for (const status of ['pending', 'completed', 'failed', 'paused'])
      expect(await list(`&status=${status}`)).toMatchObject({ batchJobs: [], total: 0 })
    const second = await list('&page=2&pageSize=2')
    expect(second).toMatchObject({ total: 3, page: 2, pageSize: 2 })
    expect(idsOf(second)).toEqual([ids[0]])
    expect(idsOf(await list('&page=9'))).toEqual([])
  })

  it('is seen as cancelled by its status while its last calls end', async () => {
    const id = (await acme.post('/batch/create', batch({ contacts: people(1) }))).body.batchJobId as string
    await world.advance(2000)
    await acme.post(`/batch/jobs/${id}/cancel`)
    expect(idsOf(await list('&status=cancelled'))).toEqual([id, ids[2]])
    expect(idsOf(await list('&status=failed'))).toEqual([])
    await world.advance(60_000)
    expect(idsOf(await list('&status=cancelled'))).toEqual([id, ids[2]])
  })

  it('downloads results as CSV when a batch has ended', async () => {
    await world.advance(2 * 3_600_000)
    const download = await acme.post(`/batch/jobs/${ids[0]}/export`, { format: 'csv', filter: 'all' })
    expect(download.status).toBe(200)
    expect(download.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(download.headers.get('content-disposition')).toBe(`attachment; filename="${ids[0]}.csv"`)
    expect(download.text.split('\r\n')).toEqual([
      'name,phone,status,attempts,duration,failureReason,lastAttemptAt',
      `Ann Example,${ann},completed,1,30,,2027-01-04T14:00:00Z`,
      `"'=HYPERLINK(""x"")",${bob},invalid_number,1,,SIP status: 404 Not Found,2027-01-04T14:00:00Z`,
      expect.stringMatching(/^"Cy, Example",\+\d+,failed,3,,SIP status: 486 Busy Here,2027-01-04T14:35:0\dZ$/),
      '',
    ])
    const rows = async (filter: string) =>
      (await acme.post(`/batch/jobs/${ids[0]}/export`, { format: 'csv', filter })).text.split('\r\n').length - 2
    expect(await rows('successful')).toBe(1)
    expect(await rows('failed')).toBe(2)
    expect((await acme.post(`/batch/jobs/${ids[0]}/export`)).text).toBe(download.text)
    expect(await acme.post(`/batch/jobs/${ids[0]}/export`, { format: 'pdf' })).toMatchObject({ status: 400 })
    expect(await acme.post(`/batch/jobs/${ids[0]}/export`, { filter: 'some' })).toMatchObject({ status: 400 })
  })
})
