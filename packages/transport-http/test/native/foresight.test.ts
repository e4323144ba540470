import { forecast } from 'outdial'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Forecaster, native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
beforeAll(async () => {
  world = await World.open({ dialects: [native()], transport: { forecast: forecast as Forecaster } })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())

const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(3) }

it('says before a campaign runs whom it would call, by reason', async () => {
  const later = { ...people(1)[0], phone: '+12025550150', notBefore: '2031-06-01T09:00:00Z' }
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, contacts: [...people(3), later] })
  await acme.post('/v1/suppression/add', { numbers: ['+12025550101'], job: body.id })
  const { body: told } = await acme.get(`/v1/call-jobs/${body.id}/preflight`)
  expect(told).toMatchObject({
    job: body.id,
    state: 'draft',
    holds: [{ code: 'job_state', state: 'draft' }],
    contacts: { total: 4, looked: 4, dial: 2, deferred: 1, skipped: 1, stuck: 0 },
    openings: [{ at: '2031-06-01T09:00:00.000Z', contacts: 1 }],
    complete: true,
  })
  expect(told.reasons).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ becomes: 'deferred', code: 'not_before', earliest: '2031-06-01T09:00:00.000Z' }),
      expect.objectContaining({
        becomes: 'skipped',
        code: 'suppressed',
        ends: { state: 'skipped', reason: 'suppressed' },
        examples: [expect.objectContaining({ task: 1, phone: '+12025550101' })],
      }),
    ]),
  )
  expect((await acme.get(`/v1/call-jobs/${body.id}/preflight?limit=2&examples=0`)).body).toMatchObject({
    contacts: { looked: 2 },
    complete: false,
  })
  expect((await acme.get(`/v1/call-jobs/${body.id}/preflight?limit=0`)).status).toBe(400)
  expect((await acme.get(`/v1/call-jobs/${body.id}`)).body).toMatchObject({ revision: body.revision, state: 'draft' })
})

it('says why a contact waits, what was decided before its call, and what followed', async () => {
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, window: '00:00-24:00', timezone: 'Asia/Tokyo' })
  const path = `/v1/call-jobs/${body.id}`
  const waiting = await acme.get(`${path}/tasks/+12025550100/explanation`)
  expect(waiting.body).toMatchObject({
    attempts: [],
    standing: {
      status: 'waiting',
      next: { status: 'stuck', because: { code: 'job_state' } },
      allowed: { status: 'dial' },
    },
  })
  await acme.post(`${path}/start`)
  await world.advance(3000)
  expect((await acme.get(`${path}/tasks/0/explanation`)).body.standing).toMatchObject({
    status: 'live',
    unknown: false,
  })
  await world.advance(60_000)
  const { body: told } = await acme.get(`${path}/tasks/0/explanation`)
  expect(told).toMatchObject({
    standing: { status: 'ended', ends: { state: 'succeeded', reason: 'answered' } },
    attempts: [
      {
        attempt: 1,
        call: { outcome: 'answered' },
        zone: 'America/New_York',
        decision: { rules: { window: 'pass', zone: 'pass' } },
        followed: { status: 'ended', ends: { state: 'succeeded', reason: 'answered' } },
      },
    ],
    complete: true,
  })
  expect(told.attempts[0].localTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d-05:00$/)
  expect((await acme.get(`${path}/tasks/9/explanation`)).body).toMatchObject({ code: 'task_not_found' })
})

it('says what a campaign will probably come to, as assumed', async () => {
  const { body } = await acme.post('/v1/call-jobs', { ...campaign, contacts: people(20), attempts: 2 })
  const path = `/v1/call-jobs/${body.id}/forecast`
  const assume = { outcomes: { answered: 0.5, no_answer: 0.5 }, uncertainty: 0.1, costPerMinute: 2 }
  const { status, body: told } = await acme.post(path, { assume, days: 2 })
  expect(status).toBe(200)
  expect(told).toMatchObject({
    job: body.id,
    assumed: { outcomes: { answered: 0.5, no_answer: 0.5 }, from: 'given' },
    sample: { contacts: 20, of: 20 },
    contacts: { total: 20, open: { low: 0, expected: 0, high: 0 } },
  })
  expect(told.calls.low).toBeGreaterThanOrEqual(20)
  expect(told.calls.high).toBeLessThanOrEqual(40)
  expect(told.cost.low).toBeLessThanOrEqual(told.cost.high)
  expect(told.hours[0].calls.expected).toBeGreaterThan(0)
  expect((await acme.get(`/v1/call-jobs/${body.id}`)).body).toMatchObject({ revision: body.revision, state: 'draft' })
})

it('refuses what is assumed wrongly, and says so when nobody looks ahead', async () => {
  const { body } = await acme.post('/v1/call-jobs', campaign)
  const path = `/v1/call-jobs/${body.id}/forecast`
  expect((await acme.post(path, { assume: { uncertainty: 1 } })).status).toBe(422)
  expect((await acme.post(path, { assume: { talk: [9, 1] } })).body).toMatchObject({ code: 'invalid_options' })
  const other = await World.open({ dialects: [native()] })
  const client = new CheckedClient(other, 'native')
  const { body: made } = await client.post('/v1/call-jobs', campaign)
  const refused = await client.post(`/v1/call-jobs/${made.id}/forecast`, {})
  // That is how the host set it up, and nothing to tell it of: `close` fails where something was.
  await other.close()
  expect(refused).toMatchObject({ status: 501, body: { code: 'not_supported' } })
})
