import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zudu } from '../../src/index.js'
import { Client } from '../support/client.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { batch, MONDAY, tasks } from './bodies.js'

const phones = people(3).map(({ phone }) => phone) as [string, string, string]
const timing = { type: 'AFTER', duration_minutes: 5 }

describe('errors of zudu', () => {
  let world: World
  let acme: Client
  beforeAll(async () => {
    world = await World.open({ dialects: [zudu()] })
    acme = new Client(world, 'zudu')
  })
  afterAll(() => world.close())

  const error = (status: number, message: string, text: string) => ({
    status,
    body: { message, status: 'error', error: text, data: null },
  })

  it.each<[string, object]>([
    ['from_number: expected a number in E.164 format, such as +12025550100', { from_number: '3035550100' }],
    [`from_number: ${CALLER_IDS[2]} is not a phone number of the organization`, { from_number: CALLER_IDS[2] }],
    ['tasks: Too small: expected array to have >=1 items', { tasks: [] }],
    ['tasks[0].to_number: expected a number in E.164 format, such as +12025550100', { tasks: [{ to_number: 'x' }] }],
    ['tasks[1].to_number: is also that of tasks[0]', { tasks: [...tasks(1), ...tasks(1)] }],
    ['tasks[0].to_number: is the from_number', { tasks: [{ to_number: CALLER_IDS[0] }] }],
    ['tasks[0].nickname: Unrecognized key: "nickname"', { tasks: tasks(1, { nickname: 'x' }) }],
    ['tasks[0].max_retries: Too big: expected number to be <=10', { tasks: tasks(1, { max_retries: 11 }) }],
    [
      'tasks[0].dynamic_variables: takes more than 5120 bytes',
      { tasks: [{ to_number: phones[0], dynamic_variables: { text: 'x'.repeat(5200) } }] },
    ],
    ['name: Too big: expected string to have <=255 characters', { name: 'x'.repeat(256) }],
    ['agent_id: expected agent_ and a UUID', { agent_id: 'agent_7' }],
    ["timezone: expected an IANA time zone, such as 'America/New_York'", { timezone: 'utc+3' }],
    ['status: Invalid option: expected one of "draft"|"scheduled"|"sent"', { status: 'completed' }],
    ["send_now: contradicts status 'draft'", { status: 'draft', send_now: true }],
    ["trigger_timestamp: is needed with status 'scheduled'", { status: 'scheduled' }],
    ['trigger_timestamp: must be in the future, in milliseconds since 1970', { trigger_timestamp: MONDAY / 1000 }],
    ['organization_id: is not the organization of the API key', { organization_id: 'globex' }],
    [
      'tasks[0].max_retries: contradicts retry_config.enabled: false',
      { tasks: tasks(1, { max_retries: 1 }), retry_config: { enabled: false } },
    ],
    [
      'retry_rules[1].condition: has a rule already',
      { retry_rules: [1, 2].map(() => ({ condition: 'busy', enabled: true, retry_timing: timing })) },
    ],
    [
      'quiet_hours.end_time: is the start_time, so the hours are empty',
      { quiet_hours: { enabled: true, start_time: '09:00', end_time: '09:00' } },
    ],
    [
      "quiet_hours.start_time: expected a time of day, such as '22:00'",
      { quiet_hours: { enabled: true, start_time: '24:00', end_time: '09:00' } },
    ],
    ['priority: Unrecognized key: "priority"', { priority: 1 }],
  ])('%s', async (text, more) => {
    expect(await acme.post('/batch-call', batch(2, more))).toMatchObject(error(400, 'Validation error', text))
    expect((await acme.get('/batch-call/list')).body.data.pagination.total).toBe(0)
  })

  it('tells of numbers that only look like some', async () => {
    const given = [{ to_number: phones[0] }, { to_number: '+999123456' }]
    const refused = await acme.post('/batch-call', batch(0, { tasks: given }))
    expect(refused.status).toBe(400)
    expect(refused.body.error).toMatch(/^tasks\[1\]\.to_number: /)
    expect((await acme.get('/batch-call/list')).body.data.pagination.total).toBe(0)
  })

  it('asks for both a key and a secret', async () => {
    const nobody = new Client(world, 'no dialect')
    const unauthorized = error(401, 'Unauthorized', 'Missing or invalid API key or secret')
    const headers = [
      {},
      { 'x-api-key': 'acme-key-0123456789' },
      { 'x-api-key': 'acme-key-0123456789', 'x-api-secret': 'x' },
    ]
    for (const given of headers)
      expect(await nobody.send('GET', '/batch-call/list', undefined, given)).toMatchObject(unauthorized)
  })

  it('lets a key that may only read do that', async () => {
    const reader = new Client(world, 'zudu', 'reader')
    expect((await reader.get('/batch-call/list')).status).toBe(200)
    expect(await reader.post('/batch-call', batch(1))).toMatchObject(
      error(403, 'Forbidden', 'The API key lacks a scope: calls.manage'),
    )
  })

  it('has an envelope for whatever else', async () => {
    const missing = 'batch_call_a1b2c3d4e5f6789012345678901234567'
    expect(await acme.get(`/batch-call/${missing}`)).toMatchObject(
      error(404, 'Batch call not found', `Batch call with ID '${missing}' does not exist in organization 'acme'`),
    )
    expect(await acme.post('/batch-call/x/pause')).toMatchObject(
      error(404, 'Not found', 'POST /batch-call/x/pause does not exist'),
    )
    expect(await acme.get('/batch-call')).toMatchObject(error(405, 'Method not allowed', 'Allowed here: POST'))
    const json = { 'content-type': 'application/json' }
    expect(await acme.send('POST', '/batch-call', '{', json)).toMatchObject(
      error(400, 'Validation error', 'The body is not valid JSON.'),
    )
    expect(await acme.send('POST', '/batch-call', 'x', { 'content-type': 'text/csv' })).toMatchObject(
      error(415, 'Unsupported media type', 'Expected application/json'),
    )
    const large = JSON.stringify(batch(1, { name: 'x'.repeat(9 * 1024 ** 2) }))
    expect(await acme.send('POST', '/batch-call', large, json)).toMatchObject({
      status: 413,
      body: { status: 'error' },
    })
    expect(await acme.get('/batch-call/list?limit=101')).toMatchObject(
      error(400, 'Validation error', 'limit: Too big: expected number to be <=100'),
    )
    expect(await acme.get('/batch-call/list?state=x')).toMatchObject({ status: 400, body: { status: 'error' } })
  })
})
