import { native } from '../../src/index.js'
import { describeIsolation } from '../support/isolation.js'
import { CALLER_IDS, people } from '../support/people.js'

const BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/call-jobs': { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2) },
  'POST /v1/call-jobs/:id/pause': { reason: 'lunch' },
}

describeIsolation('native', {
  dialect: native(),
  unknown: { id: 'job_000000000000000000' },
  body: ({ method, path }) => BODIES[`${method} ${path}`],
  async make(client, world) {
    const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2) }
    const starts = [{}, { start: 'now' }, { start: '2027-06-01T09:00:00Z' }, { review: true }]
    const made = await Promise.all(starts.map((more) => client.post('/v1/call-jobs', { ...campaign, ...more })))
    await world.advance(60_000)
    return made.map(({ body }) => ({ id: body.id as string }))
  },
})
