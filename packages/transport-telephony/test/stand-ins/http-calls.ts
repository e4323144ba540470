import type { Ending, PlacedCall } from '../../../conformance/src/carriers/harness.js'

/** A call as the protocol asks for it. */
export interface Asked {
  readonly ref: string
  readonly to: string
  readonly from: string
  readonly agent?: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly externalId?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly ringTimeout: number
  readonly maxDuration: number
  readonly webhookUrl?: string
}

/** A call of the stand-in's. */
export interface Call extends PlacedCall {
  readonly asked: Asked
  state: 'queued' | 'ringing' | 'answered' | 'ended'
  since: number
  /** With the end. */
  result?: Readonly<Record<string, unknown>>
}

const RESULTS: Readonly<Record<Ending, Readonly<Record<string, unknown>>>> = {
  completed: { outcome: 'answered', duration: 60_000, cost: 3, raw: { sip: 200, q850: 16 } },
  voicemail: { outcome: 'voicemail', duration: 60_000, cost: 3, raw: { sip: 200, q850: 16 } },
  busy: { outcome: 'busy', raw: { sip: 486, q850: 17 } },
  no_answer: { outcome: 'no_answer', raw: { sip: 480, q850: 19 } },
  // Left to the carrier: a PBX that knows codes and no more.
  invalid_number: { raw: { sip: 404, q850: 1 } },
  rejected: { raw: { sip: 603, q850: 21 } },
  network_error: { raw: { sip: 503, q850: 38 } },
  canceled: { outcome: 'canceled', raw: { sip: 487, q850: 16 } },
}

/** The calls of a service, and its ledger of what it was asked for: the judge of a campaign. */
export class Calls {
  readonly #byRef = new Map<string, Call>()
  readonly #now: () => number
  /** What must never happen, and did. */
  readonly violations: string[] = []
  #made = 0

  constructor(now: () => number) {
    this.#now = now
  }

  all(): readonly Call[] {
    return [...this.#byRef.values()]
  }

  get(ref: string): Call | undefined {
    return this.#byRef.get(ref)
  }

  byId(callId: string): Call {
    const call = this.all().find((one) => one.callId === callId)
    if (!call) throw new Error(`there is no call ${callId}`)
    return call
  }

  /** Places a call; a second request of the same ref gets the first one. */
  place(asked: Asked): { call: Call; replayed: boolean } {
    const { ref, to, from, ringTimeout, maxDuration } = asked
    const known = this.#byRef.get(ref)
    if (known) {
      this.violations.push(`${ref} was asked for twice`)
      return { call: known, replayed: true }
    }
    for (const other of this.#byRef.values()) {
      if (other.to === to && other.state !== 'ended') this.violations.push(`${to} is called while ${other.ref} is live`)
    }
    const call: Call = {
      callId: `call_${++this.#made}`,
      ref,
      to,
      from,
      ringTimeout,
      maxDuration,
      asked,
      state: 'queued',
      since: this.#now(),
    }
    this.#byRef.set(ref, call)
    return { call, replayed: false }
  }

  /** Has a call go on; answers what the service tells of it, `undefined` when it has ended already. */
  move(call: Call, state: 'ringing' | 'answered'): object | undefined {
    if (call.state === 'ended') return undefined
    call.state = state
    call.since = this.#now()
    return eventOf(call)
  }

  end(call: Call, how: Ending): object | undefined {
    if (call.state === 'ended') return undefined
    call.state = 'ended'
    call.since = this.#now()
    call.result = RESULTS[how]
    return eventOf(call)
  }
}

/** What a look-up answers. */
export function viewOf({ ref, callId, state, since, result }: Call): object {
  return { ref, callId, state, at: new Date(since).toISOString(), ...result }
}

/** An event, as it is sent. */
function eventOf({ ref, callId, state, since, result }: Call): object {
  return { type: `call.${state}`, timestamp: new Date(since).toISOString(), data: { ref, callId, ...result } }
}
