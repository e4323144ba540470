import { afterEach, describe, expect, it } from 'vitest'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { World } from '../support/world.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const batch = (more: object = {}) => ({ fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2), ...more })
const [ann, bob, cy, dee, eve, fay] = people(6).map(({ phone }) => phone) as [
  string,
  string,
  string,
  string,
  string,
  string,
]

let world: World
afterEach(() => world.close())

/** Outcomes of a number's calls, one after another; then answered. */
function outcomes(courses: Readonly<Record<string, readonly string[]>>) {
  return ({ to, attempt }: { to: string; attempt: number }) => {
    const course = courses[to]?.[attempt - 1] ?? 'answered'
    return course === 'timeout' ? { outcome: 'no_answer', raw: { sip: 408 } } : { outcome: course }
  }
}

async function open(courses: Readonly<Record<string, readonly string[]>> = {}, dialect = talkifai()): Promise<Client> {
  world = await World.open({ dialects: [dialect], carrier: { outcomes: outcomes(courses) as never } })
  return new Client(world, 'talkifai')
}

/** Minutes after the beginning at which somebody was called. */
const calledAt = (phone: string) =>
  [...world.carrier.ledger]
    .filter(({ kind, to }) => kind === 'placed' && to === phone)
    .map(({ at }) => Math.round((at - world.clock.start) / SECOND))

