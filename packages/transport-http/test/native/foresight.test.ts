import { afterAll, beforeAll, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
beforeAll(async () => {
  world = await World.open({ dialects: [native()] })
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
        zone: 'Asia/Tokyo',
        decision: { rules: { window: 'pass', zone: 'pass' } },
        followed: { status: 'ended', ends: { state: 'succeeded', reason: 'answered' } },
      },
    ],
    complete: true,
  })
  expect(told.attempts[0].localTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d\+09:00$/)
  expect((await acme.get(`${path}/tasks/9/explanation`)).body).toMatchObject({ code: 'task_not_found' })
})
