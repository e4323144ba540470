import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Attempt } from '@outdial/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import Ajv2020 from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'

const text = readFileSync(new URL('../../../../docs/carriers/http.openapi.json', import.meta.url), 'utf8')
const document = JSON.parse(text)
const guide = readFileSync(new URL('../../../../docs/carriers/http.md', import.meta.url), 'utf8')

/** What was said, one request and its answer. */
interface Exchange {
  method: string
  path: string
  asked: string
  status: number
  answered: string
}
const exchanges: Exchange[] = []
const events: string[] = []

let service: HttpService
const between = createServer(async (request, response) => {
  let asked = ''
  for await (const chunk of request.setEncoding('utf8')) asked += chunk
  const { method = '', url = '' } = request
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  for (const name of ['connection', 'content-length', 'transfer-encoding', 'host']) delete headers[name]
  const target = new URL(url, service.url)
  const reply = await fetch(target, { method, headers, ...(asked !== '' && { body: asked }) })
  const answered = await reply.text()
  exchanges.push({ method, path: url.replace('/outdial', ''), asked, status: reply.status, answered })
  response.writeHead(reply.status).end(answered)
})

beforeAll(async () => {
  service = await HttpService.start()
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  const carrier = httpCarrier({
    baseUrl: `http://127.0.0.1:${(between.address() as { port: number }).port}/outdial`,
    secret: service.secret,
    webhookUrl: 'http://127.0.0.1:9/carriers/pbx/events',
    metadata: { trunk: 'north' },
    capabilities: { lookup: { visibilityLag: 0, horizon: 60_000 }, hangup: true },
  })
  let n = 0
  const attempt = (): Attempt => ({
    ref: `job_1:${n++}:1:x`,
    attempt: 1,
    organization: 'acme',
    jobId: 'job_1',
    to: `+1202555010${n}`,
    from: '+12025550100',
    agent: 'Hello {{name}}',
    variables: { name: 'Gizmo' },
    externalId: 'crm-7',
    ringTimeout: 25_000,
    maxDuration: 300_000,
    startable: () => true,
  })
  const handle = (ref: string) => ({ ref, to: '', from: '', fencedAt: 0 })

  await carrier.check?.({ organization: 'acme', from: [service.notOwned], agent: 'nobody' })
  for (const weather of ['contact', 'configuration', 'account', 'throttled', 'unavailable'] as const) {
    service.next(weather)
    await carrier.place(attempt())
  }
  for (const how of ['completed', 'busy', 'invalid_number', 'canceled'] as const) {
    const asked = attempt()
    const placed = await carrier.place(asked)
    await carrier.place(asked)
    const callId = placed.status === 'accepted' ? placed.callId : ''
    await carrier.lookup?.(handle(asked.ref))
    const told = [
      ...(await service.ring(callId)),
      ...(await service.answer(callId)),
      ...(await service.end(callId, how)),
    ]
    events.push(...told.map(({ body }) => body))
    await carrier.lookup?.(handle(asked.ref))
    await carrier.hangup?.(handle(asked.ref))
  }
  await carrier.lookup?.(handle('job_1:999:1:x'))
  await carrier.hangup?.(handle('job_1:999:1:x'))
})
afterAll(async () => {
  between.close()
  between.closeAllConnections()
  await service.close()
})

const ajv = new Ajv2020.default({
  strict: false,
  formats: {
    'date-time': (value: string) => !Number.isNaN(Date.parse(value)),
    uri: (value: string) => URL.canParse(value),
  },
})
ajv.addSchema(document, 'protocol')

const pointer = (...parts: string[]) =>
  `protocol#/${parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`

/** What is wrong with a text, by the schema at a place of the document. */
function faults(body: string, ...place: string[]): unknown {
  const validate = ajv.getSchema(pointer(...place, 'content', 'application/json', 'schema'))
  if (!validate) throw new Error(`there is no schema at ${place.join(' ')}`)
  return validate(JSON.parse(body)) ? [] : [body, validate.errors]
}

const templateOf = (path: string) => path.replace(/^\/calls\/[^/]+/, '/calls/{ref}')

describe('the OpenAPI document of the protocol', () => {
  it('is valid', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('says what the carrier asks and a service answers, word for word', () => {
    const said = new Set<string>()
    for (const { method, path, asked, status, answered } of exchanges) {
      const place = ['paths', templateOf(path), method.toLowerCase()]
      const { requestBody, responses } = document.paths[templateOf(path)][method.toLowerCase()]
      const key = responses[status] ? String(status) : `${String(status)[0]}XX`
      said.add(`${method} ${templateOf(path)} ${key}`)
      if (requestBody) expect(faults(asked, ...place, 'requestBody')).toEqual([])
      else expect(asked).toBe('')
      if (responses[key].content) expect(faults(answered, ...place, 'responses', key)).toEqual([])
    }
    expect([...said].sort()).toEqual([
      'GET /calls/{ref} 200',
      'GET /calls/{ref} 404',
      'GET /capabilities 200',
      'POST /calls 200',
      'POST /calls 201',
      'POST /calls 4XX',
      'POST /calls 503',
      'POST /calls/{ref}/hangup 404',
      'POST /calls/{ref}/hangup 410',
      'POST /check 200',
    ])
  })

  it('says what events are', () => {
    expect(events.length).toBeGreaterThan(9)
    for (const event of events) expect(faults(event, 'webhooks', 'event', 'post', 'requestBody')).toEqual([])
    expect(faults('{"type":"call.ended","data":{}}', 'webhooks', 'event', 'post', 'requestBody')).not.toEqual([])
  })

  it('names the fields of a call that its guide names', () => {
    for (const name of Object.keys(document.components.schemas.Place.properties)) {
      expect(guide).toMatch(new RegExp(`["\`]${name}["\`]`))
    }
  })
})
