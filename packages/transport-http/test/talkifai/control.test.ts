import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { native, talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const LATER = { scheduledStartTime: '2027-03-01T09:00:00' }
const batch = (more: object = {}) => ({ fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2), ...more })

describe('controlling a batch', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [talkifai(), native()] })
    acme = new Client(world, 'talkifai')
  })
  afterAll(() => world.close())

  const create = async (more: object = {}) => (await acme.post('/batch/create', batch(more))).body.batchJobId as string
  const detail = async (id: string) => (await acme.get(`/batch/jobs/${id}`)).body
  const refused = (detail: string, code: string) => ({ status: 400, body: { detail, code } })

  /** A batch in each status. */
  const states = async () => {
    const [scheduled, completed, cancelled] = [await create(LATER), await create(), await create(LATER)]
    await acme.post(`/batch/jobs/${cancelled}/cancel`)
    await world.advance(2 * MINUTE)
    const running = await create({ contacts: people(9), concurrentCallLimit: 1 })
    const paused = await create({ contacts: people(9), concurrentCallLimit: 1 })
    await world.advance(SECOND)
    await acme.post(`/batch/jobs/${paused}/pause`)
    return { scheduled, completed, cancelled, running, paused }
  }

  it('cancels a scheduled one with all its contacts', async () => {
    const id = await create({ ...LATER, contacts: people(7) })
    expect((await acme.post(`/batch/jobs/${id}/cancel`)).body).toEqual({
      success: true,
      message: 'Scheduled job cancelled successfully',
      batchJobId: id,
      redisJobCancelled: true,
      contactsCancelled: 7,
    })
    expect(await detail(id)).toMatchObject({
      status: 'cancelled',
      statusBreakdown: { cancelled: 7 },
      contactsProcessed: 0,
      completedAt: expect.any(String),
    })
  })

  it('cancels a running one, and lets live calls end', async () => {
    const id = await create({ contacts: people(7), concurrentCallLimit: 2 })
    await world.advance(10 * SECOND)
    expect((await acme.post(`/batch/jobs/${id}/cancel`)).body).toEqual({
      success: true,
      message: 'Job was already running - cancelled remaining contacts',
      batchJobId: id,
      redisJobCancelled: false,
      contactsCancelled: 5,
    })
    expect(await detail(id)).toMatchObject({ status: 'cancelled', statusBreakdown: { dialing: 2, cancelled: 5 } })
    expect(await acme.post(`/batch/jobs/${id}/cancel`)).toMatchObject(
      refused("Cannot cancel job in 'cancelled' status", 'already_terminal'),
    )
    await world.advance(MINUTE)
    expect(await detail(id)).toMatchObject({ status: 'cancelled', statusBreakdown: { completed: 2, cancelled: 5 } })
  })

  it('cancels contacts that wait for a retry too', async () => {
    world.carrier.setOutcomes({ busy: 1 })
    const id = await create({ contacts: people(3) })
    await world.advance(10 * SECOND)
    expect(await detail(id)).toMatchObject({ statusBreakdown: { busy: 3 }, contactsProcessed: 3 })
    expect((await acme.post(`/batch/jobs/${id}/cancel`)).body).toMatchObject({ contactsCancelled: 3 })
    expect(await detail(id)).toMatchObject({
      status: 'cancelled',
      statusBreakdown: { cancelled: 3 },
      contactsProcessed: 0,
    })
    world.carrier.setOutcomes({ answered: 1 })
  })

  it('starts a scheduled one before its time', async () => {
    const id = await create({ ...LATER, contacts: people(4) })
    expect((await acme.post(`/batch/jobs/${id}/start`)).body).toEqual({
      success: true,
      message: 'Cancelled scheduled job, starting immediately',
      batchJobId: id,
      status: 'running',
      contactsEnqueued: 4,
      redisJobCancelled: true,
      startedAt: expect.stringMatching(/^2027-01-04T14:\d\d:\d\dZ$/),
    })
    await world.advance(2 * MINUTE)
    expect(await detail(id)).toMatchObject({ status: 'completed', successfulCalls: 4 })
  })

  it('starts at its time by itself', async () => {
    const at = new Date(world.clock.now() + 10 * MINUTE).toISOString().slice(0, 19)
    const id = await create({ scheduledStartTime: at })
    await world.advance(9.9 * MINUTE)
    expect(await detail(id)).toMatchObject({ status: 'scheduled', actualStartTime: null })
    await world.advance(2 * MINUTE)
    expect(await detail(id)).toMatchObject({
      status: 'completed',
      scheduledStartTime: `${at}Z`,
      actualStartTime: `${at}Z`,
    })
  })

  it('starts a pending one of another dialect', async () => {
    const campaign = { name: 'Draft', from: CALLER_IDS[0], contacts: people(2) }
    const draft = (await new Client(world, 'native').post('/v1/call-jobs', campaign)).body.id as string
    const id = draft.replace('job_', 'batch_')
    expect(await detail(id)).toMatchObject({
      status: 'pending',
      fromPhoneNumberId: null,
      agentId: null,
      concurrentCallLimit: null,
      retryPolicy: { maxAttempts: 1 },
    })
    expect((await acme.post(`/batch/jobs/${id}/start`)).body).toMatchObject({
      message: 'Starting immediately',
      redisJobCancelled: false,
      contactsEnqueued: 2,
    })
    expect((await acme.get(`/batch/jobs/${draft}`)).status).toBe(404)
  })

  it('sets another time, and a first one', async () => {
    const id = await create(LATER)
    const entry = async () => (await acme.get(`/batch/jobs/${id}/redis-status`)).body
    const before = await entry()
    expect(before).toEqual({
      batchJobId: id,
      databaseStatus: 'scheduled',
      scheduledJobId: expect.stringMatching(/^arq_job_\w+$/),
      scheduledStartTime: '2027-03-01T09:00:00Z',
      redisJobInfo: {
        job_id: before.scheduledJobId,
        in_defer_queue: false,
        job_metadata_exists: true,
        scheduled_time: '2027-03-01T09:00:00+00:00',
        note: expect.any(String),
      },
    })
    const query = 'scheduledStartTime=2027-03-02T10:00:00&timezone=America/New_York'
    const moved = await acme.send('PATCH', `/batch/jobs/${id}/reschedule?${query}`)
    expect(moved.body).toEqual({
      success: true,
      message: 'Rescheduled successfully (old job cancelled)',
      batchJobId: id,
      scheduledStartTime: '2027-03-02T15:00:00Z',
      status: 'scheduled',
      oldJobCancelled: true,
      newScheduledJobId: expect.stringMatching(/^arq_job_\w+$/),
    })
    expect(moved.body.newScheduledJobId).not.toBe(before.scheduledJobId)
    expect(await entry()).toMatchObject({ scheduledJobId: moved.body.newScheduledJobId })
    // The platform's page posts, and a time without a zone is UTC.
    const posted = await acme.post(`/batch/jobs/${id}/reschedule?scheduledStartTime=2027-03-03T09:00:00`)
    expect(posted.body).toMatchObject({ scheduledStartTime: '2027-03-03T09:00:00Z' })

    const campaign = { name: 'Draft', from: CALLER_IDS[0], contacts: people(2) }
    const draft = (await new Client(world, 'native').post('/v1/call-jobs', campaign)).body.id as string
    const first = await acme.send('PATCH', `/batch/jobs/${draft.replace('job_', 'batch_')}/reschedule?${query}`)
    expect(first.body).toMatchObject({ message: 'Scheduled successfully', oldJobCancelled: false, status: 'scheduled' })
  })

  it('pauses and resumes, by either path', async () => {
    const id = await create({ contacts: people(6), concurrentCallLimit: 2 })
    await world.advance(10 * SECOND)
    for (const path of [`/batch/jobs/${id}`, `/batch/${id}`]) {
      expect((await acme.post(`${path}/pause`)).body).toMatchObject({ success: true, batchJobId: id, status: 'paused' })
      await world.advance(5 * MINUTE)
      const { status, statusBreakdown } = await detail(id)
      expect(status).toBe('paused')
      // Live calls have ended, and nobody was called since.
      expect(statusBreakdown.dialing).toBeUndefined()
      expect(statusBreakdown.pending).toBeGreaterThan(0)
      expect((await acme.post(`${path}/resume`)).body).toMatchObject({
        success: true,
        batchJobId: id,
        status: 'running',
      })
      await world.advance(10 * SECOND)
    }
    await world.advance(5 * MINUTE)
    expect(await detail(id)).toMatchObject({ status: 'completed', successfulCalls: 6 })
  })

  it('refuses what a status does not allow, in words that name it', async () => {
    const { scheduled, completed, cancelled, running, paused } = await states()
    const steps: [string, string, string, string, string][] = [
      [completed, 'POST', 'cancel', "Cannot cancel job in 'completed' status", 'already_terminal'],
      [cancelled, 'POST', 'cancel', "Cannot cancel job in 'cancelled' status", 'already_terminal'],
      [
        running,
        'POST',
        'start',
        "Cannot start job in 'running' status. Only 'scheduled' or 'pending' jobs can be started.",
        'already_running',
      ],
      [
        paused,
        'POST',
        'start',
        "Cannot start job in 'paused' status. Only 'scheduled' or 'pending' jobs can be started.",
        'invalid_status',
      ],
      [
        completed,
        'POST',
        'start',
        "Cannot start job in 'completed' status. Only 'scheduled' or 'pending' jobs can be started.",
        'invalid_status',
      ],
      [
        running,
        'PATCH',
        'reschedule?scheduledStartTime=2027-06-01T00:00:00',
        "Cannot reschedule job in 'running' status. Only 'scheduled' or 'pending' jobs can be rescheduled.",
        'invalid_status',
      ],
      [
        cancelled,
        'PATCH',
        'reschedule?scheduledStartTime=2027-06-01T00:00:00',
        "Cannot reschedule job in 'cancelled' status. Only 'scheduled' or 'pending' jobs can be rescheduled.",
        'invalid_status',
      ],
      [
        scheduled,
        'POST',
        'pause',
        "Cannot pause job in 'scheduled' status. Only 'running' jobs can be paused.",
        'invalid_status',
      ],
      [
        running,
        'POST',
        'resume',
        "Cannot resume job in 'running' status. Only 'paused' jobs can be resumed.",
        'invalid_status',
      ],
      [
        running,
        'POST',
        'export',
        "Cannot export job in 'running' status. Only 'completed' or 'failed' jobs can be exported.",
        'invalid_status',
      ],
      [
        cancelled,
        'POST',
        'export',
        "Cannot export job in 'cancelled' status. Only 'completed' or 'failed' jobs can be exported.",
        'invalid_status',
      ],
    ]
    for (const [id, method, step, text, code] of steps)
      expect(await acme.send(method, `/batch/jobs/${id}/${step}`), step).toMatchObject(refused(text, code))
    const zone =
      "Invalid timezone 'Invalid/Timezone'. Use IANA timezone format (e.g., 'America/New_York', 'Asia/Karachi', 'UTC')."
    const times: [string, string, string][] = [
      ['scheduledStartTime=2027-06-01T00:00:00&timezone=Invalid/Timezone', zone, 'invalid_timezone'],
      [
        'scheduledStartTime=soon',
        "Invalid datetime format. Use format like '2025-03-01T10:00:00'.",
        'invalid_datetime',
      ],
      ['scheduledStartTime=2025-03-01T10:00:00', 'Scheduled time must be in the future', 'past_scheduled_time'],
      ['timezone=UTC', 'scheduledStartTime: is required', 'invalid_request'],
    ]
    for (const [query, text, code] of times)
      expect(await acme.send('PATCH', `/batch/jobs/${scheduled}/reschedule?${query}`)).toMatchObject(
        refused(text, code),
      )
    expect((await acme.get(`/batch/jobs/${running}/redis-status`)).body).toEqual({
      batchJobId: running,
      databaseStatus: 'running',
      scheduledJobId: null,
      scheduledStartTime: null,
      redisJobInfo: null,
    })
    await acme.post(`/batch/jobs/${running}/cancel`)
    await acme.post(`/batch/${paused}/cancel`)
    await world.advance(MINUTE)
  })

  it('deletes what has no live calls', async () => {
    const { scheduled, completed, running, paused } = await states()
    expect(await acme.send('DELETE', `/batch/jobs/${running}`)).toMatchObject(
      refused(
        "Cannot delete job in 'running' status. Cancel it, and wait until its calls have ended.",
        'invalid_status',
      ),
    )
    expect(await acme.send('DELETE', `/batch/${paused}`)).toMatchObject({ status: 400 })
    await world.advance(MINUTE)
    for (const id of [scheduled, completed, paused]) {
      expect((await acme.send('DELETE', `/batch/${id}`)).body).toMatchObject({ success: true, batchJobId: id })
      expect((await acme.get(`/batch/jobs/${id}`)).status).toBe(404)
    }
    await acme.post(`/batch/jobs/${running}/cancel`)
    await world.advance(MINUTE)
  })

  it('knows the older names of the same', async () => {
    const id = await create(LATER)
    expect((await acme.get(`/batch/${id}`)).body).toEqual(await detail(id))
    expect((await acme.get('/batch/list?organizationId=acme')).body).toEqual(
      (await acme.get('/batch/jobs?organizationId=acme')).body,
    )
    expect((await acme.post(`/batch/${id}/start-now`)).body).toMatchObject({
      status: 'running',
      redisJobCancelled: true,
    })
    await world.advance(2 * MINUTE)
    expect(await detail(id)).toMatchObject({ status: 'completed' })
  })
})
