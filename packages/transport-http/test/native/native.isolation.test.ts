import { native } from '../../src/index.js'
import { describeIsolation } from '../support/isolation.js'
import { CALLER_IDS, NUMBERS, people } from '../support/people.js'

const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2) }
const change = { name: 'Tags', type: 'phonenumber', method: 'update', data: { tag: 'a' }, entries: NUMBERS.acme }

const BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/call-jobs': campaign,
  'PUT /v1/call-jobs/:id': campaign,
  'PATCH /v1/call-jobs/:id': { concurrency: 3 },
  'POST /v1/call-jobs/:id/schedule': { start: '2027-06-01T09:00:00Z' },
  'POST /v1/call-jobs/:id/pause': { reason: 'lunch' },
  'POST /v1/call-jobs/:id/fail': { reason: 'given up' },
  'POST /v1/calls/:ref/dispositions': { disposition: 'interested' },
  'POST /v1/operation-jobs': change,
  'POST /v1/operation-jobs/:id/schedule': { start: '2027-06-01T09:00:00Z' },
  'POST /v1/operation-jobs/:id/fail': { reason: 'given up' },
  'PATCH /v1/organization/limits': { concurrency: 3 },
  'POST /v1/suppression/add': { numbers: ['+12025550100'] },
  'POST /v1/suppression/check': { numbers: ['+12025550100'] },
  'POST /v1/caller-ids/:number/close': { for: '1h' },
  'PATCH /v1/caller-ids/:number/limits': { perDay: 3 },
  'POST /v1/erasures': { phone: '+12025550100' },
  'POST /v1/suppression/remove': { numbers: ['+12025550100'] },
}

describeIsolation('native', {
  dialect: native(),
  unknown: {
    id: 'job_000000000000000000',
    task: '0',
    index: '0',
    ref: 'job_000000000000000000:0:1:0000000000000000',
    number: '+19995550100',
  },
  body: ({ method, path }) => BODIES[`${method} ${path}`],
  async make(client, world) {
    const starts = [{}, { start: 'now' }, { start: '2027-06-01T09:00:00Z' }, { review: true }]
    const calls = await Promise.all(starts.map((more) => client.post('/v1/call-jobs', { ...campaign, ...more })))
    const operations = await Promise.all(
      [{ review: true }, { start: 'now' }].map((more) => client.post('/v1/operation-jobs', { ...change, ...more })),
    )
    await world.advance(60_000)
    const { body } = await client.get(`/v1/call-jobs/${calls[1]?.body.id}/calls`)
    const { ref } = body.items[0] as { ref: string }
    return [...calls, ...operations].map(({ body }) => ({
      id: body.id as string,
      task: '0',
      index: '0',
      ref,
      number: CALLER_IDS[0],
    }))
  },
})
