import { memoryStorage } from 'outdial'
import { afterEach, expect, it } from 'vitest'
import { native } from '../../src/index.js'
import { EventStream } from '../support/event-stream.js'
import { CALLER_IDS, people } from '../support/people.js'
import { KEYS, World, type WorldOptions } from '../support/world.js'
import { CheckedClient } from './checked-client.js'

let world: World
afterEach(() => world.close())

async function running(options: Partial<WorldOptions> = {}, more: object = {}) {
  world = await World.open({ dialects: [native()], ...options })
  const acme = new CheckedClient(world, 'native')
  const campaign = { name: 'Reminders', from: CALLER_IDS[0], contacts: people(2), start: 'now', ...more }
  const { body } = await acme.post('/v1/call-jobs', campaign)
  const listen = async (path: string, headers: Record<string, string> = {}) =>
    world.fetch(`/v1/call-jobs/${body.id}${path}`, {
      headers: { authorization: `Bearer ${KEYS.acme.key}`, accept: 'text/event-stream', ...headers },
    })
  return { acme, path: `/v1/call-jobs/${body.id}`, listen }
}

it('tells everything once, in order, and goes on after the last event that a client has seen', async () => {
  const { acme, path, listen } = await running()
  const response = await listen('/events')
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const stream = new EventStream(response)
  const first = await world.meanwhile(stream.until(({ event }) => event === 'job.progress'))
  await stream.close()
  const last = first.at(-1)?.id as string
  const resumed = new EventStream(await listen('/events', { 'last-event-id': last }))
  const rest = await world.meanwhile(resumed.until(({ data }) => data.type === 'job' && data.state === 'completed'))
  expect(await world.meanwhile(resumed.next())).toBeUndefined()

  const told = [...first, ...rest]
  expect(told.map(({ id }) => Number(id))).toEqual(told.map((_, i) => i + 1))
  const { body } = await acme.get(`${path}/events?limit=1000`)
  expect(told.map(({ data }) => data)).toEqual(body.items)
  expect(body.last).toBe(told.length)
  expect(told.map(({ event }) => event)).toEqual(body.items.map(({ type }: { type: string }) => `job.${type}`))

  // Nothing is to come: a browser that is told so does not connect again.
  expect((await listen('/events', { 'last-event-id': String(told.length) })).status).toBe(204)
  expect((await listen('/events', { 'last-event-id': 'x' })).status).toBe(400)
  const page = await acme.get(`${path}/events?after=3&limit=2`)
  expect(page.body.items.map(({ seq }: { seq: number }) => seq)).toEqual([4, 5])
})

it('says so when events are no longer kept, with the job as it is', async () => {
  const { acme, path, listen } = await running({ storage: memoryStorage({ events: 5 }) })
  await world.advance(60_000)
  const { body } = await acme.get(`${path}/events`)
  expect(body.items[0]).toMatchObject({ type: 'trimmed', job: { state: 'completed', tasks: { succeeded: 2 } } })
  const stream = new EventStream(await listen('/events', { 'last-event-id': '1' }))
  expect(await world.meanwhile(stream.next())).toMatchObject({
    event: 'job.trimmed',
    data: { job: { state: 'completed' } },
  })
  expect(await world.meanwhile(stream.next())).toBeUndefined()
})

it('tells of progress whenever there is some, and ends with the job', async () => {
  const { listen } = await running()
  const stream = new EventStream(await listen('/progress'))
  const told = await world.meanwhile(stream.until(({ data }) => data.state === 'completed'))
  expect(await world.meanwhile(stream.next())).toBeUndefined()
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  expect(told.map(({ data }) => data.tasks.open)).toEqual(
    told
      .map(({ data }) => data.tasks.open)
      .toSorted()
      .reverse(),
  )
  expect(told.at(-1)).toMatchObject({ event: 'progress', data: { tasks: { succeeded: 2 } } })
  expect((await listen('/progress', { 'last-event-id': told.at(-1)?.id as string })).status).toBe(204)
})

it('lets a silent connection be noticed, and ends with the server', async () => {
  const { listen } = await running({}, { start: 'draft' })
  const stream = new EventStream(await listen('/progress'))
  await world.meanwhile(stream.next())
  const ended = stream.next()
  while (stream.comments < 2) {
    await world.advance(16_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await world.transport.close()
  expect(await world.meanwhile(ended)).toBeUndefined()
  expect(world.transport.openStreams).toBe(0)
})
