import type { WebhookRequest } from '@outdial/core'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { rfc2822, sidOf } from './twilio-answers.js'

/** The status callbacks that there are. */
const EVENTS = { initiated: 'initiated', ringing: 'ringing', 'in-progress': 'answered' } as const

/** What a callback has beside what all have. */
export type More = Readonly<Record<string, string>>

/** What a call has to know of its service. */
export interface House {
  readonly authToken: string
  readonly now: () => number
  readonly eventsAfter: number
}

/** A call as the service has it: its record, its callbacks, and what its Events show. */
export class TwilioCall {
  readonly sid: string
  readonly account: string
  readonly parameters: URLSearchParams
  readonly createdAt: number
  readonly #house: House
  readonly #events: object[] = []
  status = 'queued'
  hidden = false
  startedAt: number | undefined
  endedAt: number | undefined
  duration: number | undefined
  answeredBy: string | undefined
  #sequence = 0

  constructor(n: number, account: string, parameters: URLSearchParams, house: House) {
    this.sid = sidOf('CA', n)
    this.account = account
    this.parameters = parameters
    this.createdAt = house.now()
    this.#house = house
    this.#log(`https://api.twilio.com/2010-04-01/Accounts/${account}/Calls/${this.sid}.json`, parameters)
  }

  get to(): string {
    return this.parameters.get('To') ?? ''
  }

  get from(): string {
    return this.parameters.get('From') ?? ''
  }

  get live(): boolean {
    return this.endedAt === undefined
  }

  /** What the carrier gave along, read as a server would that is called back. */
  get ref(): string {
    return new URL(this.parameters.get('StatusCallback') ?? '').searchParams.get('outdial_ref') ?? ''
  }

  /** Whether the end, or what comes before it, tells who answered. */
  get detects(): boolean {
    return this.parameters.has('MachineDetection')
  }

  get detectsBeside(): boolean {
    return this.detects && this.parameters.get('AsyncAmd') === 'true'
  }

  /** The Call resource. */
  json(): object {
    const date = (ms: number | undefined) => (ms === undefined ? null : rfc2822(ms))
    return {
      sid: this.sid,
      account_sid: this.account,
      to: this.to,
      from: this.from,
      status: this.status === 'initiated' ? 'queued' : this.status,
      direction: 'outbound-api',
      date_created: rfc2822(this.createdAt),
      date_updated: rfc2822(this.endedAt ?? this.startedAt ?? this.createdAt),
      start_time: date(this.startedAt),
      end_time: date(this.endedAt),
      duration: this.duration === undefined ? null : String(this.duration),
      price: this.status === 'completed' ? '-0.01400' : null,
      price_unit: 'USD',
      answered_by: this.answeredBy ?? null,
      api_version: '2010-04-01',
      queue_time: '0',
      uri: `/2010-04-01/Accounts/${this.account}/Calls/${this.sid}.json`,
    }
  }

  /** What its Events show: nothing before a quarter of an hour after its end. */
  events(): readonly object[] {
    const { eventsAfter, now } = this.#house
    const visible = eventsAfter === 0 || (this.endedAt !== undefined && now() >= this.endedAt + eventsAfter)
    return visible ? this.#events : []
  }

  /** Takes it to a state, and makes the callback, if one was asked for. */
  goOn(status: string, more: More = {}): WebhookRequest[] {
    this.status = status
    const event: string = EVENTS[status as keyof typeof EVENTS] ?? 'completed'
    if (event === 'completed') this.endedAt = this.#house.now()
    else if (status !== 'initiated') this.startedAt ??= this.#house.now()
    const wanted = this.parameters.getAll('StatusCallbackEvent')
    if (!(wanted.length === 0 ? ['completed'] : wanted).includes(event)) return []
    const parameters = {
      CallStatus: status,
      Timestamp: rfc2822(this.#house.now()),
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(this.#sequence++),
      ...more,
    }
    return this.callback('StatusCallback', parameters)
  }

  /** A request to one of the addresses that came with the call. */
  callback(name: 'StatusCallback' | 'AsyncAmdStatusCallback', more: More): WebhookRequest[] {
    // A fragment says how Twilio shall connect, and is not sent.
    const [url = ''] = (this.parameters.get(name) ?? '').split('#', 1)
    if (url === '') return []
    const parameters: Record<string, string> = {
      AccountSid: this.account,
      ApiVersion: '2010-04-01',
      CallSid: this.sid,
      Called: this.to,
      Caller: this.from,
      Direction: 'outbound-api',
      From: this.from,
      To: this.to,
      ...more,
    }
    this.#log(url, new URLSearchParams(parameters))
    return [formWebhook(this.#house.authToken, url, parameters)]
  }

  #log(url: string, parameters: URLSearchParams): void {
    const snake = (name: string) => name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase()
    const shown = [...parameters].map(([name, value]) => [snake(name), value])
    this.#events.push({ request: { method: 'POST', url, parameters: Object.fromEntries(shown) }, response: null })
  }
}

/** A form as Twilio posts and signs it. */
export function formWebhook(
  authToken: string,
  url: string,
  parameters: Readonly<Record<string, string>>,
): WebhookRequest {
  return {
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': getExpectedTwilioSignature(authToken, url, parameters),
      'i-twilio-idempotency-token': `${parameters.CallSid}-${parameters.SequenceNumber ?? ''}`,
      'user-agent': 'TwilioProxy/1.1',
    },
    body: new URLSearchParams(parameters).toString(),
  }
}
