import { connect } from 'node:net'
import { OutdialError } from 'outdial'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttpTransport, type HttpLimits, native } from '../../src/index.js'
import { Client, read } from '../support/client.js'
import { sampleDialect } from '../support/sample-dialect.js'
import { KEYS, World, type WorldOptions } from '../support/world.js'

let world: World
afterEach(() => world.close())

const open = async (transport: WorldOptions['transport'] = {}) => {
  world = await World.open({ dialects: [sampleDialect(), native()], transport })
  return new Client(world, 'native')
}
const limited = (limits: Partial<HttpLimits>) =>
  open({ limits: { rate: 1e6, burst: 1e6, unknownRate: 1e6, ...limits } })

describe('what is not there', () => {
  it('is said in the words of the dialect whose path it is, elsewhere as problem details', async () => {
    const client = await open()
    expect(await client.get('/sample/nothing')).toMatchObject({ status: 404, body: { sample: 'not_found' } })
    expect(await client.get('/v1/nothing')).toMatchObject({ status: 404, body: { code: 'not_found', status: 404 } })
    expect(await client.get('/elsewhere')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(await client.get('/sampler')).toMatchObject({ body: { code: 'not_found' } })
    const method = await client.send('PUT', '/sample/things')
    expect(method).toMatchObject({ status: 405, body: { sample: 'method_not_allowed' } })
    expect(method.headers.get('allow')).toBe('POST')
    expect(await client.get('/sample/missing')).toMatchObject({ status: 404, body: { sample: 'missing' } })
  })
})

describe('keys', () => {
  it('open what their scopes allow', async () => {
    await open()
    const reader = new Client(world, 'native', 'reader')
    expect(await reader.get('/v1/call-jobs')).toMatchObject({ status: 200 })
    const create = await reader.post('/v1/call-jobs', { name: 'x', from: '+13035550100', contacts: [] })
    expect(create).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await reader.get('/sample/things/1')).toMatchObject({ status: 403, body: { sample: 'forbidden' } })
  })

  it('may be somebody else’s to judge', async () => {
    const client = await open({
      auth: async ({ key }) => (key === 'token' ? { organization: 'globex', scopes: ['things.*'] } : undefined),
    })
    expect((await client.get('/sample/things/1')).status).toBe(401)
    const answer = await client.get('/sample/things/a%2Fb', { authorization: 'bearer token' })
    expect(answer.body).toEqual({ params: { id: 'a/b' }, query: {}, organization: 'globex' })
  })

  it.each(['', 'Basic abc', 'Bearer', `Bearer ${'x'.repeat(2000)}`, `Bearer ${KEYS.acme.key} and more`])(
    'are none: %s',
    async (authorization) => {
      await open()
      const answer = await read(await world.fetch('/sample/link', { headers: { authorization } }))
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    },
  )
})

describe('what a request may hold', () => {
  it('nothing that the route does not know', async () => {
    const client = await open()
    expect(await client.get('/sample/things/1?view=long')).toMatchObject({ body: { query: { view: 'long' } } })
    expect(await client.get('/sample/things/1?vew=long')).toMatchObject({ status: 400, body: { sample: 'invalid' } })
    expect(await client.get('/sample/link?x=1')).toMatchObject({ status: 400, body: { sample: 'invalid' } })
    expect(await client.post('/sample/things', { name: 'a', nane: 'b' })).toMatchObject({ status: 422 })
    expect(await client.post('/sample/things', { name: 'a' })).toMatchObject({ status: 201, body: { name: 'a' } })
  })

  it('JSON that says that it is, is, and is not too deep', async () => {
    const client = await open()
    const send = (body: string, type = 'application/json') =>
      client.send('POST', '/sample/things', body, { 'content-type': type })
    expect(await send('{"name":"a"}', 'text/plain')).toMatchObject({ status: 415 })
    expect(await send('{"name"')).toMatchObject({ status: 400, body: { sample: 'malformed' } })
    expect(await send(`${'['.repeat(400)}${']'.repeat(400)}`)).toMatchObject({ body: { sample: 'malformed' } })
    expect(await send('')).toMatchObject({ status: 422, body: { sample: 'invalid' } })
    const bytes = await world.fetch('/sample/things', {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.acme.key}`, 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    })
    expect(await read(bytes)).toMatchObject({ status: 400, body: { sample: 'malformed' } })
  })

  it('so many bytes of body, headers and query', async () => {
    const client = await limited({ query: 100, headers: 2000 })
    const long = await client.post('/sample/things', { name: 'x'.repeat(1000) })
    expect(long).toMatchObject({ status: 413, body: { sample: 'too_large' } })
    expect(await client.get(`/sample/things/1?view=${'x'.repeat(200)}`)).toMatchObject({ status: 414 })
    expect(await client.get('/sample/things/1', { 'x-much': 'x'.repeat(2000) })).toMatchObject({ status: 431 })
    expect(await client.get(`/sample/nothing?${'x'.repeat(200)}`)).toMatchObject({ status: 414 })
    const upload = (size: number) =>
      client.send('POST', '/sample/uploads', new Uint8Array(size), { 'content-type': 'Text/CSV; x=1' })
    expect((await upload(5000)).body).toEqual({ type: 'text/csv', size: 5000 })
    expect(await upload(5001)).toMatchObject({ status: 413 })
  })

  it('so many bytes, also when it does not say how many', async () => {
    await open()
    const pieces = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    })
    const init = { method: 'POST', body: pieces, duplex: 'half', headers: { authorization: `Bearer ${KEYS.acme.key}` } }
    const answer = await world.fetch('/sample/uploads', init as RequestInit).catch(() => undefined)
    // Some clients see the answer, some only that nobody reads on.
    if (answer) expect(answer.status).toBe(413)
    expect((await new Client(world, 'native').get('/sample/link')).status).toBe(200)
  })

  it('nothing that comes too slowly', async () => {
    await limited({ bodyIdle: 1000 })
    const socket = connect(Number(new URL(world.base).port), '127.0.0.1')
    const answer = new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (data) => {
        text += String(data)
        if (text.includes('too_slow')) resolve(text)
      })
    })
    const waiting = world.clock.pending
    socket.write(
      `POST /sample/things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${KEYS.acme.key}\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{"na`,
    )
    // The body is waited for when there is one timer more.
    while (!world.clock.timers().some(({ at }) => at - world.clock.now() === 1000) || world.clock.pending <= waiting)
      await new Promise((resolve) => setImmediate(resolve))
    await world.advance(1000)
    expect(await answer).toContain('HTTP/1.1 408')
    socket.destroy()
  })
})

describe('how often', () => {
  it('is limited by organization, and what has no key by itself', async () => {
    const client = await open({ limits: { rate: 1, burst: 3, unknownRate: 2 } })
    const globex = new Client(world, 'native', 'globex')
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) statuses.push((await client.get('/sample/link')).status)
    expect(statuses).toEqual([200, 200, 200, 429])
    const limited = await client.get('/sample/link')
    expect(limited.headers.get('retry-after')).toBe('1')
    expect((await globex.get('/sample/link')).status).toBe(200)
    const nobody = new Client(world, 'no dialect')
    const unknown: number[] = []
    for (let i = 0; i < 3; i++) unknown.push((await nobody.get('/sample/link')).status)
    expect(unknown).toEqual([401, 401, 429])
    expect((await globex.get('/sample/link')).status).toBe(200)
    await world.advance(1000)
    expect((await client.get('/sample/link')).status).toBe(200)
  })
})

