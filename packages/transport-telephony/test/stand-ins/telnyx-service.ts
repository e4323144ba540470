import type { WebhookRequest } from '@outdial/core'
import type { CarrierService, Ending, Forgery, PlacedCall, Weather } from '../../../conformance/src/carriers/harness.js'
import { decodeState } from '../../src/telnyx/client-state.js'
import { LoopbackService } from './loopback-service.js'
import {
  type Answer,
  forbidden,
  notFound,
  ok,
  paged,
  refused,
  tooMany,
  unauthorized,
  unexpected,
} from './telnyx/answers.js'
import { type Asked, asked, type Fate, told } from './telnyx/asked.js'
import { type Call, CallBook } from './telnyx/call-book.js'
import { CallLife } from './telnyx/call-life.js'
import { NumberShelf } from './telnyx/number-shelf.js'
import { signedWebhook, signingKeys } from './telnyx/signing.js'

export interface TelnyxServiceOptions {
  /** The service's time. Default: the machine's. */
  now?: () => number
  /** Caller ids of the account. Default `+12025550199`. */
  owned?: readonly string[]
  /** Dials per second. Default: any number. */
  dps?: number
  /** How long is talked, as the ends of calls tell it. Default: a minute. */
  talk?: 'as it is'
  /** What a call costs; absent, it does not say. */
  cost?: string
  /** Told of every call that was placed, before the answer is written. */
  onPlaced?: (call: Call) => void
  /** Told of every command that was obeyed. */
  onCommand?: (call: Call, action: string) => void
  /** Asked before every request to dial, for its weather. */
  weather?: () => Weather
  /** Asked before every command to a call, for what it meets instead of being obeyed. */
  trouble?: () => Fate | undefined
}

type Trouble = 'fair' | 'throttled' | 'error' | 'silence' | 'account'

/** Stands in for the service: its API on loopback, as it is documented, and a ledger of what it was asked for and did. */
export class TelnyxService implements CarrierService {
  readonly apiKey = 'KEY0123456789ABCDEF_stand-in-of-telnyx'
  readonly keys = signingKeys()
  readonly book: CallBook
  readonly life: CallLife
  readonly numbers: NumberShelf
  readonly #options: TelnyxServiceOptions
  readonly #server: LoopbackService
  readonly #now: () => number
  #weather: Weather = 'fair'
  #lookups: Trouble[] = []
  #hangup: Trouble = 'fair'
  #check: Trouble = 'fair'
  #asked = 0

