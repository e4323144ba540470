import type { CarrierService, Ending, Forgery, PlacedCall, Weather } from '@outdial/conformance/carriers'
import type { WebhookRequest } from '@outdial/core'
import { getExpectedBodyHash, getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { type Asked, LoopbackService, type Told } from './loopback-service.js'
import { broken, missing, pageOf, refusal, sidOf, throttled, unauthorized } from './twilio-answers.js'
import { formWebhook, type More, TwilioCall } from './twilio-call.js'
import { TwilioNumbersService } from './twilio-numbers.js'
import { checkParameters } from './twilio-parameters.js'

/** Who has the account. */
export interface TwilioServiceOptions {
  /** Numbers of the account, from which can be called. */
  readonly numbers?: readonly string[]
  /** Verified caller ids. */
  readonly verified?: readonly string[]
  /** Applications: their resource, by SID. */
  readonly applications?: Readonly<Record<string, object>>
  /** Its `status`: `active`, `suspended`, `closed`. */
  readonly state?: string
  /** Subaccounts, which the account's own key opens. */
  readonly subaccounts?: readonly string[]
  readonly now?: () => number
  /** Milliseconds after its end until Events show a call. Default a quarter of an hour, as documented; `0`: also before its end. */
  readonly eventsAfter?: number
}

type LookupWeather = Parameters<CarrierService['nextLookup']>[0]

/** How each ending is told, and what SIP said. */
const ENDINGS: Readonly<Record<Ending, readonly [status: string, more: More]>> = {
  completed: ['completed', { SipResponseCode: '200', CallDuration: '60', Duration: '1' }],
  voicemail: ['completed', { SipResponseCode: '200', CallDuration: '60', Duration: '1' }],
  busy: ['busy', { SipResponseCode: '486', CallDuration: '0' }],
  no_answer: ['no-answer', { SipResponseCode: '487', CallDuration: '0' }],
  invalid_number: ['failed', { SipResponseCode: '404', CallDuration: '0' }],
  rejected: ['busy', { SipResponseCode: '603', CallDuration: '0' }],
  network_error: ['failed', { SipResponseCode: '503', CallDuration: '0' }],
  canceled: ['canceled', { SipResponseCode: '487', CallDuration: '0' }],
}

/** Twilio on this machine: answers, calls back and signs as its documentation says, and keeps a ledger. */
export class TwilioService implements CarrierService {
  readonly accountSid: string = sidOf('AC', 1)
  readonly authToken = 'a-token-that-nobody-may-see'
  readonly apiKey: string = sidOf('SK', 1)
  readonly apiKeySecret = 'a-secret-that-nobody-may-see'
  readonly webhookUrl = 'http://127.0.0.1:8/webhooks/twilio?route=twilio'
  readonly numbers: TwilioNumbersService
  readonly now: () => number
  readonly eventsAfter: number
  /** Told of each call that is placed; for whoever has calls go on by themselves. */
  placed: (call: TwilioCall) => void = () => {}
  /** Calls on one page of a list, at most. */
  longestPage = 1000
  /** Told of each request to place a call, before it is answered. */
  before: () => void = () => {}
  readonly #options: TwilioServiceOptions
  readonly #loopback: LoopbackService = new LoopbackService(
    (asked) => this.#answer(asked),
    () => this.now(),
  )
  readonly #calls: TwilioCall[] = []
  readonly #bySid = new Map<string, TwilioCall>()
  readonly #undelivered = new Map<string, WebhookRequest[]>()
  #asked = 0
  #next: Weather = 'fair'
  #nextLookup: LookupWeather = 'fair'
  #nextHangup: 'fair' | 'error' | 'silence' = 'fair'

  private constructor(options: TwilioServiceOptions) {
    this.#options = options
    this.now = options.now ?? Date.now
    this.eventsAfter = options.eventsAfter ?? 15 * 60_000
    this.numbers = new TwilioNumbersService(() => this.#loopback, this.now)
  }

  static async start(options: TwilioServiceOptions = {}): Promise<TwilioService> {
    const service = new TwilioService(options)
    await service.#loopback.listen()
    for (const number of options.numbers ?? []) {
      await service.numbers.add({ account_sid: service.accountSid, phone_number: number })
    }
    return service
  }

  get url(): string {
    return this.#loopback.url
  }

  get secrets(): readonly string[] {
    return [this.authToken, this.apiKeySecret]
  }

  close(): Promise<void> {
    return this.#loopback.close()
  }

  next(weather: Weather): void {
    this.#next = weather
    if (typeof weather === 'object' && weather.fault === 'refused') {
      this.#next = 'fair'
      this.#loopback.refuse()
    }
  }

  nextLookup(weather: LookupWeather): void {
    this.#nextLookup = weather
  }

  nextHangup(weather: 'error' | 'silence'): void {
    this.#nextHangup = weather
  }

  nextCheck(weather: 'error' | 'silence'): void {
    this.numbers.nextCheck(weather)
  }

  calls(): readonly PlacedCall[] {
    return this.#calls.map(({ sid, to, from, ref, parameters }) => ({
      callId: sid,
      to,
      from,
      ref,
      ringTimeout: Number(parameters.get('Timeout')) * 1000,
      maxDuration: Number(parameters.get('TimeLimit')) * 1000,
    }))
  }

  /** What a call was asked for with. */
  parametersOf(callId: string): URLSearchParams {
    return this.call(callId).parameters
  }

  asked(): number {
    return this.#asked
  }

  async ring(callId: string): Promise<readonly WebhookRequest[]> {
    const call = this.call(callId)
    return [...call.goOn('initiated'), ...call.goOn('ringing')]
  }

  async answer(callId: string, by: 'person' | 'machine' = 'person'): Promise<readonly WebhookRequest[]> {
    const call = this.call(callId)
    const answered = call.goOn('in-progress')
    if (!call.detects) return answered
    call.answeredBy = by === 'person' ? 'human' : 'machine_start'
    if (!call.detectsBeside) return answered
    const said = { AnsweredBy: call.answeredBy, MachineDetectionDuration: '2400' }
    return [...answered, ...call.callback('AsyncAmdStatusCallback', said)]
  }

  async end(callId: string, how: Ending): Promise<readonly WebhookRequest[] | undefined> {
    const call = this.call(callId)
    if (!call.live) {
      const waiting = this.#undelivered.get(callId) ?? []
      this.#undelivered.delete(callId)
      return waiting
    }
    if (how === 'voicemail' && !call.detects) return undefined
    const [status, more] = ENDINGS[how]
    if (status === 'completed') {
      call.duration = 60
      if (call.detects) call.answeredBy ??= how === 'voicemail' ? 'machine_start' : 'human'
    }
    const detected = call.detects && !call.detectsBeside && call.answeredBy !== undefined
    return call.goOn(status, { ...more, ...(detected && { AnsweredBy: call.answeredBy as string }) })
  }

  live(callId: string): boolean {
    return this.call(callId).live
  }

  hide(callId: string): void {
    this.call(callId).hidden = true
  }

  forged(webhook: WebhookRequest, how: Forgery): WebhookRequest | undefined {
    const { headers, body, url } = webhook
    const { 'x-twilio-signature': _, ...unsigned } = headers
    const parameters = Object.fromEntries(new URLSearchParams(body))
    switch (how) {
      case 'unsigned':
        return { ...webhook, headers: unsigned }
      case 'other key': {
        const signature = getExpectedTwilioSignature('another token', url, parameters)
        return { ...webhook, headers: { ...unsigned, 'x-twilio-signature': signature } }
      }
      case 'changed':
        return { ...webhook, body: `${body}&CallDuration=9999` }
      default:
        // Signatures have no time in them.
        return undefined
    }
  }

  async foreign(): Promise<readonly WebhookRequest[]> {
    const base = { AccountSid: this.accountSid, CallSid: sidOf('CA', 9999) }
    const json = '{"MessageSid":"SM1","MessageStatus":"sent"}'
    const url = `${this.webhookUrl}&bodySHA256=${getExpectedBodyHash(json)}`
    return [
      formWebhook(this.authToken, this.webhookUrl, { ...base, CallStatus: 'completed', CallDuration: '3' }),
      formWebhook(this.authToken, this.webhookUrl, { AccountSid: this.accountSid, MessageStatus: 'delivered' }),
      {
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'x-twilio-signature': getExpectedTwilioSignature(this.authToken, url, {}),
        },
        body: json,
      },
    ]
  }

  /** Every call, with what became of it. */
  history(): readonly TwilioCall[] {
    return this.#calls
  }

  /** A call by its SID. */
  call(callId: string): TwilioCall {
    const found = this.#bySid.get(callId)
    if (!found) throw new Error(`there is no call ${callId}`)
    return found
  }

  #answer(asked: Asked): Told {
    const match =
      /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})(?:\.json|\/([A-Za-z]+)(?:\/([A-Z]{2}[0-9a-f]{32}))?(\/Events)?\.json)$/i.exec(
        asked.path,
      )
    const [, account = '', resource, sid, events] = match ?? []
    // Who places calls and is refused has been read all the same.
    const places = asked.method === 'POST' && resource === 'Calls' && sid === undefined
    if (places) {
      this.#asked++
      this.before()
    }
    if (!this.#knows(asked, resource)) return unauthorized()
    const known = account === this.accountSid || this.#options.subaccounts?.includes(account)
    if (!known) return missing(asked.path)
    switch (resource) {
      case undefined:
        return this.numbers.checkTrouble() ?? { code: 200, body: this.#account(account) }
      case 'Calls':
        if (places) return this.#place(asked, account)
        return asked.method === 'POST' ? this.#update(asked, sid ?? '') : this.#look(asked, sid, events !== undefined)
      case 'IncomingPhoneNumbers':
        return this.numbers.answer(asked, account, sid)
      case 'OutgoingCallerIds':
        return pageOf(asked, 'outgoing_caller_ids', this.#verified(asked.query.get('PhoneNumber')))
      case 'Applications': {
        const application = this.#options.applications?.[sid ?? '']
        return application ? { code: 200, body: { sid, ...application } } : missing(asked.path)
      }
      default:
        return missing(asked.path)
    }
  }

  #account(sid: string): object {
    return { sid, status: this.#options.state ?? 'active', type: 'Full', friendly_name: 'Example' }
  }

  /** The account's own token opens everything, a standard key everything but accounts. */
  #knows({ headers }: Asked, resource: string | undefined): boolean {
    const [user = '', password = ''] = Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64')
      .toString()
      .split(':')
    if (user === this.accountSid) return password === this.authToken
    return user === this.apiKey && password === this.apiKeySecret && resource !== undefined
  }

  #verified(phone: string | null): object[] {
    return (this.#options.verified ?? [])
      .filter((number) => phone === null || number === phone)
      .map((number, i) => ({ sid: sidOf('PN', 5000 + i), phone_number: number }))
  }

  #place(asked: Asked, account: string): Told {
    const weather = this.#next
    this.#next = 'fair'
    const apply = (): Told => {
      const parameters = new URLSearchParams(asked.body)
      const owned = this.#options.numbers && [...this.#options.numbers, ...(this.#options.verified ?? [])]
      const wrong = checkParameters(parameters, owned)
      if (wrong) return wrong
      const call = new TwilioCall(this.#calls.length + 1, account, parameters, this)
      this.#calls.push(call)
      this.#bySid.set(call.sid, call)
      this.placed(call)
      return { code: 201, body: call.json() }
    }
    if (weather === 'fair') return apply()
    if (weather === 'contact') return refusal(400, 21211, "The 'To' number is not a valid phone number.")
    if (weather === 'configuration') return refusal(400, 21210, "The 'From' phone number is not verified.")
    if (weather === 'account') return refusal(403, 20005, 'Account is not active')
    if (weather === 'throttled') return throttled()
    if (weather.fault === 'refused' || weather.fault === 'nonsense' || weather.placed) apply()
    if (weather.fault === 'error') return broken()
    if (weather.fault === 'nonsense') return { code: 201, body: 'thank you' }
    return weather.fault === 'silence' ? 'silence' : 'reset'
  }

  #update({ path, body }: Asked, sid: string): Told {
    const weather = this.#nextHangup
    this.#nextHangup = 'fair'
    if (weather === 'error') return broken()
    if (weather === 'silence') return 'silence'
    const call = this.#bySid.get(sid)
    if (!call) return missing(path)
    const wanted = new URLSearchParams(body).get('Status')
    if (!call.live) return refusal(400, 21220, 'Call is not in-progress. Cannot redirect.')
    const answered = call.status === 'in-progress'
    // "Canceled" leaves a call alone that has been answered.
    if (wanted === 'canceled' ? !answered : true) {
      if (answered) call.duration = Math.round((this.now() - (call.startedAt ?? this.now())) / 1000)
      const more = answered ? { CallDuration: String(call.duration) } : {}
      const callbacks = call.goOn(wanted ?? '', { SipResponseCode: answered ? '200' : '487', ...more })
      this.#undelivered.set(sid, callbacks)
    }
    return { code: 200, body: call.json() }
  }

  #look(asked: Asked, sid: string | undefined, events: boolean): Told {
    const weather = this.#nextLookup
    this.#nextLookup = 'fair'
    if (weather === 'throttled') return throttled()
    if (weather === 'error') return broken()
    if (weather === 'silence') return 'silence'
    if (weather === 'account') return unauthorized()
    if (sid !== undefined) {
      const call = this.#bySid.get(sid)
      if (!call) return missing(asked.path)
      return events ? pageOf(asked, 'events', call.events()) : { code: 200, body: call.json() }
    }
    const { query } = asked
    const wanted = (name: string, value: string) => (query.get(name) ?? value) === value
    const found = this.#calls.filter(({ hidden, to, from }) => !hidden && wanted('To', to) && wanted('From', from))
    const newestFirst = found.map((call) => call.json()).reverse()
    return pageOf(asked, 'calls', newestFirst, this.longestPage)
  }
}
