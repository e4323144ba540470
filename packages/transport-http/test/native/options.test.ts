import type { CallJobOptions } from '@outdial/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
/** One whose calls cost something. */
let priced: World
let payer: CheckedClient
beforeAll(async () => {
  world = await World.open({ dialects: [native()] })
  acme = new CheckedClient(world, 'native')
  const engine = { rates: { sim: { default: { perMinute: 2 } } }, ledger: 'keep' } as const
  priced = await World.open({ dialects: [native()], engine })
  payer = new CheckedClient(priced, 'native')
})
afterAll(() => Promise.all([world.close(), priced.close()]))

/** The contacts are each test's own; whose it is says the key; schemas and functions are no JSON. */
type Others = 'contacts' | 'organization' | 'idempotencyKey' | 'fingerprint' | 'variables' | 'onRow'

/** Every option that there is: one that is missing here is an error of types. */
const EVERYTHING = {
  name: 'Everything',
  description: 'All options at once',
  metadata: { crm: { id: 7 } },
  carrier: 'sim',
  from: [CALLER_IDS[0], CALLER_IDS[1]],
  callerIds: {
    perDay: 200,
    cps: null,
    numbers: { [CALLER_IDS[1]]: { concurrency: 2, perDay: 50 } },
    order: 'listed',
    sticky: false,
    localPresence: true,
  },
  agent: 'agent_0',
  columns: { phone: 'mobile', externalId: 'ref', agent: false },
  defaultRegion: 'US',
  rows: 'all',
  start: '2027-03-01T09:00',
  review: false,
  expires: '2027-03-31T18:00',
  timezone: 'America/New_York',
  zoneBy: 'job',
  keepOpen: true,
  account: 'acme-money',
  reserve: 500,
  concurrency: 3,
  cps: 0.5,
  attempts: 4,
  retry: {
    no_answer: ['5m', '30m'],
    busy: { delays: ['1m'], max: 2, jitter: 0.1 },
    voicemail: { exponential: { first: '1m', factor: 3, max: '1h' } },
    failed: { at: '10:30', after: '2h', spread: '15m', max: 1 },
    rejected: [],
    blocked: { delays: ['5m', '30m'], by: 'attempt' },
    canceled: { anotherTimeOfDay: ['morning', { from: '17:30', until: '21:00' }], after: '2h', spread: '10m', max: 2 },
  },
  successOutcomes: ['answered', 'fax'],
  window: {
    timezone: 'America/Chicago',
    mon: '09:00-12:00,13:00-20:00',
    sat: [['10:00', '16:00']],
    closedOn: ['2027-03-08'],
    blackouts: [
      { from: '2027-03-10T12:00', until: '2027-03-11' },
      { from: '2027-03-12T12:00:00Z', until: '2027-03-12T15:00:00+01:00' },
    ],
  },
  spread: '15m',
  rules: [
    {
      id: 'no-sundays',
      version: '1',
      source: 'a test',
      effectiveFrom: '2027-01-01',
      effectiveUntil: '2028-01-01',
      appliesTo: { prefixes: ['+1202'] },
      window: 'mon-sat 08:00-20:00',
      closedOn: ['2027-07-05'],
      caps: [{ per: 'phone', max: 3, within: '24h' }],
      cooldowns: [{ dispositions: ['refused'], wait: '60d' }],
    },
  ],
  caps: [{ per: 'externalId', max: 2, within: '7d' }],
  cooldowns: [{ after: ['answered'], dispositions: ['refused'], wait: '30d', per: 'contact' }],
  suppressAfter: ['unwanted', { outcome: 'rejected', list: 'job' }],
  identify: { person: 'customerId', subject: 'debtId' },
  budget: { total: 5000, perDay: 1000 },
  ringTimeout: '25s',
  maxDuration: '10m',
  unknown: 'retry',
  infrastructureLimit: 20,
  weight: 2,
  freshShare: 0.7,
} satisfies Record<Exclude<keyof CallJobOptions, Others>, unknown>

