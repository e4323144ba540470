import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { isOutdialError } from 'outdial'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HttpCarrierOptions, httpCarrier } from '../../src/http/index.js'
import { HttpService } from '../stand-ins/http-service.js'

let service: HttpService
beforeEach(async () => {
  service = await HttpService.start()
})
afterEach(() => service.close())

const secret = `whsec_${randomBytes(32).toString('base64')}`
const carrier = (options: Partial<HttpCarrierOptions> = {}) =>
  httpCarrier({ baseUrl: service.url, secret: service.secret, timeout: 2_000, ...options })
const fields = async (options?: Partial<HttpCarrierOptions>, use?: { from: string[]; agent?: string }) =>
  (await carrier(options).check?.(use && { organization: 'acme', ...use }))?.map(({ field }) => field)

describe('a service that is as the options say', () => {
  it('has no problem, also when it can do more', async () => {
    expect(await fields()).toEqual([])
    expect(await fields({ capabilities: { ...FULL } })).toEqual([])
    expect(await fields({}, { from: ['+12025550100'], agent: 'anna' })).toEqual([])
  })
})

const FULL = {
  idempotency: 'durable',
  lookup: { visibilityLag: 0, horizon: 86_400_000 },
  hangup: true,
  amd: true,
} as const

describe('a service that can do less', () => {
  it.each<[Record<string, unknown>, HttpCarrierOptions['capabilities'], string[]]>([
    [{ idempotency: 'none' }, FULL, ['capabilities.idempotency']],
    [{ idempotency: { window: 60_000 } }, FULL, ['capabilities.idempotency']],
    [{ idempotency: { window: 60_000 } }, { idempotency: { window: 90_000 } }, ['capabilities.idempotency']],
    [{ idempotency: { window: 60_000 } }, { idempotency: { window: 30_000 } }, []],
    [{ idempotency: undefined }, { idempotency: { window: 30_000 } }, ['capabilities.idempotency']],
    [{ lookup: false }, FULL, ['capabilities.lookup']],
    [{ lookup: { visibilityLag: 5_000, horizon: 86_400_000 } }, FULL, ['capabilities.lookup.visibilityLag']],
    [{ lookup: { visibilityLag: 0, horizon: 1_000 } }, FULL, ['capabilities.lookup.horizon']],
    [{ lookup: {} }, FULL, ['capabilities.lookup.visibilityLag', 'capabilities.lookup.horizon']],
    [{ hangup: false, amd: false }, FULL, ['capabilities.hangup', 'capabilities.amd']],
    [{ cps: 5, maxDuration: 60_000 }, {}, ['capabilities.maxDuration', 'capabilities.cps']],
    [{ cps: 5, maxDuration: 60_000 }, { cps: 6, maxDuration: 60_000 }, ['capabilities.cps']],
    [{ cps: 5, maxDuration: 60_000 }, { cps: 5, maxDuration: 30_000 }, []],
  ])('%j is found out', async (said, stated, found) => {
    Object.assign(service.capabilities, said)
    expect(await fields({ capabilities: stated ?? {} })).toEqual(found)
  })
})