  private constructor(options: TelnyxServiceOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    const owned = options.owned ?? ['+12025550199']
    this.book = new CallBook(this.#now, owned, options.dps ?? Number.POSITIVE_INFINITY)
    this.life = new CallLife(this.book, this.keys, this.#now, options.talk === 'as it is' ? undefined : 60_000)
    this.numbers = new NumberShelf(this.#now, owned, () => this.#server.refuse())
    this.#server = new LoopbackService((read) => told(this.#answer(asked(read))), this.#now)
  }

  static async start(options: TelnyxServiceOptions = {}): Promise<TelnyxService> {
    const service = new TelnyxService(options)
    await service.#server.listen()
    return service
  }

  get baseUrl(): string {
    return this.#server.url
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  next(weather: Weather): void {
    this.#weather = weather
    if (typeof weather === 'object' && weather.fault === 'refused') this.#server.refuse()
  }

  /** What the next requests of look-ups meet, one after the other. */
  nextLookup(...weather: Trouble[]): void {
    this.#lookups = weather
  }

  nextHangup(weather: 'error' | 'silence'): void {
    this.#hangup = weather
  }

  nextCheck(weather: 'error' | 'silence'): void {
    this.#check = weather
  }

  calls(): readonly PlacedCall[] {
    return [...this.book.calls.values()].map(({ id, dial }) => ({
      callId: id,
      to: String(dial.to),
      from: String(dial.from),
      ref: decodeState(dial.client_state)?.ref ?? '',
      ringTimeout: Number(dial.timeout_secs) * 1000,
      maxDuration: Number(dial.time_limit_secs) * 1000,
    }))
  }

  asked(): number {
    return this.#asked
  }

  async ring(callId: string): Promise<readonly WebhookRequest[]> {
    return this.life.ring(this.call(callId))
  }

  async answer(callId: string, by: 'person' | 'machine' = 'person'): Promise<readonly WebhookRequest[]> {
    return this.life.answer(this.call(callId), by)
  }

  async end(callId: string, how: Ending): Promise<readonly WebhookRequest[]> {
    return this.life.end(this.call(callId), how, this.#options.cost)
  }

  live(callId: string): boolean {
    return this.call(callId).state !== 'ended'
  }

  hide(callId: string): void {
    this.call(callId).hidden = true
  }

  call(callId: string): Call {
    const call = this.book.calls.get(callId)
    if (!call) throw new Error(`the stand-in has no call ${callId}`)
    return call
  }

  forged(webhook: WebhookRequest, how: Forgery): WebhookRequest {
    const { url, body, headers } = webhook
    const { 'telnyx-signature-ed25519': _, ...unsigned } = headers
    if (how === 'unsigned') return { ...webhook, headers: unsigned }
    if (how === 'changed') return { ...webhook, body: body.replace(/"occurred_at":"\d/, '"occurred_at":"3') }
    if (how === 'old') return signedWebhook(url, body, this.keys.privateKey, this.#now() - 86_400_000)
    return signedWebhook(url, body, signingKeys().privateKey, this.#now())
  }

  async foreign(): Promise<readonly WebhookRequest[]> {
    const url = 'https://calls.example.com/telnyx'
    const event = (event_type: string, payload: object) =>
      this.life.sign(url, { data: { record_type: 'event', event_type, id: 'x', payload } })
    const inbound = { call_control_id: 'v3:inbound', direction: 'incoming', from: '+12025550101', to: '+12025550199' }
    const theirs = Buffer.from('{"campaign":7}').toString('base64')
    return [
      event('call.initiated', inbound),
      event('call.hangup', { ...inbound, client_state: theirs, hangup_cause: 'normal_clearing' }),
      event('message.received', { text: 'hello' }),
      this.life.sign(url, { hello: 'world' }),
    ]
  }

  #answer(request: Asked): Fate {
    const { method, path, headers } = request
    if (method === 'POST' && path === '/v2/calls') return this.#dial(request)
    const call = /^\/v2\/calls\/([^/]+)(?:\/actions\/(\w+))?$/.exec(path)
    const application = path.startsWith('/v2/call_control_applications/')
    if (headers.authorization !== `Bearer ${this.apiKey}`) return unauthorized
    if (path === '/v2/call_events' || (call && call[2] === undefined)) {
      const trouble = take(this.#lookups.shift() ?? 'fair')
      if (trouble) return trouble
    }
    if (call?.[2] === 'hangup') {
      const trouble = take(this.#hangup)
      this.#hangup = 'fair'
      if (trouble) return trouble
    }
    if (application) {
      const trouble = take(this.#check)
      this.#check = 'fair'
      if (trouble) return trouble
    }
    if (path === '/v2/call_events') return paged(this.book.events(request), request.query)
    if (call?.[2] !== undefined) return this.#options.trouble?.() ?? this.#command(call[1] as string, call[2], request)
    if (call) return this.book.status(call[1] as string)
    if (application) return this.#application(path)
    return this.numbers.answer(request) ?? notFound
  }

  #dial({ headers, body = {} }: Asked): Fate {
    this.#asked++
    const told = this.#options.weather?.() ?? 'fair'
    const weather = this.#weather === 'fair' ? told : this.#weather
    this.#weather = 'fair'
    if (headers.authorization !== `Bearer ${this.apiKey}`) return unauthorized
    const placed = () =>
      this.book.dial(body, (call) => {
        this.life.begin(call)
        this.#options.onPlaced?.(call)
      })
    if (weather === 'fair') return placed()
    if (typeof weather === 'string') return REFUSALS[weather]
    if (weather.fault === 'refused') return placed() // It was another connection that was refused.
    if (weather.placed) placed()
    if (weather.fault === 'error') return unexpected
    if (weather.fault === 'nonsense') return { raw: '<html>It works!</html>' }
    return weather.fault
  }

  #command(id: string, action: string, { body = {} }: Asked): Answer {
    return this.book.command(id, action, body, (call, done) => {
      if (done === 'hangup') {
        call.ending = call.state === 'answered' ? 'completed' : 'canceled'
        call.state = 'ended'
        call.endedAt = this.#now()
      }
      this.#options.onCommand?.(call, done)
    })
  }

  #application(path: string): Answer {
    const id = path.split('/').at(-1)
    if (id !== this.book.connectionId) return notFound
    return ok({
      record_type: 'call_control_application',
      id,
      active: true,
      webhook_api_version: '2',
      call_cost_in_webhooks: this.#options.cost !== undefined,
      outbound: { outbound_voice_profile_id: '1293384261075731499' },
    })
  }
}

const REFUSALS: Readonly<Record<Exclude<Weather, object | 'fair'>, Answer>> = {
  contact: refused(422, '10016', 'Phone number must be in +E164 format', 'It must be in E164 format.', '/to'),
  configuration: forbidden('D38', 'Connection has no Outbound Profile assigned'),
  account: unauthorized,
  throttled: tooMany,
}

function take(trouble: Trouble): Fate | undefined {
  const fates = { error: unexpected, silence: 'silence', throttled: tooMany, account: unauthorized } as const
  return trouble === 'fair' ? undefined : fates[trouble]
}