it('takes every option, shows it, and takes what it shows', async () => {
  const contacts = [{ phone: '', mobile: '(202) 555-0100', ref: 'a1', agent: 'a variable' }]
  const made = await payer.post('/v1/call-jobs', { ...EVERYTHING, contacts })
  expect(made.body, made.text).toMatchObject({
    name: 'Everything',
    description: 'All options at once',
    metadata: { crm: { id: 7 } },
    state: 'scheduled',
    startAt: '2027-03-01T14:00:00.000Z',
    expiresAt: '2027-03-31T22:00:00.000Z',
    intake: { accepted: 1 },
    options: {
      carrier: 'sim',
      from: EVERYTHING.from,
      callerIds: EVERYTHING.callerIds,
      agent: 'agent_0',
      timezone: 'America/New_York',
      keepOpen: true,
      concurrency: 3,
      cps: 0.5,
      attempts: 4,
      retry: {
        no_answer: [300_000, 1_800_000],
        busy: { delays: [60_000], max: 2, jitter: 0.1 },
        voicemail: { exponential: { first: 60_000, factor: 3, max: 3_600_000 } },
        failed: { at: '10:30', after: 7_200_000, spread: 900_000, max: 1 },
        rejected: [],
        blocked: { delays: [300_000, 1_800_000], by: 'attempt' },
        canceled: {
          anotherTimeOfDay: [
            { from: '08:00', until: '12:00' },
            { from: '17:30', until: '21:00' },
          ],
          after: 7_200_000,
          spread: 600_000,
          max: 2,
        },
      },
      successOutcomes: ['answered', 'fax'],
      window: {
        timezone: 'America/Chicago',
        mon: [
          ['09:00', '12:00'],
          ['13:00', '20:00'],
        ],
        sat: [['10:00', '16:00']],
        closedOn: ['2027-03-08'],
      },
      caps: [{ per: 'externalId', max: 2, within: 604_800_000 }],
      cooldowns: [{ after: ['answered'], dispositions: ['refused'], wait: 2_592_000_000, per: 'contact' }],
      suppressAfter: [
        { outcome: 'unwanted', list: 'organization' },
        { outcome: 'rejected', list: 'job' },
      ],
      identify: EVERYTHING.identify,
      budget: EVERYTHING.budget,
      account: 'acme-money',
      reserve: 500,
      weight: 2,
      freshShare: 0.7,
      ringTimeout: 25_000,
      maxDuration: 600_000,
      unknown: 'retry',
      infrastructureLimit: 20,
    },
  })
  const task = await payer.get(`/v1/call-jobs/${made.body.id}/tasks/0`)
  expect(task.body).toMatchObject({ phone: '+12025550100', externalId: 'a1', variables: { agent: 'a variable' } })

  const again = await payer.post('/v1/call-jobs', { name: 'Again', contacts: people(1), ...made.body.options })
  expect(again.body.options, again.text).toEqual(made.body.options)
})

it.each([
  [{ window: 'never' }, 'invalid_schedule', 'window'],
  [{ retry: { answered: ['5m'] } }, 'invalid_options', 'retry.answered'],
  [{ timezone: 'Mars/Olympus' }, 'invalid_schedule', 'timezone'],
  [{ ringTimeout: 'soon' }, 'invalid_options', 'ringTimeout'],
  [{ carrier: 'nobody' }, 'unknown_carrier', 'carrier'],
  [{ start: 'someday' }, 'invalid_schedule', 'start'],
])('says which option is wrong: %j', async (more, code, field) => {
  const refused = await acme.post('/v1/call-jobs', { name: 'Wrong', from: CALLER_IDS[0], contacts: people(1), ...more })
  expect(refused).toMatchObject({ status: 422, body: { code, field } })
})

it.each([
  [{ concurency: 3 }, 'concurency'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ columns: { callerId: 'x' } }, 'columns.callerId'],
  [{ organization: 'globex' }, 'organization'],
])('refuses what it does not know: %j', async (more, field) => {
  const refused = await acme.post('/v1/call-jobs', { name: 'Wrong', from: CALLER_IDS[0], contacts: people(1), ...more })
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_body', problems: [{ field }] } })
})

it.each([
  [{ account: 'globex-money' }, 422, { code: 'invalid_options', field: 'account' }],
  [{ reserve: 1e8 }, 402, { code: 'insufficient_balance' }],
  [{ from: CALLER_IDS[2] }, 404, { code: 'number_not_found' }],
])("takes no one else's money or numbers: %j", async (more, status, body) => {
  const wrong = { name: 'Wrong', from: CALLER_IDS[0], contacts: people(1), start: 'now', ...more }
  expect(await payer.post('/v1/call-jobs', wrong)).toMatchObject({ status, body })
})

it('changes the numbers of a campaign to others of its organization', async () => {
  const from = [CALLER_IDS[0], CALLER_IDS[1]]
  const given = { name: 'Numbers', from, contacts: people(1), callerIds: { cps: 2 } }
  const { body } = await acme.post('/v1/call-jobs', given)
  const path = `/v1/call-jobs/${body.id}`
  expect(await acme.send('PATCH', path, { from: [CALLER_IDS[0], CALLER_IDS[2]] })).toMatchObject({
    status: 404,
    body: { code: 'number_not_found' },
  })
  expect((await acme.get(path)).body.options).toMatchObject({ from, callerIds: { cps: 2 } })
  const changed = await acme.send('PATCH', path, { from: CALLER_IDS[1], callerIds: { perDay: 9 } })
  expect(changed.body.options).toMatchObject({ from: CALLER_IDS[1], callerIds: { cps: 2, perDay: 9 } })
})

