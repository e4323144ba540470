import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
const house = { id: 'house', version: '1', source: 'a test', window: '00:00-24:00', closedOn: ['2020-01-01'] }
const noon = { id: 'noon', version: '2', source: 'a test', window: '12:00-13:00' }
beforeAll(async () => {
  world = await World.open({
    dialects: [native()],
    engine: { rates: { sim: { default: { perMinute: 60 }, version: 'test', book: 'rate' } } },
    transport: {
      campaigns: { defaults: { attempts: 2, budget: { total: 5000 } }, rules: [house], ruleSets: { noon } },
    },
  })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())
beforeEach(() => world.advance(120_000))

const campaign = (more: object = {}) => ({ name: 'Reminders', from: CALLER_IDS[0], contacts: people(2), ...more })

it('puts numbers on a list with a reason and an end, says what is on it, and takes them off', async () => {
  const numbers = ['+12025550190', '+12025550191']
  const more = { reason: 'asked in writing', expires: '2099-01-01', asOf: 'now', maxAge: '31d' }
  expect((await acme.post('/v1/suppression/add', { numbers, ...more })).body).toEqual({ size: 2 })
  const about = { reason: 'asked in writing', expires: '2099-01-01T00:00:00.000Z' }
  expect((await acme.post('/v1/suppression/check', { numbers: [numbers[0], '+12025550192'] })).body).toEqual({
    items: [
      { number: numbers[0], lists: [{ list: 'organization', ...about }] },
      { number: '+12025550192', lists: [] },
    ],
  })
  const { body } = await acme.get('/v1/suppression')
  expect(body).toMatchObject({ size: 2, maxAge: 31 * 86_400_000, stale: false })
  const { text } = await acme.get('/v1/suppression/numbers?format=jsonl')
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).phone)
      .toSorted(),
  ).toEqual(numbers)
  expect((await acme.get('/v1/suppression/numbers')).text).toContain('+12025550190,asked in writing,2099-01-01T')
  expect((await acme.post('/v1/suppression/remove', { numbers: [numbers[0]] })).body).toEqual({ size: 1 })
})

it('takes a list as a file, adding to it or in its place', async () => {
  const send = (method: string, path: string, body: string, type = 'text/plain') =>
    world.fetch(path, { method, body, headers: { authorization: 'Bearer acme-key-0123456789', 'content-type': type } })
  const { body: job } = await acme.post('/v1/call-jobs', campaign())
  const path = `/v1/suppression/numbers?job=${job.id}`
  const added = await send('POST', `${path}&reason=register&asOf=2027-01-01`, '+12025550193\n+12025550194\n')
  expect(await added.json()).toEqual({ size: 2 })
  const replaced = await send('PUT', `${path}&defaultRegion=US`, 'phone,name\n202-555-0195,Ann\n', 'text/csv')
  expect(await replaced.json()).toEqual({ size: 1 })
  expect((await acme.get(`${path}&format=csv`)).text).toBe('phone,reason,expires\r\n+12025550195,,\r\n')
  const refused = await send('PUT', path, '+12025550193\nnobody\n')
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ code: 'numbers_invalid' })
  expect((await acme.get(`/v1/suppression?job=${job.id}`)).body.size).toBe(1)
})

