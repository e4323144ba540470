import { redisStorage } from '@outdial/storage-redis'
import { virtualClock } from 'outdial'
import { expect, it } from 'vitest'
import { redisServer } from '../../../storage-redis/test/support/redis-server.js'
import { talkifai } from '../../src/index.js'
import { Client } from '../support/client.js'
import { people } from '../support/people.js'
import { World } from '../support/world.js'
import { csvForm, csvOf } from './forms.js'

it('tells the same story over Redis', async () => {
  const server = await redisServer()
  const client = server.client()
  const storage = redisStorage({ client })
  const [ann, bob, cy] = people(3).map(({ phone }) => phone) as [string, string, string]
  const world = await World.open({
    dialects: [talkifai({ retryDelays: [1000] })],
    storage,
    // The time of the server cannot be moved: calls are short instead.
    clock: virtualClock({ start: Date.now(), speed: 1 }),
    carrier: {
      setup: [10, 10],
      ring: [10, 10],
      talk: [300, 300],
      outcomes: ({ to, attempt }) => (to === bob && attempt === 1 ? 'busy' : to === cy ? 'invalid_number' : 'answered'),
    },
  })
  try {
    const acme = new Client(world, 'talkifai')
    const detail = async (id: string) => (await acme.get(`/batch/jobs/${id}`)).body
    const over = new Set<string>()
    let poke = () => {}
    world.engine.on('job.ended', ({ jobId }) => {
      over.add(jobId)
      poke()
    })
    const ended = async (jobId: string) => {
      while (!over.has(jobId))
        await new Promise<void>((resolve) => {
          poke = resolve
        })
    }

    const fields = { fromPhoneNumberId: 'pn_0', name: 'Reminders', concurrentCallLimit: '2' }
    const made = await acme.post('/batch/create', csvForm(csvOf(people(5)), fields))
    expect(made.body).toMatchObject({ success: true, status: 'pending', totalContacts: 5, estimatedCost: '$0.18' })
    const id = made.body.batchJobId as string
    await ended(id.replace('batch_', 'job_'))
    const done = await detail(id)
    expect(done).toMatchObject({
      status: 'completed',
      contactsProcessed: 5,
      successfulCalls: 4,
      failedCalls: 1,
      statusBreakdown: { completed: 4, invalid_number: 1 },
      contacts: [
        { phoneNumber: ann, status: 'completed', attemptCount: 1 },
        { phoneNumber: bob, status: 'completed', attemptCount: 2, errorCode: null },
        { phoneNumber: cy, status: 'invalid_number', attemptCount: 1, errorCode: '404' },
        { contactData: { name: 'Person 3' } },
        {},
      ],
    })
    expect(world.carrier.ledger.maxLive({ by: 'job' }).get(id.replace('batch_', 'job_'))).toBe(2)
    expect(world.carrier.ledger.calledTwice({ by: 'attempt' })).toEqual([])

    const later = {
      fromPhoneNumberId: 'pn_0',
      name: 'Later',
      contacts: people(4),
      scheduledStartTime: '2050-01-01T09:00:00',
    }
    const scheduled = (await acme.post('/batch/create', later)).body.batchJobId as string
    const moved = await acme.send('PATCH', `/batch/jobs/${scheduled}/reschedule?scheduledStartTime=2051-01-01T09:00:00`)
    expect(moved.body).toMatchObject({ oldJobCancelled: true, scheduledStartTime: '2051-01-01T09:00:00Z' })
    expect((await acme.get('/batch/jobs?organizationId=acme')).body).toMatchObject({
      total: 2,
      batchJobs: [
        { id: scheduled, status: 'scheduled' },
        { id, status: 'completed' },
      ],
    })
    expect((await acme.post(`/batch/jobs/${scheduled}/cancel`)).body).toMatchObject({ contactsCancelled: 4 })
    expect(await detail(scheduled)).toMatchObject({ status: 'cancelled', statusBreakdown: { cancelled: 4 } })
  } finally {
    await world.close()
    await storage.close()
    client.disconnect()
  }
}, 30_000)