describe('the life of a batch', () => {
  it('goes from pending over running to completed, with its counters and contacts', async () => {
    const acme = await open({ [bob]: ['invalid_number'], [cy]: ['blocked'], [dee]: ['failed'], [eve]: ['voicemail'] })
    const contacts = people(6)
    const { batchJobId: id } = (await acme.post('/batch/create', batch({ contacts, concurrentCallLimit: 2 }))).body
    const detail = async (query = '') => (await acme.get(`/batch/jobs/${id}${query}`)).body
    await world.advance(3 * SECOND)
    expect(await detail()).toMatchObject({
      status: 'running',
      actualStartTime: '2027-01-04T14:00:00Z',
      contactsProcessed: 3,
      failedCalls: 3,
      statusBreakdown: { pending: 1, dialing: 2, invalid_number: 1, blocked: 1, failed: 1 },
      // Half of them in three seconds: three more from now.
      estimatedCompletionTime: '2027-01-04T14:00:06Z',
    })
    await world.advance(5 * MINUTE)
    const done = await detail()
    expect(done).toMatchObject({
      status: 'completed',
      totalContacts: 6,
      contactsProcessed: 6,
      successfulCalls: 3,
      failedCalls: 3,
      statusBreakdown: { completed: 3, blocked: 1, invalid_number: 1, failed: 1 },
      completedAt: expect.stringMatching(/^2027-01-04T14:0\d:\d\dZ$/),
      estimatedCompletionTime: null,
    })
    expect(done.contacts[0]).toEqual({
      id: expect.stringMatching(/_001$/),
      phoneNumber: ann,
      contactData: { phone: ann, name: 'Person 0' },
      status: 'completed',
      errorCode: null,
      attemptCount: 1,
      maxAttempts: 3,
      lastAttemptAt: '2027-01-04T14:00:00Z',
      nextRetryAt: null,
      completedAt: '2027-01-04T14:00:36Z',
      roomName: `outbound_agent_0_${ann.slice(1)}_${Date.parse('2027-01-04T14:00:00Z') / 1000}`,
      failureReason: null,
      callDuration: 30,
    })
    expect(done.contacts.slice(1, 4)).toMatchObject([
      { status: 'invalid_number', errorCode: '404', failureReason: 'SIP status: 404 Not Found', roomName: null },
      { status: 'blocked', errorCode: '608', failureReason: 'SIP status: 608 Rejected', callDuration: null },
      { status: 'failed', errorCode: '480', failureReason: 'SIP status: 480 Temporarily Unavailable' },
    ])
    expect(world.carrier.ledger.calledTwice()).toEqual([])
    expect(calledAt(fay)).toHaveLength(1)
  })

  it('gives the carrier the number, the agent and all of a row', async () => {
    const attempts: unknown[] = []
    world = await World.open({
      dialects: [talkifai()],
      carrier: {
        outcomes: ({ to, from, agent, variables, ringTimeout }) => {
          attempts.push({ to, from, agent, variables, ringTimeout })
          return 'answered'
        },
      },
    })
    const row = { phone: ann, name: 'Ann Example', plan: { tier: 2 }, agent: 'none of yours', priority: 'high' }
    await new Client(world, 'talkifai').post('/batch/create', batch({ contacts: [row] }))
    await world.advance(MINUTE)
    const { phone: _, ...variables } = row
    expect(attempts).toEqual([{ to: ann, from: '+13035550100', agent: 'agent_0', variables, ringTimeout: MINUTE }])
  })

  it('gives contacts a page at a time, and by status', async () => {
    const acme = await open({ [bob]: ['invalid_number'], [dee]: ['invalid_number'] })
    const { batchJobId: id } = (await acme.post('/batch/create', batch({ contacts: people(5) }))).body
    await world.advance(3 * MINUTE)
    const phones = ({ body }: { body: { contacts: { phoneNumber: string }[] } }) =>
      body.contacts.map(({ phoneNumber }) => phoneNumber)
    const second = await acme.get(`/batch/jobs/${id}?contactsPage=2&contactsPageSize=2`)
    expect(second.body).toMatchObject({ contactsTotal: 5, contactsPage: 2, contactsPageSize: 2, contactsHasMore: true })
    expect(phones(second)).toEqual([cy, dee])
    const last = await acme.get(`/batch/jobs/${id}?contactsPage=3&contactsPageSize=2`)
    expect(last.body).toMatchObject({ contactsHasMore: false })
    expect(phones(last)).toEqual([eve])
    const beyond = await acme.get(`/batch/jobs/${id}?contactsPage=4&contactsPageSize=2`)
    expect(beyond.body).toMatchObject({ contacts: [], contactsTotal: 5, contactsHasMore: false })
    const invalid = await acme.get(`/batch/jobs/${id}?contactStatus=invalid_number&contactsPageSize=1`)
    expect(invalid.body).toMatchObject({ contactsTotal: 2, contactsHasMore: true, statusBreakdown: { completed: 3 } })
    expect(phones(invalid)).toEqual([bob])
    const older = await acme.get(`/batch/${id}/contacts?page=2&pageSize=3`)
    expect(phones(older)).toEqual([dee, eve])
    expect(older.body).toMatchObject({ contactsTotal: 5, contactsPage: 2, contactsPageSize: 3 })
    expect(older.body.status).toBeUndefined()
  })

  it('calls again after 5 and then 30 minutes, by attempt, and only after what may be retried', async () => {
    const acme = await open({
      [ann]: ['no_answer', 'busy', 'answered'],
      [bob]: ['busy', 'timeout', 'no_answer', 'answered'],
      [cy]: ['failed', 'answered'],
      [dee]: ['timeout', 'answered'],
    })
    const { batchJobId: id } = (await acme.post('/batch/create', batch({ contacts: people(4) }))).body
    const contact = async (index: number) => (await acme.get(`/batch/jobs/${id}`)).body.contacts[index]
    await world.advance(70 * SECOND)
    // Ann's phone rings for a minute, Bob's is busy after a second.
    expect(await contact(0)).toMatchObject({
      status: 'no_answer',
      errorCode: '487',
      attemptCount: 1,
      nextRetryAt: '2027-01-04T14:06:01Z',
      completedAt: null,
      failureReason: 'SIP status: 487 Request Terminated',
    })
    expect(await contact(1)).toMatchObject({ status: 'busy', errorCode: '486', nextRetryAt: '2027-01-04T14:05:01Z' })
    expect(await contact(2)).toMatchObject({ status: 'failed', nextRetryAt: null, completedAt: '2027-01-04T14:00:01Z' })
    expect(await contact(3)).toMatchObject({ status: 'timeout', errorCode: '408' })
    // Whoever waits for a retry is processed and failed until then.
    expect((await acme.get(`/batch/jobs/${id}`)).body).toMatchObject({
      status: 'running',
      contactsProcessed: 4,
      failedCalls: 4,
      statusBreakdown: { no_answer: 1, busy: 1, timeout: 1, failed: 1 },
    })
    expect((await acme.get(`/batch/jobs/${id}?contactStatus=timeout`)).body).toMatchObject({ contactsTotal: 1 })
    await world.advance(2 * 60 * MINUTE)
    expect(calledAt(ann)).toEqual([0, 361, 361 + 1801])
    expect(calledAt(bob)).toEqual([0, 301, 301 + 61 + 1800])
    expect(calledAt(cy)).toEqual([0])
    expect(calledAt(dee)).toEqual([0, 361])
    expect((await acme.get(`/batch/jobs/${id}`)).body).toMatchObject({
      status: 'completed',
      successfulCalls: 2,
      failedCalls: 2,
      statusBreakdown: { completed: 2, failed: 2 },
      contacts: [
        { attemptCount: 3, status: 'completed' },
        { attemptCount: 3, status: 'failed', failureReason: 'SIP status: 487 Request Terminated', nextRetryAt: null },
        { attemptCount: 1, status: 'failed' },
        { attemptCount: 2, status: 'completed' },
      ],
    })
  })

  it.each([1, 2, 5])('tries %i times at most', async (maxAttempts) => {
    const acme = await open({ [ann]: Array(10).fill('busy') as string[] })
    const { batchJobId: id } = (await acme.post('/batch/create', batch({ contacts: people(1), maxAttempts }))).body
    await world.advance(24 * 60 * MINUTE)
    expect(calledAt(ann)).toEqual([0, 301, 2102, 3903, 5704].slice(0, maxAttempts))
    expect((await acme.get(`/batch/jobs/${id}`)).body.contacts[0]).toMatchObject({
      status: 'failed',
      attemptCount: maxAttempts,
    })
  })

  it('waits as long as the host says', async () => {
    const acme = await open({ [ann]: ['busy', 'busy'] }, talkifai({ retryDelays: ['1m', 2000] }))
    await acme.post('/batch/create', batch({ contacts: people(1) }))
    await world.advance(5 * MINUTE)
    expect(calledAt(ann)).toEqual([0, 61, 64])
  })

  it('does not count trouble of the carrier as an attempt', async () => {
    const acme = await open({ [ann]: ['network_error', 'carrier_error', 'busy'] })
    const { batchJobId: id } = (await acme.post('/batch/create', batch({ contacts: people(1) }))).body
    await world.advance(2.5 * SECOND)
    expect((await acme.get(`/batch/jobs/${id}`)).body.contacts[0]).toMatchObject({
      status: 'queued',
      attemptCount: 0,
      errorCode: '504',
    })
    await world.advance(20 * SECOND)
    expect((await acme.get(`/batch/jobs/${id}`)).body.contacts[0]).toMatchObject({
      status: 'busy',
      attemptCount: 1,
      errorCode: '486',
    })
  })

  it('shows who must not be called as blocked, and calls nobody of them', async () => {
    const acme = await open()
    await world.engine.suppression.add([bob], { organization: 'acme' })
    const { batchJobId: id } = (await acme.post('/batch/create', batch())).body
    await world.advance(MINUTE)
    expect(calledAt(bob)).toEqual([])
    expect((await acme.get(`/batch/jobs/${id}`)).body).toMatchObject({
      status: 'completed',
      failedCalls: 1,
      statusBreakdown: { completed: 1, blocked: 1 },
      contacts: [{}, { status: 'blocked', attemptCount: 0, failureReason: 'suppressed', errorCode: null }],
    })
  })

  it('keeps the limits of a batch and of all batches of the organization', async () => {
    const acme = await open()
    const list = (from: number, count: number) => people(from + count).slice(from)
    const create = (contacts: unknown, concurrentCallLimit: number) =>
      acme.post('/batch/create', batch({ contacts, concurrentCallLimit }))
    const [a, b, c] = await Promise.all([create(list(0, 20), 5), create(list(20, 20), 50), create(list(40, 6), 2)])
    // What the organization may do bounds what is promised: 20 contacts, 5 at once.
    expect([a, b, c].map(({ body }) => body.estimatedDuration)).toEqual(['8 minutes', '8 minutes', '6 minutes'])
    await world.advance(10 * MINUTE)
    const jobOf = (batchId: string) => batchId.replace('batch_', 'job_')
    const live = world.carrier.ledger.maxLive({ by: 'job' })
    expect(live.get(jobOf(c?.body.batchJobId))).toBe(2)
    expect(Math.max(...world.carrier.ledger.maxLive({ by: () => 'all' }).values())).toBe(5)
    for (const { body } of [a, b, c])
      expect((await acme.get(`/batch/jobs/${body.batchJobId}`)).body).toMatchObject({
        status: 'completed',
        failedCalls: 0,
      })
  })
})
