// Pigeon Voice itself, with the ledger that judges. The conformance kit tells it what requests meet.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CarrierService, Ending, Forgery, PlacedCall, Weather } from '@outdial/conformance/carriers'
import type { WebhookRequest } from 'outdial'
import type { PigeonCall } from './pigeon-carrier.js'

type Call = PigeonCall & { to: string; from: string; ring: number; longest: number }

const REFUSALS = {
  contact: [422, 'bad_number'],
  configuration: [422, 'caller_id_not_yours'],
  account: [402, 'no_credit'],
  throttled: [429, 'slow_down'],
} as const

export class PigeonService implements CarrierService {
  readonly key: string = 'pigeon-key-0123456789'
  onPlaced: (id: string) => void = () => {}
  readonly #calls: Call[] = []
  readonly #placing: Weather[] = []
  readonly #asking: string[] = []
  #asked = 0
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  next(weather: Weather): void {
    if (typeof weather !== 'object' || weather.fault !== 'refused') this.#placing.push(weather)
    else this.#server.once('connection', (socket) => socket.resetAndDestroy())
  }

  nextLookup = (weather: string): void => void this.#asking.push(weather)
  nextHangup = (weather: string): void => void this.#asking.push(weather)
  nextCheck = (weather: string): void => void this.#asking.push(weather)
  asked = (): number => this.#asked
  live = (id: string): boolean => this.#byId(id).status !== 'over'
  ring = async (id: string) => this.#move(id, { status: 'ringing' })
  answer = async (id: string) => this.#move(id, { status: 'picked_up' })

  async end(id: string, how: Ending): Promise<WebhookRequest[] | undefined> {
    if (how === 'voicemail') return undefined // it cannot tell
    return this.#move(id, { status: 'over', end: how, seconds: how === 'completed' ? 60 : 0 })
  }

  calls(): PlacedCall[] {
    return this.#calls.map(({ id: callId, tag: ref, to, from, ring, longest }) => {
      return { callId, ref, to, from, ringTimeout: ring * 1000, maxDuration: longest * 1000 }
    })
  }

  forged({ body, ...webhook }: WebhookRequest, how: Forgery): WebhookRequest {
    if (how === 'unsigned') return { ...webhook, body, headers: {} }
    if (how === 'changed') return { ...webhook, body: body.replace('{', '{ ') }
    return how === 'old' ? this.#signed(body, Date.now() - 86_400_000) : this.#signed(body, Date.now(), 'another')
  }

  #signed(body: string, at = Date.now(), key = this.key): WebhookRequest {
    const signature = createHmac('sha256', key).update(`${at}.${body}`).digest('hex')
    const headers = { 'x-pigeon-time': String(at), 'x-pigeon-signature': signature }
    return { method: 'POST', url: 'http://127.0.0.1/carriers/pigeon/events', headers, body }
  }

  #byId(id: string): Call {
    const call = this.#calls.find((one) => one.id === id)
    if (!call) throw new Error(`there is no call ${id}`)
    return call
  }

  #move(id: string, change: Partial<Call>): WebhookRequest[] {
    return [this.#signed(JSON.stringify(Object.assign(this.#byId(id), change)))]
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk
    response.shouldKeepAlive = false
    const say = (status: number, body?: unknown, headers = {}) =>
      void response.writeHead(status, headers).end(JSON.stringify(body))
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://pigeon')
    const placing = request.method === 'POST'
    if (placing) this.#asked++
    if (request.headers['x-api-key'] !== this.key) return say(401, { error: 'bad_key' })
    const met = (placing ? this.#placing : this.#asking).shift() ?? 'fair'
    if (met === 'silence' || met === 'error') return met === 'error' ? say(500) : undefined
    if (typeof met === 'string' && met !== 'fair') {
      const [status, error] = REFUSALS[met as keyof typeof REFUSALS]
      return say(status, { error }, status === 429 ? { 'retry-after': '7' } : {})
    }
    if (placing) {
      const call = met === 'fair' || ('placed' in met && met.placed) ? this.#place(JSON.parse(text)) : undefined
      if (met === 'fair') return say(201, call)
      if (met.fault === 'reset') request.socket.resetAndDestroy()
      return met.fault === 'silence' ? undefined : say(met.fault === 'error' ? 500 : 201, 'a proxy had a thought')
    }
    if (pathname === '/account') return say(200, { numbers: ['+12025550199', '+12025550100'] })
    const calls = this.#calls.filter(({ tag }) => tag === searchParams.get('tag'))
    if (request.method === 'GET') return say(200, { calls })
    const id = pathname.slice('/calls/'.length)
    if (!this.live(id)) return say(410)
    this.#move(id, { status: 'over', end: 'canceled', seconds: 0 })
    return say(204)
  }

  #place(asked: Omit<Call, 'id' | 'status'>): Call {
    const call: Call = { ...asked, id: `pigeon-${this.#calls.length + 1}`, status: 'dialing' }
    this.#calls.push(call)
    this.onPlaced(call.id)
    return call
  }
}