/** Where another server is. */
async function nothingThere(): Promise<string> {
  const server = createServer((_, response) => response.writeHead(404).end('no such page'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  others.push(server)
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/pbx`
}
const others: Server[] = []
afterEach(() => {
  for (const server of others.splice(0)) server.close().closeAllConnections()
})

describe('what else can be wrong', () => {
  it('is the secret', async () => {
    const problems = await carrier({ secret }).check?.()
    expect(problems?.map(({ field }) => field)).toEqual(['secret'])
    expect(JSON.stringify(problems)).not.toContain(secret.slice(6))
  })

  it('is the address', async () => {
    expect(await fields({ baseUrl: `${service.url}/elsewhere` })).toEqual(['secret'])
    const [problem] = (await carrier({ baseUrl: await nothingThere() }).check?.()) ?? []
    expect(problem).toMatchObject({ field: 'baseUrl', message: expect.stringContaining('/pbx/capabilities: ') })
    service.capabilities.protocol = 2
    expect(await fields()).toEqual(['baseUrl'])
  })

  it('is a clock', async () => {
    expect(await fields({ clock: { now: () => Date.now() + 9_000 } })).toEqual([])
    expect(await fields({ clock: { now: () => Date.now() + 60_000 } })).toEqual(['clock'])
    expect(await fields({ clock: { now: () => Date.now() - 60_000 } })).toEqual(['clock'])
  })

  it('is an address for events that only this machine has', async () => {
    const webhookUrl = 'http://localhost:3000/carriers/pbx/events'
    expect(await fields({ webhookUrl })).toEqual([]) // so is the service
    // An address that is not this machine's own, though it leads here.
    const baseUrl = service.url.replace('127.0.0.1', '0.0.0.0')
    expect(await fields({ baseUrl, webhookUrl })).toEqual(['webhookUrl'])
    expect(await fields({ baseUrl, webhookUrl: 'http://outdial:3000/events' })).toEqual([])
  })

  it('is a caller id or an agent, as the service says', async () => {
    expect(await fields({}, { from: ['+12025550100', service.notOwned], agent: 'nobody' })).toEqual(['from', 'agent'])
    service.capabilities.check = false
    expect(await fields({}, { from: [service.notOwned] })).toEqual([])
  })
})

it('should not judge when the service cannot be asked', async () => {
  for (const weather of ['error', 'silence'] as const) {
    service.nextCheck(weather)
    await expect(carrier().check?.()).rejects.toThrow()
  }
  const adapter = carrier()
  await service.close()
  await expect(adapter.check?.()).rejects.toThrow()
  service = await HttpService.start()
})

describe('options', () => {
  const wrong = (options: Partial<Record<keyof HttpCarrierOptions, unknown>>) => {
    try {
      carrier(options as Partial<HttpCarrierOptions>)
    } catch (error) {
      if (isOutdialError(error, 'invalid_options')) return error.details.field
      throw error
    }
    return undefined
  }

  it.each<[Partial<Record<keyof HttpCarrierOptions, unknown>>, string]>([
    [{ baseUrl: 'pbx.example.com' }, 'baseUrl'],
    [{ baseUrl: 'ftp://pbx.example.com' }, 'baseUrl'],
    [{ baseUrl: 'https://pbx.example.com?a=1' }, 'baseUrl'],
    [{ baseUrl: 'https://me:pw@pbx.example.com' }, 'baseUrl'],
    [{ baseUrl: undefined }, 'baseUrl'],
    [{ secret: 'hunter2' }, 'secret'],
    [{ secret: 'whsec_c2hvcnQ=' }, 'secret'],
    [{ secret: `whsec_${randomBytes(65).toString('base64')}` }, 'secret'],
    [{ webhookSecret: [secret, 'whsec_'] }, 'webhookSecret[1]'],
    [{ webhookSecret: [] }, 'webhookSecret'],
    [{ webhookUrl: '/events' }, 'webhookUrl'],
    [{ capabilities: { idempotency: 'some' } }, 'capabilities.idempotency'],
    [{ capabilities: { idempotency: { window: -1 } } }, 'capabilities.idempotency.window'],
    [{ capabilities: { lookup: true } }, 'capabilities.lookup'],
    [{ capabilities: { lookup: { visibilityLag: -1, horizon: 1 } } }, 'capabilities.lookup.visibilityLag'],
    [{ capabilities: { lookup: { visibilityLag: 0 } } }, 'capabilities.lookup.horizon'],
    [{ capabilities: { cps: 0 } }, 'capabilities.cps'],
    [{ capabilities: { maxDuration: Number.NaN } }, 'capabilities.maxDuration'],
    [{ capabilities: { hangup: 'yes' } }, 'capabilities.hangup'],
    [{ capabilities: { amd: 1 } }, 'capabilities.amd'],
    [{ needs: 'name' }, 'needs'],
    [{ metadata: { n: 1 } }, 'metadata.n'],
    [{ headers: { 'webhook-id': 'x' } }, 'headers.webhook-id'],
    [{ headers: { 'a b': 'x' } }, 'headers.a b'],
    [{ headers: { a: 'x\r\ny: z' } }, 'headers.a'],
    [{ codes: { x: 'never' } }, 'codes.x'],
    [{ timeout: 0 }, 'timeout'],
    [{ connections: -1 }, 'connections'],
  ])('%j are refused by name', (options, field) => {
    expect(wrong(options)).toBe(field)
  })

  it('never show a secret that is wrong', () => {
    expect(() => carrier({ secret: 'hunter2' })).toThrow(expect.not.stringContaining('hunter2'))
  })
})

describe('the variables that an agent needs', () => {
  it('are those of its text, and those that the service wants of everybody', () => {
    const adapter = carrier({ needs: ['account', 'name'] })
    expect(adapter.needs?.(undefined)).toEqual(['account', 'name'])
    expect(adapter.needs?.('agent_7')).toEqual(['account', 'name'])
    expect(adapter.needs?.('Hello {{name}} of {{ city }}')).toEqual(['name', 'city', 'account'])
  })

  it('cannot be told of a text that is none', () => {
    expect(() => carrier().needs?.('Hello {{name')).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})
