import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { WebhookRequest } from '@outdial/core'
import { Webhook } from 'standardwebhooks'
import type { CarrierService, Ending, Forgery, PlacedCall, Weather } from '../../../conformance/src/carriers/harness.js'
import { type Asked, type Call, Calls, viewOf } from './http-calls.js'

/** Beside what every service has: what this protocol can say. */
export type HttpWeather =
  | Weather
  | 'unavailable'
  | { readonly answer: readonly [number, string, Record<string, string>?] }
type LookupWeather = Parameters<CarrierService['nextLookup']>[0]

/** A service of the protocol, as its documentation says it answers; signatures are made and judged by the official library. */
export class HttpService implements CarrierService {
  readonly secret: string = `whsec_${randomBytes(32).toString('base64')}`
  readonly #server: Server
  readonly #sockets: Set<Socket> = new Set()
  readonly #now: () => number
  readonly ledger: Calls
  /** What `GET /capabilities` answers. */
  capabilities: Record<string, unknown> = {
    protocol: 1,
    idempotency: 'durable',
    lookup: { visibilityLag: 0, horizon: 86_400_000 },
    hangup: true,
    amd: true,
    check: true,
  }
  /** The caller ids that are its customer's; others are a problem of `POST /check`. */
  notOwned = '+12025550166'
  /** After how many milliseconds of silence a connection is closed. Default: never. */
  silence: number | undefined
  /** What requests to place calls meet, when `next` says nothing. */
  weather: () => HttpWeather = () => 'fair'
  /** Hears of every call that is placed. */
  onPlaced: (call: Call) => void = () => {}
  /** Every request to place a call that was read: its headers, its body. */
  readonly requests: { headers: IncomingMessage['headers']; path: string; body: Asked }[] = []
  readonly #next: HttpWeather[] = []
  readonly #others: { lookup: LookupWeather[]; hangup: string[]; check: string[] } = {
    lookup: [],
    hangup: [],
    check: [],
  }
  #refuse = false

  private constructor(now: () => number) {
    this.#now = now
    this.ledger = new Calls(now)
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      if (this.#refuse) return this.#reset(request.socket)
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
    this.#server.on('connection', (socket) => {
      if (this.#refuse) return this.#reset(socket)
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(now: () => number = Date.now): Promise<HttpService> {
    const service = new HttpService(now)
    service.#server.listen(0, '127.0.0.1')
    await once(service.#server, 'listening')
    return service
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/outdial`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  next(weather: HttpWeather): void {
    if (typeof weather === 'object' && 'fault' in weather && weather.fault === 'refused') this.#refuse = true
    else this.#next.push(weather)
  }

  /** Breaks every connection, whatever is under way on it. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Once. */
  #reset(socket: Socket): void {
    this.#refuse = false
    socket.resetAndDestroy()
  }

  nextLookup(weather: LookupWeather): void {
    this.#others.lookup.push(weather)
  }

  nextHangup(weather: 'error' | 'silence'): void {
    this.#others.hangup.push(weather)
  }

  nextCheck(weather: 'error' | 'silence'): void {
    this.#others.check.push(weather)
  }

  calls(): readonly PlacedCall[] {
    return this.ledger.all()
  }

  asked(): number {
    return this.requests.length
  }

  async ring(callId: string): Promise<readonly WebhookRequest[]> {
    return this.#told(callId, (call) => this.ledger.move(call, 'ringing'))
  }

  async answer(callId: string): Promise<readonly WebhookRequest[]> {
    return this.#told(callId, (call) => this.ledger.move(call, 'answered'))
  }

  async end(callId: string, how: Ending): Promise<readonly WebhookRequest[]> {
    const known = how === 'voicemail' && this.capabilities.amd !== true ? 'completed' : how
    return this.#told(callId, (call) => this.ledger.end(call, known))
  }

  live(callId: string): boolean {
    return this.ledger.byId(callId).state !== 'ended'
  }

  async foreign(): Promise<readonly WebhookRequest[]> {
    const timestamp = new Date(this.#now()).toISOString()
    return [this.signed({ type: 'recording.ready', timestamp, data: { callId: 'call_0' } })]
  }

  forged(webhook: WebhookRequest, how: Forgery): WebhookRequest {
    const { body } = webhook
    if (how === 'unsigned') return { ...webhook, headers: { 'content-type': 'application/json' } }
    if (how === 'changed') return { ...webhook, body: body.replace('"call.', '"call.x') }
    const other = `whsec_${randomBytes(32).toString('base64')}`
    const made =
      how === 'old' ? this.#sign(body, this.#now() - 86_400_000) : this.#sign(body, this.#now(), new Webhook(other))
    return { ...webhook, headers: made }
  }

  /** A webhook, signed now. */
  signed(event: object, url = 'http://127.0.0.1/carriers/http/events'): WebhookRequest {
    const body = JSON.stringify(event)
    return { method: 'POST', url, headers: this.#sign(body, this.#now()), body }
  }

  #told(callId: string, move: (call: Call) => object | undefined): WebhookRequest[] {
    const call = this.ledger.byId(callId)
    const event = move(call)
    return event ? [this.signed(event, call.asked.webhookUrl)] : []
  }

  #sign(body: string, at: number, webhook = new Webhook(this.secret)): Record<string, string> {
    const id = `msg_${randomUUID()}`
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': webhook.sign(id, new Date(at), body),
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const say = (status: number, said?: object | string, headers: Record<string, string> = {}) => {
      const text = typeof said === 'string' ? said : said ? JSON.stringify(said) : ''
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
    }
    const path = (request.url ?? '').replace(/^\/outdial/, '')
    const fault = this.#authentic(request, path, body)
    if (fault) return say(401, { placed: false, code: 'unauthenticated', message: fault })
    const [, area, ref, action] = path.split('/').map(decodeURIComponent)
    if (area === 'capabilities' || area === 'check') {
      const weather = this.#others.check.shift()
      if (weather === 'silence') return
      if (weather) return say(500, 'out of order')
      if (area === 'capabilities') return say(200, { now: new Date(this.#now()).toISOString(), ...this.capabilities })
      return say(200, { problems: this.#problems(JSON.parse(body)) })
    }
    if (ref === undefined) return this.#place(request, response, path, body, say)
    const call = this.ledger.get(ref)
    const weather = action ? this.#others.hangup.shift() : this.#others.lookup.shift()
    if (weather === 'silence') return
    if (weather === 'throttled') return say(429, { code: 'throttled' }, { 'retry-after': '7' })
    if (weather === 'account') return say(403, { code: 'forbidden' })
    if (weather === 'error') return say(500, 'out of order')
    if (!call) return say(404, { code: 'call_not_found', asOf: new Date(this.#now()).toISOString() })
    if (!action) return say(200, viewOf(call))
    if (call.state === 'ended') return say(410, { code: 'call_ended' })
    this.ledger.end(call, call.state === 'answered' ? 'completed' : 'canceled')
    say(202)
  }

  #place(
    { headers, socket }: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: string,
    say: (status: number, said?: object | string, headers?: Record<string, string>) => void,
  ): void {
    const asked = JSON.parse(body) as Asked
    this.requests.push({ headers, path, body: asked })
    const age = this.#now() - Number(headers['webhook-timestamp']) * 1000
    if (age > 30_000) return say(422, { placed: false, code: 'late', message: 'This request is too old.' })
    const weather = this.#next.shift() ?? this.weather()
    if (typeof weather === 'string' && weather !== 'fair') {
      const [status, code] = REFUSALS[weather]
      const wait = status === 429 || status === 503 ? { 'retry-after': '7' } : {}
      return say(status, { placed: false, code, message: 'This call was not placed.' }, wait)
    }
    if (typeof weather === 'object' && 'answer' in weather) return say(...weather.answer)
    const placed = typeof weather === 'string' || ('placed' in weather && weather.placed)
    const { call, replayed } = placed ? this.ledger.place(asked) : { call: undefined, replayed: false }
    if (call && !replayed) this.onPlaced(call)
    if (typeof weather === 'string') return say(replayed ? 200 : 201, { callId: call?.callId, state: 'queued' })
    if (weather.fault === 'error') return say(500, 'out of order')
    if (weather.fault === 'nonsense') return say(201, '<html>created</html>')
    if (weather.fault === 'silence') {
      if (this.silence !== undefined) setTimeout(() => socket.resetAndDestroy(), this.silence)
      return
    }
    socket.resetAndDestroy()
    response.destroy()
  }

  #problems({ from, agent }: { from: string[]; agent?: string }): object[] {
    const problems: object[] = []
    if (from.includes(this.notOwned)) {
      problems.push({ field: 'from', message: `${this.notOwned} is not a number of yours; buy it, or take another.` })
    }
    if (agent?.startsWith('nobody')) problems.push({ field: 'agent', message: 'There is no such agent.' })
    return problems
  }

  /** What is wrong with a signature, if anything is. */
  #authentic({ method, headers }: IncomingMessage, path: string, body: string): string | undefined {
    const at = Number(headers['webhook-timestamp']) * 1000
    if (!(Math.abs(this.#now() - at) <= 300_000)) return 'The timestamp is not of now.'
    const id = String(headers['webhook-id'])
    const expected = new Webhook(this.secret).sign(id, new Date(at), `${method} ${path}\n${body}`)
    return headers['webhook-signature'] === expected ? undefined : 'The signature does not hold.'
  }
}

const REFUSALS: Readonly<Record<Exclude<Extract<HttpWeather, string>, 'fair'>, [number, string]>> = {
  contact: [422, 'invalid_number'],
  configuration: [422, 'caller_id_refused'],
  account: [402, 'insufficient_funds'],
  throttled: [429, 'throttled'],
  unavailable: [503, 'unavailable'],
}