it('closes and opens a number, and limits it', async () => {
  const path = `/v1/caller-ids/${CALLER_IDS[0]}`
  expect((await acme.post(`${path}/close`, { for: '1h' })).body).toMatchObject({ live: 0, reason: 'closed' })
  const { body } = await acme.get('/v1/caller-ids')
  expect(body.items).toEqual([{ number: CALLER_IDS[0], until: expect.any(String), reason: 'closed' }])
  expect((await acme.post(`${path}/release`, undefined)).body).toEqual({ number: CALLER_IDS[0], live: 0 })
  await acme.send('PATCH', `${path}/limits`, { perDay: 1 })
  const made = await acme.post('/v1/call-jobs', campaign({ start: 'now', attempts: 1 }))
  await world.advance(120_000)
  expect((await acme.get(`/v1/call-jobs/${made.body.id}`)).body).toMatchObject({
    state: 'paused',
    reason: 'caller_id_daily_cap',
    calls: { begun: 1 },
  })
  expect((await acme.get(path)).body).toMatchObject({ today: 1 })
  expect((await acme.send('PATCH', `/v1/call-jobs/${made.body.id}`, { from: CALLER_IDS[2] })).status).toBe(404)
  // First: a campaign that waits for a number goes on when its limit is lifted.
  await acme.post(`/v1/call-jobs/${made.body.id}/cancel`, undefined)
  await acme.send('PATCH', `${path}/limits`, { perDay: null })
  await world.advance(60_000)
})

it('shows what calls cost, and has a daily budget of the organization', async () => {
  const { body } = await acme.send('PATCH', '/v1/organization/limits', { moneyPerDay: 90 })
  // A call before has cost 30, and one may cost 60.
  expect(body).toMatchObject({ moneyPerDay: 90 })
  const made = await acme.post('/v1/call-jobs', campaign({ start: 'now', maxDuration: '1m', concurrency: 1 }))
  expect(made.body.options).toMatchObject({ attempts: 2, budget: { total: 5000 } })
  await world.advance(120_000)
  const path = `/v1/call-jobs/${made.body.id}`
  expect((await acme.get(path)).body).toMatchObject({ state: 'paused', reason: 'organization_daily_budget' })
  expect((await acme.get(`${path}/calls`)).body.items).toMatchObject([{ outcome: 'answered', booked: 30 }])
  const { contacts, holds } = (await acme.get(`${path}/preflight`)).body
  expect(contacts).toMatchObject({ dial: 1 })
  expect(holds[0]).toMatchObject({ code: 'job_state', reason: 'organization_daily_budget' })
  await acme.send('PATCH', '/v1/organization/limits', { moneyPerDay: null })
  await world.advance(120_000)
  expect((await acme.get(path)).body).toMatchObject({ state: 'completed' })
  expect((await acme.get('/v1/organization')).body).not.toHaveProperty('moneyPerDay')
})

it('has rule sets by name, and those that every campaign has', async () => {
  const { body } = await acme.post('/v1/call-jobs', campaign({ rules: ['noon'] }))
  expect(body.options.rules.map(({ id }: { id: string }) => id)).toEqual(['house', 'noon'])
  const lifted = await acme.send('PATCH', `/v1/call-jobs/${body.id}`, { rules: [] })
  expect(lifted.body.options.rules.map(({ id }: { id: string }) => id)).toEqual(['house'])
  // What is shown of a campaign can be sent again.
  const again = await acme.post('/v1/call-jobs', { ...campaign(), rules: body.options.rules })
  expect(again.body.options.rules).toHaveLength(2)
  expect(await acme.post('/v1/call-jobs', campaign({ rules: ['dusk'] }))).toMatchObject({
    status: 422,
    body: { code: 'invalid_options', field: 'rules[0]', detail: expect.stringContaining('there are: noon') },
  })
})

it('removes what is known of a person', async () => {
  const contacts = [{ phone: '+12025550170', name: 'Ann Example', externalId: 'a1' }]
  const { body } = await acme.post('/v1/call-jobs', campaign({ contacts }))
  const { body: told } = await acme.post('/v1/erasures', { externalId: 'a1' })
  expect(told).toEqual({ erased: 1, live: [], ledger: false })
  expect((await acme.get(`/v1/call-jobs/${body.id}/tasks/0`)).body).toMatchObject({
    state: 'canceled',
    reason: 'erased',
    redacted: true,
  })
  expect(await acme.post('/v1/erasures', { phone: '+12025550170', externalId: 'a1' })).toMatchObject({ status: 422 })
})
