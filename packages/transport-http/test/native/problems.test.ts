import { ERROR_CODES, memoryStorage, OutdialError, ROW_PROBLEMS, SOURCE_ERRORS } from 'outdial'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HTTP_PROBLEMS, native } from '../../src/index.js'
import { CALLER_IDS, people } from '../support/people.js'
import { World } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
let acme: CheckedClient
const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(1) }
beforeAll(async () => {
  world = await World.open({
    dialects: [native()],
    transport: {
      limits: { body: 5000, query: 500, headers: 2000, streams: 1, rate: 1e6, burst: 1e6, unknownRate: 1e6 },
    },
  })
  acme = new CheckedClient(world, 'native')
})
afterAll(() => world.close())

type Sent = [method: string, path: string, body?: unknown, headers?: Record<string, string>]
const csv = { 'content-type': 'text/csv' }

it.each<[code: string, status: number, request: Sent]>([
  ['not_found', 404, ['GET', '/v1/campaigns']],
  ['method_not_allowed', 405, ['DELETE', '/v1/call-jobs']],
  ['unauthenticated', 401, ['GET', '/v1/call-jobs', undefined, { authorization: 'Bearer nobody' }]],
  ['number_not_found', 404, ['POST', '/v1/call-jobs', { ...campaign, from: CALLER_IDS[2] }]],
  ['invalid_params', 400, ['GET', '/v1/operation-jobs/job_x/items/first']],
  ['invalid_query', 400, ['GET', '/v1/call-jobs?sort=name']],
  ['invalid_headers', 400, ['POST', '/v1/call-jobs', campaign, { 'idempotency-key': ' ' }]],
  ['invalid_body', 422, ['POST', '/v1/call-jobs', { ...campaign, concurrency: 'many' }]],
  ['malformed_body', 400, ['POST', '/v1/call-jobs', '{', { 'content-type': 'application/json' }]],
  ['unsupported_media_type', 415, ['POST', '/v1/call-jobs', 'a', csv]],
  ['too_large', 413, ['POST', '/v1/call-jobs', { ...campaign, description: 'x'.repeat(6000) }]],
  ['too_large', 414, ['GET', `/v1/call-jobs?cursor=${'1'.repeat(600)}`]],
  ['too_large', 431, ['GET', '/v1/call-jobs', undefined, { 'x-long': 'x'.repeat(3000) }]],
  ['job_not_found', 404, ['GET', '/v1/call-jobs/job_0']],
  ['no_contacts', 422, ['POST', '/v1/call-jobs', { ...campaign, contacts: [] }]],
])('answers %s with %i', async (code, status, request) => {
  const answer = await acme.send(...request)
  expect(answer).toMatchObject({ status, body: { status, code, type: `urn:outdial:problem:${code}` } })
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  expect(answer.body.requestId).toBe(answer.headers.get('x-request-id'))
  const known = [HTTP_PROBLEMS, ERROR_CODES, SOURCE_ERRORS, ROW_PROBLEMS].flatMap((codes) => Object.keys(codes))
  expect(known).toContain(code)
})

it('answers forbidden, naming the scopes, to a key that may only read', async () => {
  const reader = new CheckedClient(world, 'native', 'reader')
  expect(await reader.post('/v1/call-jobs', campaign)).toMatchObject({
    status: 403,
    body: { code: 'forbidden', detail: 'The key needs one of: calls.manage.' },
  })
})

it('answers too_many_streams to whoever has as many open as it may', async () => {
  const { body } = await acme.post('/v1/call-jobs', campaign)
  const path = `/v1/call-jobs/${body.id}/progress`
  const open = await world.fetch(path, { headers: { authorization: 'Bearer acme-key-0123456789' } })
  expect(await acme.get(path)).toMatchObject({ status: 429, body: { code: 'too_many_streams' } })
  await open.body?.cancel()
})

it('answers 503 to an opt-out that is not safe on the replicas: it has to be sent again', async () => {
  const storage = memoryStorage()
  const own = await World.open({ dialects: [native()], storage })
  storage.setList = async () => {
    throw new OutdialError('barrier_unmet', 'A replica is away.')
  }
  const client = new CheckedClient(own, 'native')
  expect(await client.post('/v1/suppression/add', { numbers: ['+12025550100'] })).toMatchObject({
    status: 503,
    body: { code: 'barrier_unmet' },
  })
  expect(own.errors.splice(0)).toMatchObject([{ code: 'barrier_unmet' }])
  await own.close()
})
