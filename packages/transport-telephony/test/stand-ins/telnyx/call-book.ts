import { randomUUID } from 'node:crypto'
import type { Ending } from '../../../../conformance/src/carriers/harness.js'
import { type Answer, dialsPerSecond, forbidden, notFound, ok, refused } from './answers.js'
import type { Asked } from './asked.js'

/** A call as the stand-in keeps it. */
export interface Call {
  readonly id: string
  readonly leg: string
  readonly session: string
  readonly dial: Readonly<Record<string, unknown>>
  readonly placedAt: number
  clientState: string | undefined
  state: 'placed' | 'ringing' | 'answered' | 'ended'
  answeredAt?: number
  endedAt?: number
  /** What its end was, once it has one. */
  ending?: Ending
  /** Commands that were obeyed, in order. */
  readonly commands: { readonly action: string; readonly body: Readonly<Record<string, unknown>> }[]
  /** Its events are not in the list yet. */
  hidden: boolean
}

interface Recorded {
  readonly call: Call
  readonly entry: Readonly<Record<string, unknown>>
}

/** For how long a command id is remembered, and a call after its end. */
const COMMANDS = 60_000
const CALLS = 600_000
const DAY = 86_400_000

/** The calls of one account, and what happened to them: the ledger. */
export class CallBook {
  readonly connectionId = '1684641123236054244'
  /** Caller ids that the account may use. */
  readonly owned: ReadonlySet<string>
  readonly calls: Map<string, Call> = new Map()
  readonly #now: () => number
  readonly #events: Recorded[] = []
  readonly #commands: Map<string, { at: number; answer: Answer }> = new Map()
  readonly #dials: number[] = []
  readonly #dps: number

  constructor(now: () => number, owned: readonly string[], dps: number) {
    this.#now = now
    this.owned = new Set(owned)
    this.#dps = dps
  }

  /** POST /v2/calls. A command id that was heard within the minute is answered as it was, and nothing is placed. */
  dial(body: Readonly<Record<string, unknown>>, placed: (call: Call) => void): Answer {
    const { to, from, connection_id: connection, timeout_secs: timeout, command_id: command } = body
    const known = this.#commands.get(String(command))
    if (known && this.#now() - known.at < COMMANDS) return known.answer
    if (connection !== this.connectionId) {
      const title = 'Invalid value for connection_id (Call Control App ID)'
      return refused(422, '10015', title, 'It is either invalid or does not exist.', '/connection_id')
    }
    if (!isE164(to)) return refused(422, '10016', 'Phone number must be in +E164 format', undefined, '/to')
    if (!isE164(from)) return refused(422, '10016', 'Phone number must be in +E164 format', undefined, '/from')
    if (!this.owned.has(from)) return forbidden('D36', 'Caller Origination Number is not verified')
    if (typeof timeout === 'number' && (timeout < 5 || timeout > 600))
      return refused(422, '10033', 'Value outside of range', 'It is outside of 5 to 600', '/timeout_secs')
    if (!this.#withinPace()) return dialsPerSecond
    const call: Call = {
      id: `v3:${randomUUID().replaceAll('-', '')}`,
      leg: randomUUID(),
      session: randomUUID(),
      dial: body,
      placedAt: this.#now(),
      clientState: body.client_state as string | undefined,
      state: 'placed',
      commands: [],
      hidden: false,
    }
    this.calls.set(call.id, call)
    const answer = ok({ record_type: 'call', ...ids(call), is_alive: false, client_state: call.clientState })
    this.#commands.set(String(command), { at: this.#now(), answer })
    this.record(call, 'command', 'dial', body)
    placed(call)
    return answer
  }

  /** Thirty a second by default, counted over five. */
  #withinPace(): boolean {
    const now = this.#now()
    while (this.#dials[0] !== undefined && this.#dials[0] <= now - 5_000) this.#dials.shift()
    if (this.#dials.length >= this.#dps * 5) return false
    this.#dials.push(now)
    return true
  }

  /** GET /v2/calls/{id}. */
  status(id: string): Answer {
    const call = this.calls.get(id)
    if (!call || (call.endedAt !== undefined && this.#now() - call.endedAt > CALLS)) return notFound
    return ok({
      record_type: 'call',
      ...ids(call),
      is_alive: call.state === 'ringing' || call.state === 'answered',
      client_state: call.clientState,
      start_time: iso(call.placedAt),
      ...(call.endedAt !== undefined && { end_time: iso(call.endedAt) }),
    })
  }

  /** POST /v2/calls/{id}/actions/{action}. `obeyed` is told of commands that are new. */
  command(
    id: string,
    action: string,
    body: Readonly<Record<string, unknown>>,
    obeyed: (call: Call, action: string) => void,
  ): Answer {
    const call = this.calls.get(id)
    if (!call) return refused(422, '90015', 'Invalid Call Control ID', 'It was not valid.', '/call_control_id')
    const key = `${id} ${String(body.command_id)}`
    const known = body.command_id === undefined ? undefined : this.#commands.get(key)
    if (known && this.#now() - known.at < COMMANDS) return known.answer
    if (call.state === 'ended') {
      const detail = "This call is no longer active and can't receive commands."
      return refused(422, '90018', 'Call has already ended', detail)
    }
    if (action === 'speak' && call.state !== 'answered') {
      const detail = "This call can't receive this command because it has not been answered yet."
      return refused(422, '90034', 'Call not answered yet', detail)
    }
    if (typeof body.client_state === 'string') call.clientState = body.client_state
    const answer = ok({ result: 'ok' })
    this.#commands.set(key, { at: this.#now(), answer })
    call.commands.push({ action, body })
    this.record(call, 'command', action, body)
    obeyed(call, action)
    return answer
  }

  /** GET /v2/call_events. */
  events({ query }: Asked): readonly unknown[] {
    const wanted = (name: string) => query.get(`filter[${name}]`)
    const [leg, to, from, connection] = ['leg_id', 'to', 'from', 'connection_id'].map(wanted)
    const since = Date.parse(wanted('occurred_at][gte') ?? '')
    const oldest = leg === null ? this.#now() - DAY : 0
    return this.#events
      .filter(({ call, entry }) => {
        const at = Date.parse(String(entry.event_timestamp))
        return (
          !call.hidden &&
          (leg === null || call.leg === leg) &&
          (to === null || call.dial.to === to) &&
          (from === null || call.dial.from === from) &&
          (connection === null || call.dial.connection_id === connection) &&
          at >= oldest &&
          (Number.isNaN(since) || at >= since)
        )
      })
      .map(({ entry }) => entry)
  }

  /** Writes down what the list of events shows. */
  record(call: Call, type: 'command' | 'webhook', name: string, metadata: unknown, at: number = this.#now()): void {
    const entry = {
      record_type: 'call_event',
      type,
      name,
      call_leg_id: call.leg,
      call_session_id: call.session,
      event_timestamp: iso(at),
      metadata,
    }
    this.#events.push({ call, entry })
  }
}

export function ids({ id, leg, session }: Call): Record<string, string> {
  return { call_control_id: id, call_leg_id: leg, call_session_id: session }
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}

function isE164(value: unknown): value is string {
  return typeof value === 'string' && /^\+[1-9]\d{6,14}$/.test(value)
}
