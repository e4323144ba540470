import { talkifai } from '../../src/index.js'
import { describeIsolation } from '../support/isolation.js'
import { people } from '../support/people.js'

describeIsolation('talkifai', {
  dialect: talkifai(),
  unknown: { batch_job_id: 'batch_000000000000000000' },
  body: ({ path }) =>
    path === '/batch/create' ? { fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2) } : undefined,
  query: ({ path }) => (path.endsWith('/reschedule') ? '?scheduledStartTime=2028-01-01T00:00:00' : ''),
  async make(client, world) {
    const batch = { fromPhoneNumberId: 'pn_0', name: 'Reminders', contacts: people(2) }
    const later = { scheduledStartTime: '2027-06-01T09:00:00' }
    const ended = await client.post('/batch/create', batch)
    await world.advance(120_000)
    const made = [
      ended,
      await client.post('/batch/create', { ...batch, ...later }),
      await client.post('/batch/create', { ...batch, contacts: people(9), concurrentCallLimit: 1 }),
      await client.post('/batch/create', { ...batch, contacts: people(9), concurrentCallLimit: 1 }),
    ]
    await world.advance(1000)
    await client.post(`/batch/jobs/${made[3]?.body.batchJobId}/pause`)
    return made.map(({ body }) => ({ batch_job_id: body.batchJobId as string }))
  },
})