it('says nothing of numbers that are gone, and of those that stay what was said last', async () => {
  const { body } = await acme.post('/v1/call-jobs', {
    name: 'Gone',
    from: [CALLER_IDS[0], CALLER_IDS[1]],
    contacts: people(1),
    callerIds: { cps: 2, numbers: { [CALLER_IDS[0]]: { perDay: 5 }, [CALLER_IDS[1]]: { cps: 1, perDay: 7 } } },
  })
  const changed = await acme.send('PATCH', `/v1/call-jobs/${body.id}`, { from: CALLER_IDS[1], callerIds: { cps: 3 } })
  expect(changed.body.options.callerIds, changed.text).toMatchObject({ cps: 3 })
  expect(changed.body.options.callerIds.numbers).toEqual({ [CALLER_IDS[1]]: { perDay: 7 } })
})

it('changes a campaign while it runs, if nobody else did', async () => {
  const made = await acme.post('/v1/call-jobs', {
    name: 'Live',
    from: CALLER_IDS[0],
    contacts: people(4),
    concurrency: 1,
    start: 'now',
    metadata: { a: 1 },
  })
  await world.advance(2000)
  const path = `/v1/call-jobs/${made.body.id}`
  const read = await acme.get(path)
  expect(read.body).toMatchObject({ state: 'running', calls: { live: 1 } })
  const etag = read.headers.get('etag') as string
  const changed = await acme.send(
    'PATCH',
    path,
    { concurrency: 4, metadata: { b: 2 }, expires: null },
    { 'if-match': etag },
  )
  expect(changed).toMatchObject({ status: 200, body: { metadata: { b: 2 }, options: { concurrency: 4 } } })
  expect(await acme.send('PATCH', path, { concurrency: 1 }, { 'if-match': etag })).toMatchObject({ status: 412 })
  await world.advance(2000)
  expect((await acme.get(path)).body).toMatchObject({ calls: { live: 4 } })
  await world.advance(60_000)
  expect((await acme.get(path)).body).toMatchObject({ state: 'completed', byOutcome: { answered: 4 } })
})

it('puts another campaign in the place of a draft', async () => {
  const given = { name: 'First', from: CALLER_IDS[0], contacts: people(1) }
  const { body, headers } = await acme.post('/v1/call-jobs', given)
  const path = `/v1/call-jobs/${body.id}`
  const etag = headers.get('etag') as string
  const put = await acme.send('PUT', path, { ...given, name: 'Second', contacts: people(3) }, { 'if-match': etag })
  expect(put.body).toMatchObject({ id: body.id, name: 'Second', tasks: { total: 3 }, state: 'draft' })
  expect(await acme.send('PUT', path, given, { 'if-match': '"99"' })).toMatchObject({
    status: 412,
    body: { code: 'revision_conflict' },
  })
  // What the transport keeps with it survives a change of the client's own facts.
  expect((await acme.send('PATCH', path, { metadata: { x: 1 } })).body).toMatchObject({
    id: body.id,
    metadata: { x: 1 },
  })
  expect((await acme.get(path)).body).toMatchObject({ id: body.id, name: 'Second' })
})

it('changes what the organization may spend in a day, for campaigns that run', async () => {
  const patch = (moneyPerDay: unknown) => payer.send('PATCH', '/v1/organization/limits', { moneyPerDay })
  expect(await patch('much')).toMatchObject({ status: 422, body: { problems: [{ field: 'moneyPerDay' }] } })
  expect((await patch(0)).body).toMatchObject({ moneyPerDay: 0 })
  expect((await payer.get('/v1/organization')).body).toMatchObject({ moneyPerDay: 0 })
  const { body } = await payer.post('/v1/call-jobs', {
    name: 'Priced',
    from: CALLER_IDS[0],
    contacts: people(2),
    start: 'now',
  })
  await priced.advance(60_000)
  expect((await payer.get(`/v1/call-jobs/${body.id}`)).body).toMatchObject({ calls: { begun: 0 } })
  expect((await patch(null)).body).not.toHaveProperty('moneyPerDay')
  await priced.advance(120_000)
  expect((await payer.get(`/v1/call-jobs/${body.id}`)).body).toMatchObject({ state: 'completed', calls: { begun: 2 } })
})
