import * as fc from 'fast-check'
import { forecast } from 'outdial'
import { type Forecaster, native } from '../../src/index.js'
import { describeFuzz } from '../support/fuzz.js'
import { CALLER_IDS, NUMBERS, people } from '../support/people.js'

const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2), start: 'now' }
const change = { name: 'Tags', type: 'phonenumber', method: 'update', data: { tag: 'a' }, entries: NUMBERS.acme }

/** Text that is nearly a list of contacts. */
const line = fc.oneof(
  fc.constantFrom('phone,name', '+12025550100,Ann', '"', '"+1202', '{"phone":"+12025550100"}', '[', ']', '{', ''),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

describeFuzz('native', {
  dialect: native(),
  transport: { forecast: forecast as Forecaster },
  accepted: {
    'POST /v1/call-jobs': campaign,
    'PUT /v1/call-jobs/:id': campaign,
    'PATCH /v1/call-jobs/:id': {},
    'POST /v1/operation-jobs': change,
  },
  async make(client, world) {
    const calls = await Promise.all(Array.from({ length: 3 }, () => client.post('/v1/call-jobs', campaign)))
    const operations = await Promise.all(
      [{ review: true }, { start: 'now' }].map((more) => client.post('/v1/operation-jobs', { ...change, ...more })),
    )
    await world.advance(3000)
    const { body } = await client.get(`/v1/call-jobs/${calls[0]?.body.id}/calls`)
    const refs = (body.items as { ref: string }[]).map(({ ref }) => ref)
    return [...calls, ...operations].map(({ body: { id } }, i) => ({
      id: id as string,
      task: String(i % 3),
      index: String(i % 4),
      ref: refs[i % refs.length] as string,
    }))
  },
  raw: () =>
    fc.record({
      contentType: fc.constantFrom('text/csv', 'application/x-ndjson', 'application/json'),
      body: fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
    }),
})
