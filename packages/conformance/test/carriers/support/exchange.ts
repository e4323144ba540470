import { createHmac } from 'node:crypto'
import type { CarrierEvent, Clock, WebhookRequest } from '@outdial/core'
import type { CarrierService, Ending, Forgery, PlacedCall, Weather } from '../../../src/carriers/index.js'

export const KEY = 'key-0f-the-account'
export const SECRET = 'secret-0f-the-webhooks'
export const OWNED = '+12025550199'

/** An answer of the exchange, as it comes off the wire. */
export interface Answer {
  readonly code: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a connection can come to without an answer. */
export class Broken extends Error {
  readonly how: 'refused' | 'reset'
  constructor(how: 'refused' | 'reset') {
    super(how)
    this.how = how
  }
}

/** What is asked of the exchange. */
export interface Request {
  readonly path: string
  readonly key: string
  readonly body?: Readonly<Record<string, string | number>>
}

interface Kept extends PlacedCall {
  readonly placedAt: number
  state: 'ringing' | 'answered' | 'ended'
  by: 'person' | 'machine'
  cause: string
  seconds: number
  hidden: boolean
}

const WEATHERS = {
  fair: undefined,
  contact: [422, { error: 'no_such_number' }],
  configuration: [400, { error: 'unknown_application' }],
  account: [402, { error: 'no_funds' }],
  throttled: [429, { error: 'too_many' }],
} as const

/** How long the exchange knows a tag again, in milliseconds. */
const WINDOW = 60_000

/**
 * A telephone exchange of fiction, in memory, that offers all that the kit has rules for: tags, look-ups, hanging up,
 * signed webhooks (or a line that pushes), telling machines from people.
 */
export class Exchange implements CarrierService {
  readonly #clock: Clock
  readonly #calls: Kept[] = []
  readonly #lines = new Set<(event: CarrierEvent) => void>()
  readonly #pushes: boolean
  readonly retryAfter?: false
  /** What the last request to place a call met, for carriers that draw the wrong conclusion. */
  last: string = 'fair'
  /** Whether it knows no tag again. */
  forgets = false
  #weather: Weather = 'fair'
  #weathers: Record<string, string> = {}
  #asked = 0

  constructor(clock: Clock, pushes: boolean) {
    this.#clock = clock
    this.#pushes = pushes
  }

  next(weather: Weather): void {
    this.#weather = weather
  }

  nextLookup(weather: string): void {
    this.#weathers.lookup = weather
  }

  nextHangup(weather: string): void {
    this.#weathers.hangup = weather
  }

  nextCheck(weather: string): void {
    this.#weathers.check = weather
  }

  calls(): readonly PlacedCall[] {
    return this.#calls
  }

  asked(): number {
    return this.#asked
  }

  live(callId: string): boolean {
    return this.#call(callId).state !== 'ended'
  }

  hide(callId: string): void {
    this.#call(callId).hidden = true
  }

  async ring(callId: string): Promise<WebhookRequest[]> {
    return this.#tell({ call: callId, tag: this.#call(callId).ref, is: 'ringing' })
  }

  async answer(callId: string, by: 'person' | 'machine' = 'person'): Promise<WebhookRequest[]> {
    const call = this.#call(callId)
    Object.assign(call, { state: 'answered', by })
    return this.#tell({ call: callId, tag: call.ref, is: 'answered' })
  }

  async end(callId: string, how: Ending): Promise<WebhookRequest[]> {
    const call = this.#call(callId)
    const talked = how === 'completed' || how === 'voicemail'
    Object.assign(call, { state: 'ended', cause: talked ? call.by : how, seconds: talked ? 60 : 0 })
    return this.#tell({ call: callId, tag: call.ref, is: 'ended', cause: call.cause, seconds: call.seconds })
  }

  forged(webhook: WebhookRequest, how: Forgery): WebhookRequest {
    const { 'x-time': time = '', 'x-signature': _, ...headers } = webhook.headers
    if (how === 'unsigned') return { ...webhook, headers: { ...headers, 'x-time': time } }
    if (how === 'changed') return { ...webhook, body: webhook.body.replace('"is":"', '"is":"not ') }
    const at = how === 'old' ? String(Number(time) - 86_400_000) : time
    const key = how === 'old' ? SECRET : 'another'
    return { ...webhook, headers: { ...headers, 'x-time': at, 'x-signature': signature(key, at, webhook.body) } }
  }

