import type { Attempt, Carrier, CarrierCapabilities, CarrierHost } from '@outdial/core'
import type { Ledger } from '../ledger/ledger.js'
import { Board, decider } from './board.js'
import type { Faults } from './faults.js'
import { hangup } from './hangup.js'
import { lookup } from './lookup.js'
import { carrierSettings, checkFaults, checkOutcomes, type SimulatedCarrierOptions } from './options.js'
import type { DecideOutcome, OutcomeMix } from './outcomes.js'
import { place } from './place.js'

/** A carrier that calls nobody, and its controls. */
export interface SimulatedCarrier<Variables = Record<string, unknown>> extends Carrier<Variables> {
  readonly capabilities: Readonly<CarrierCapabilities>
  /** Gives the carrier somebody to tell of its calls, and a clock. With several engines each call's events go to one of them. */
  connect(host: CarrierHost): () => void
  /** Everything it was asked and did. Empty with the option `ledger: false`. */
  readonly ledger: Ledger
  /** Number of calls that are queued, ringing or talking now. */
  readonly live: number
  /** Changes what comes of calls placed from now on. */
  setOutcomes(outcomes: OutcomeMix | DecideOutcome<Variables>): void
  /** Replaces all faults from now on; `{}` ends every trouble. Live calls are affected in what happens to them next. */
  setFaults(faults: Faults): void
}

/**
 * Makes a simulated carrier. What happens to a call follows from the seed, the number called and the number of the attempt
 * alone, so a run can be repeated, and one policy compared with another on the same people.
 *
 * @example
 * ```ts
 * const carrier = simulatedCarrier({ seed: 7, outcomes: { answered: 1, busy: 1 } })
 * // ... run a campaign over it, then:
 * carrier.ledger.calledTwice({ by: 'attempt' }) // []
 * ```
 */
export function simulatedCarrier<Variables = Record<string, unknown>>(
  options: SimulatedCarrierOptions<Variables> = {},
): SimulatedCarrier<Variables> {
  const settings = carrierSettings(options)
  const board = new Board(settings)
  const { capabilities } = settings
  return {
    capabilities,
    ledger: board.ledger,
    get live() {
      return board.live
    },
    place: (attempt) => place(board, attempt as Attempt),
    ...(capabilities.lookup && { lookup: (call) => lookup(board, call) }),
    ...(capabilities.hangup && { hangup: (call) => hangup(board, call) }),
    connect: (host) => board.hosts.connect(host),
    setOutcomes(outcomes) {
      board.decide = decider(checkOutcomes(outcomes))
    },
    setFaults(faults) {
      board.faults = checkFaults(faults)
    },
  }
}
