import type { Attempt, Clock } from '@outdial/core'
import { MemoryLedger } from '../ledger/ledger.js'
import type { Call } from './call.js'
import { randomOf } from './draws.js'
import type { Faults } from './faults.js'
import { Hosts } from './host.js'
import type { CarrierSettings } from './options.js'
import { type CallScript, type DecideOutcome, fromMix, type OutcomeMix, type RefusalScript } from './outcomes.js'
import { Pump } from './pump.js'
import { Throttle } from './throttle.js'

/** The switchboard: everything that the parts of one simulated carrier share. */
export class Board {
  readonly settings: CarrierSettings
  readonly hosts: Hosts
  readonly ledger: MemoryLedger
  /** Where instant calls wait. */
  readonly pump: Pump = new Pump()
  readonly throttle: Throttle | undefined
  /** Calls by ref, live and remembered. */
  readonly calls: Map<string, Call> = new Map()
  /** Number of calls that are live. */
  live = 0
  faults: Faults
  /** Decides what comes of an attempt. */
  decide: (attempt: Attempt, chance: number) => CallScript | RefusalScript
  /** Ended calls in the order of their ends, for forgetting them; `#forgotten` of them are forgotten. */
  #ended: Call[] = []
  #forgotten = 0

  constructor(settings: CarrierSettings) {
    const { cps } = settings.capabilities
    this.settings = settings
    this.hosts = new Hosts(settings.clock, settings.redeliver)
    this.ledger = new MemoryLedger(settings.ledger, settings.onLedger)
    this.throttle = cps === undefined ? undefined : new Throttle(cps, settings.burst)
    this.faults = settings.faults
    this.decide = decider(settings.outcomes)
  }

  get clock(): Clock {
    return this.hosts.clock
  }

  /** Keeps an ended call for as long as it may be asked about. */
  remember(call: Call): void {
    const memory = this.#memory()
    if (memory === Number.POSITIVE_INFINITY) return
    if (memory > 0) this.#ended.push(call)
    else this.forget(call)
  }

  /** Lets go of calls that nobody may ask about any more. */
  forgetOld(now: number): void {
    const oldest = now - this.#memory()
    for (let call = this.#ended[this.#forgotten]; call && call.since < oldest; call = this.#ended[this.#forgotten]) {
      this.forget(call)
      this.#forgotten++
    }
    if (this.#forgotten > 1_000 && this.#forgotten * 2 > this.#ended.length) {
      this.#ended = this.#ended.slice(this.#forgotten)
      this.#forgotten = 0
    }
  }

  forget(call: Call): void {
    const { ref } = call.party
    // A second call of the same ref may have taken its place.
    if (this.calls.get(ref) === call) this.calls.delete(ref)
  }

  /** For how long after its end a call is known, in milliseconds. */
  #memory(): number {
    const { idempotency, lookup } = this.settings.capabilities
    const window =
      idempotency === 'durable' ? Number.POSITIVE_INFINITY : idempotency === 'none' ? 0 : idempotency.window
    return Math.max(window, lookup ? lookup.horizon : 0)
  }
}

/** Makes the function that decides outcomes, from weights or from the host's. */
export function decider(outcomes: OutcomeMix | DecideOutcome): Board['decide'] {
  if (typeof outcomes !== 'function') {
    const pick = fromMix(outcomes)
    return (_attempt, chance) => ({ outcome: pick(chance) })
  }
  return (attempt, chance) => {
    const decided = outcomes(attempt, randomOf(chance))
    return typeof decided === 'string' ? { outcome: decided } : decided
  }
}
