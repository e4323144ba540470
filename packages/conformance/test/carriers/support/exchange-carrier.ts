import {
  type Attempt,
  type CallHandle,
  type Carrier,
  type CarrierEvent,
  type Clock,
  type Lookup,
  type Outcome,
  OutdialError,
  type Placed,
  type Rejection,
  type WebhookRequest,
} from '@outdial/core'
import { type Answer, Broken, type Exchange, type Request, SECRET, signature } from './exchange.js'

const DEADLINE = 5_000
const TOLERANCE = 300_000

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  person: 'answered',
  machine: 'voicemail',
  busy: 'busy',
  no_answer: 'no_answer',
  invalid_number: 'invalid_number',
  rejected: 'rejected',
  network_error: 'network_error',
  canceled: 'canceled',
}

const REASONS: Readonly<Record<number, Rejection>> = {
  400: 'configuration',
  401: 'account',
  402: 'account',
  422: 'contact',
  429: 'throttled',
}

/** What an exchange says of a call. */
interface Said {
  readonly call: string
  readonly tag?: string
  readonly is: CarrierEvent['type']
  readonly at?: number
  readonly cause?: string
  readonly seconds?: number
}

/** How a carrier reaches the exchange. */
export interface Options {
  readonly clock: Clock
  readonly key: string
  /** Requests at once. */
  readonly connections: number
  /** Events come by `connect` instead of webhooks. */
  readonly pushes: boolean
}

/** A carrier for the exchange that keeps every rule. */
export function exchangeCarrier(exchange: Exchange, options: Options): Carrier {
  const { clock, key, pushes } = options
  const line = new Line(exchange, options)

  const lookup = async (call: CallHandle): Promise<Lookup> => {
    const answer = await line.ask({ path: '/lookup', key, body: named(call) })
    if (answer === 'notSent' || answer === 'unknown') return { status: 'cannotTell', message: answer }
    if (answer.code === 404) return { status: 'notFound', asOf: read<{ now: number }>(answer)?.now ?? 0 }
    const said = answer.code === 200 ? read<Said>(answer) : undefined
    if (!said) return { status: 'cannotTell', message: `the exchange answered ${answer.code}` }
    return { status: 'found', event: eventOf(said) }
  }

  return {
    capabilities: {
      idempotency: { window: 60_000 },
      lookup: { visibilityLag: 10_000, horizon: 3_600_000 },
      hangup: true,
      amd: true,
      cps: 10,
    },
    async place(attempt): Promise<Placed> {
      const { to, from, ref, ringTimeout, maxDuration } = attempt
      const body = { to, from, tag: ref, ring: ringTimeout / 1000, longest: maxDuration / 1000 }
      const answer = await line.ask({ path: '/calls', key, body }, attempt)
      if (answer === 'notSent' || answer === 'unknown') return { status: answer }
      const said = read<{ call?: string; error?: string }>(answer)
      if (answer.code === 201 && said?.call) return { status: 'accepted', callId: said.call }
      const reason = REASONS[answer.code]
      if (!reason) return { status: 'unknown', message: `the exchange answered ${answer.code}` }
      const retryAfter = answer.headers['retry-after']
      return {
        status: 'rejected',
        reason,
        ...(said?.error !== undefined && { code: said.error }),
        ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) * 1000 }),
      }
    },
    lookup,
    async hangup(call) {
      const answer = await line.ask({ path: '/hangup', key, body: named(call) })
      if (typeof answer === 'string') return 'refused'
      if (answer.code === 200) return 'done'
      // Of a call without an id it may only not be shown yet.
      if (answer.code === 410 || (answer.code === 404 && call.callId !== undefined)) return 'gone'
      return 'refused'
    },
    needs(agent) {
      if (agent === undefined) return []
      if (agent !== 'greeter') {
        throw new OutdialError('invalid_options', `There is no agent '${agent}'.`, { field: 'agent' })
      }
      return ['name']
    },
    async check(use) {
      const answer = await line.ask({ path: '/check', key })
      if (typeof answer === 'string' || answer.code >= 500) throw new Error('the exchange cannot be asked')
      if (answer.code === 401)
        return [{ field: 'key', message: 'The exchange refuses it. Take the one of the account.' }]
      const { owned } = read<{ owned: string[] }>(answer) ?? { owned: [] }
      const strange = use?.from.filter((from) => !owned.includes(from)) ?? []
      return strange.map((from) => ({ field: 'from', message: `${from} is not a number of this account.` }))
    },
    ...(pushes
      ? {
          connect: ({ emit }) => {
            const told = (said: CarrierEvent) => {
              const { tag = '', ...rest } = said as unknown as Said
              emit({ ref: tag, ...eventOf(rest) })
            }
            return exchange.line(told)
          },
        }
      : { parseWebhook: async (request) => parseWebhook(request, clock) }),
  }
}

async function parseWebhook({ headers, body }: WebhookRequest, clock: Clock): Promise<CarrierEvent[]> {
  const { 'x-time': time = '', 'x-signature': given = '' } = headers
  if (given !== signature(SECRET, time, body)) throw new OutdialError('webhook_forged', 'The signature does not hold.')
  if (!(Math.abs(clock.now() - Number(time)) <= TOLERANCE)) throw new OutdialError('webhook_forged', 'It is too old.')
  const { tag, ...said } = JSON.parse(body) as Said
  return tag === undefined ? [] : [{ ref: tag, ...eventOf(said) }]
}

function eventOf({ call, is, at, cause, seconds }: Said): Omit<CarrierEvent, 'ref'> {
  const event = { type: is, callId: call, ...(at !== undefined && { at }) }
  if (is !== 'ended' || cause === undefined) return event
  return { ...event, outcome: OUTCOMES[cause] ?? 'failed', duration: (seconds ?? 0) * 1000, raw: { cause } }
}

function named({ callId, ref }: CallHandle): Record<string, string> {
  return callId === undefined ? { tag: ref } : { call: callId }
}

function read<T>({ body }: Answer): T | undefined {
  try {
    return JSON.parse(body) as T
  } catch {
    return undefined
  }
}

/** So many connections to the exchange, each for one request at a time. */
class Line {
  readonly #exchange: Exchange
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(exchange: Exchange, { clock, connections }: Options) {
    this.#exchange = exchange
    this.#clock = clock
    this.#free = connections
  }

  async ask(request: Request, attempt?: Attempt): Promise<Answer | 'notSent' | 'unknown'> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free--
    try {
      if (attempt && !attempt.startable()) return 'notSent'
      return await this.#within(this.#exchange.request(request))
    } catch (error) {
      return error instanceof Broken && error.how === 'refused' ? 'notSent' : 'unknown'
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }

  #within(answer: Promise<Answer>): Promise<Answer | 'unknown'> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => resolve('unknown'), DEADLINE)
      answer.then(resolve, reject).finally(() => this.#clock.clearTimeout(timer))
    })
  }
}
