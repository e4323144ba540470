import { afterEach, expect, it } from 'vitest'
import { route } from '../../src/index.js'
import { Client } from '../support/client.js'
import { sampleDialect } from '../support/sample-dialect.js'
import { KEYS, World } from '../support/world.js'

let world: World
let ended = 0
afterEach(() => world.close())

/** Pieces until its signal aborts. */
async function* beats(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const over = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  yield 'data: 1\n\n'
  await over
  ended++
}

const endless = route({
  method: 'GET',
  path: '/sample/events',
  scopes: [],
  summary: 'Beats',
  handle: ({ openStream }) => openStream(beats),
})

const authorized = { headers: { authorization: `Bearer ${KEYS.acme.key}` } }
const signal = () => {
  let give: () => void = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

it('counts streams, by organization and all, and lets one go with its client', async () => {
  ended = 0
  const limits = { rate: 1e6, burst: 1e6, streams: 2, allStreams: 3 }
  world = await World.open({ dialects: [sampleDialect([endless])], transport: { limits } })
  const client = new Client(world, 'native')
  const first = await world.fetch('/sample/events', authorized)
  expect(first.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const reader = first.body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
  await world.fetch('/sample/events', authorized)
  const third = await client.get('/sample/events')
  expect(third).toMatchObject({ status: 429, body: { sample: 'too_many_streams' } })
  const theirs = { headers: { authorization: `Bearer ${KEYS.globex.key}` } }
  await world.fetch('/sample/events', theirs)
  expect((await world.fetch('/sample/events', theirs)).status).toBe(429)
  expect(world.transport.openStreams).toBe(3)

  await reader?.cancel()
  await until(() => world.transport.openStreams === 2)
  expect(ended).toBe(1)
  expect((await world.fetch('/sample/events', authorized)).status).toBe(200)
  await world.transport.close()
  await until(() => world.transport.openStreams === 0)
  expect(ended).toBe(4)
})

it('answers what is under way when it is closed, ends the streams that are opened by it, and refuses the rest in words of its dialect', async () => {
  const [begun, gate] = [signal(), signal()]
  const slow = route({
    ...endless,
    path: '/sample/slow',
    async handle(context) {
      begun.give()
      await gate.given
      return endless.handle(context)
    },
  })
  world = await World.open({ dialects: [sampleDialect([endless, slow])] })
  const first = world.fetch('/sample/slow', authorized)
  await begun.given
  let closed = false
  const closing = world.transport.close().then(() => {
    closed = true
  })
  const late = await new Client(world, 'native').get('/sample/events')
  expect(late).toMatchObject({ status: 503, body: { sample: 'refused' } })
  expect(closed).toBe(false)
  gate.give()
  expect((await first).status).toBe(200)
  await closing
  await until(() => world.transport.openStreams === 0)
})