  async foreign(): Promise<WebhookRequest[]> {
    return [this.#signed({ invoice: 'i1', is: 'paid' }), this.#signed({ call: 'c0', is: 'ringing' })]
  }

  /** Somebody who hears what a call comes to. */
  line(hear: (event: CarrierEvent) => void): () => void {
    this.#lines.add(hear)
    return () => this.#lines.delete(hear)
  }

  /** The wire: what a request comes to, which may be never anything. */
  async request({ path, key, body = {} }: Request): Promise<Answer> {
    if (path === '/calls') return this.#place(key, body)
    const kind = path.split('/')[1] as string
    const weather = this.#weathers[kind]
    this.#weathers[kind] = 'fair'
    if (weather === 'silence') return new Promise(() => {})
    if (weather === 'error') return json(500, {})
    if (weather === 'throttled') return json(429, {})
    if (weather === 'account' || key !== KEY) return json(401, { error: 'who_are_you' })
    if (kind === 'check') return json(200, { owned: [OWNED] })
    const call = this.#calls.find(({ callId, ref, hidden }) =>
      body.call === undefined ? ref === body.tag && !hidden : callId === body.call,
    )
    if (!call) return json(404, { now: this.#clock.now() })
    if (kind === 'hangup') {
      if (call.state === 'ended') return json(410, {})
      Object.assign(call, { state: 'ended', cause: 'canceled' })
    }
    const { callId, state, cause, seconds } = call
    return json(200, { call: callId, is: state, cause, seconds })
  }

  #place(key: string, body: Readonly<Record<string, string | number>>): Promise<Answer> | Answer {
    const weather = this.#weather
    this.#weather = 'fair'
    this.last = typeof weather === 'string' ? weather : weather.fault
    if (typeof weather === 'object' && weather.fault === 'refused') throw new Broken('refused')
    this.#asked++
    if (key !== KEY) return json(401, { error: 'who_are_you' })
    if (typeof weather === 'string') {
      const refusal = WEATHERS[weather]
      if (refusal) return json(refusal[0], refusal[1], weather === 'throttled' ? { 'retry-after': '7' } : {})
    }
    const placed = typeof weather === 'string' || weather.placed ? this.#keep(body) : ''
    if (typeof weather === 'string') return json(201, { call: placed })
    if (weather.fault === 'silence') return new Promise(() => {})
    if (weather.fault === 'reset') throw new Broken('reset')
    return weather.fault === 'error' ? json(500, {}) : { code: 200, headers: {}, body: 'thank you' }
  }

  #keep(body: Readonly<Record<string, string | number>>): string {
    const placedAt = this.#clock.now()
    const ref = String(body.tag)
    const first = this.forgets
      ? undefined
      : this.#calls.find((call) => call.ref === ref && placedAt - call.placedAt < WINDOW)
    if (first) return first.callId
    const callId = `call-${this.#calls.length + 1}`
    const [to, from] = [String(body.to), String(body.from)]
    const [ringTimeout, maxDuration] = [Number(body.ring) * 1000, Number(body.longest) * 1000]
    const part = { callId, to, from, ref, ringTimeout, maxDuration, placedAt }
    this.#calls.push({ ...part, state: 'ringing', by: 'person', cause: '', seconds: 0, hidden: false })
    return callId
  }

  #call(callId: string): Kept {
    const call = this.#calls.find((each) => each.callId === callId)
    if (!call) throw new Error(`there is no call ${callId}`)
    return call
  }

  #tell(body: Readonly<Record<string, string | number>>): WebhookRequest[] {
    const at = this.#clock.now()
    if (!this.#pushes) return [this.#signed({ ...body, at })]
    for (const hear of this.#lines) hear(body as unknown as CarrierEvent)
    return []
  }

  #signed(content: object): WebhookRequest {
    const body = JSON.stringify(content)
    const time = String(this.#clock.now())
    const headers = {
      'content-type': 'application/json',
      'x-time': time,
      'x-signature': signature(SECRET, time, body),
    }
    return { method: 'POST', url: 'https://host.example/webhooks', headers, body }
  }
}

/** How the exchange signs. */
export function signature(secret: string, time: string, body: string): string {
  return createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
}

function json(code: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return { code, headers, body: JSON.stringify(body) }
}