describe('an answer', () => {
  it('has a request id, the client’s own if it is harmless', async () => {
    const client = await open()
    expect((await client.get('/nothing')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await client.get('/sample/link', { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe('abc-1')
    const odd = await client.get('/sample/link', { 'x-request-id': 'a b"' })
    expect(odd.headers.get('x-request-id')).not.toContain('a b')
    expect(world.log.at(-1)).toMatchObject({
      route: '/sample/link',
      organization: 'acme',
      status: 200,
      dialect: 'sample',
    })
  })

  it('tells nothing of a defect, which is reported', async () => {
    const client = await open()
    const answer = await client.get('/sample/broken')
    expect(answer).toMatchObject({ status: 500, body: { sample: 'internal' } })
    expect(answer.text).not.toContain('hunter2')
    expect(world.errors.map(String)).toEqual(['Error: the password is hunter2'])
    world.errors.length = 0
  })

  it('says nothing about other origins unless told to', async () => {
    const client = await open()
    const origin = { origin: 'https://app.example.com' }
    expect((await client.get('/sample/link', origin)).headers.get('access-control-allow-origin')).toBeNull()
    expect((await client.send('OPTIONS', '/sample/link', undefined, origin)).status).toBe(405)
    await world.close()
    const other = await open({ cors: { origins: ['https://app.example.com'] } })
    expect((await other.get('/sample/link', origin)).headers.get('access-control-allow-origin')).toBe(origin.origin)
    const stranger = { origin: 'https://evil.example.com' }
    expect((await other.get('/sample/link', stranger)).headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('signed links', () => {
  it('work without a key, for what they were made for and as long as they say', async () => {
    const client = await open({ publicUrl: 'https://calls.example.com/' })
    const { url } = (await client.get('/sample/link')).body as { url: string }
    expect(url).toMatch(/^https:\/\/calls\.example\.com\/sample\/files\/a\.json\?/)
    const path = url.slice('https://calls.example.com'.length)
    const nobody = new Client(world, 'no dialect')
    expect((await nobody.get(path)).body).toEqual({ name: 'a.json', organization: 'acme' })
    for (const forged of [
      path.replace('a.json', 'b.json'),
      path.replace('organization=acme', 'organization=globex'),
      path.replace(/expires=(\d)/, 'expires=9'),
      path.replace(/signature=../, 'signature=zz'),
      path.replace(/&signature.*/, ''),
    ])
      expect((await nobody.get(forged)).status).toBe(401)
    expect((await client.get('/sample/files/a.json')).status).toBe(401)
    await world.advance(60_000)
    expect((await nobody.get(path)).status).toBe(401)
  })
})

describe('a transport that cannot be', () => {
  it.each([
    ['two dialects with one root', { dialects: [native(), native()] }, 'dialects'],
    ['a base path that is none', { basePath: 'x' }, 'basePath'],
    ['a key that could be guessed', { signingKey: 'short' }, 'signingKey'],
    ['a limit that is none', { limits: { body: 0 } }, 'limits.body'],
    ['a limit that there is not', { limits: { bodies: 1 } as never }, 'limits.bodies'],
  ])('is refused: %s', async (_, more, field) => {
    await open()
    const make = () => createHttpTransport({ engine: world.engine, directory: {} as never, dialects: [], ...more })
    expect(make).toThrow(OutdialError)
    expect(make).toThrow(field)
  })
})
