import { type CarrierCapabilities, type Clock, OutdialError } from '@outdial/core'
import type { LedgerEntry } from '../ledger/entry.js'
import { hashSeed } from '../random/hash.js'
import type { Range } from './draws.js'
import type { Faults } from './faults.js'
import { COURSES, DEFAULT_OUTCOMES, type DecideOutcome, isReportable, type OutcomeMix } from './outcomes.js'

/** How a simulated carrier behaves. All times are milliseconds of its clock. */
export interface SimulatedCarrierOptions<Variables = Record<string, unknown>> {
  /** Everything that is left to chance follows from it. Default: `1`. */
  seed?: number | string
  /** Default: the clock of the engine that connects. Without either, `place` rejects with `invalid_options`. */
  clock?: Clock
  /**
   * What it says of itself, and keeps to. Default: `{ idempotency: 'none', lookup: { visibilityLag: 2_000, horizon:
   * 86_400_000 }, hangup: true, amd: true }`: about the worst that real carriers offer, no limit of calls per second.
   */
  capabilities?: Partial<CarrierCapabilities>
  /** What comes of calls: weights, or a function that decides for each. Default: {@link DEFAULT_OUTCOMES}. */
  outcomes?: OutcomeMix | DecideOutcome<Variables>
  /** From accepting a call to the first ring, or to its end when the number is dead. Default: `[300, 2_000]`. */
  setup?: Range
  /** How long it rings before somebody reacts. Nobody reacting is up to the attempt's `ringTimeout`. Default: `[2_000, 18_000]`. */
  ring?: Range
  /** How long is talked, with a person or onto a machine. Default: `[15_000, 180_000]`. */
  talk?: Range
  /** Price of each started minute of talk, in the currency unit of the account (cents, say). Default: `2`. */
  costPerMinute?: number
  /** How long a request waits for a connection before it is written; `startable` is asked after that. Default: `[0, 0]`. */
  sendDelay?: Range
  /** How long the answer to `place` takes after the request was written. Default: `[0, 0]`. */
  replyDelay?: Range
  /**
   * Calls above `capabilities.cps` are accepted and wait at the carrier, as at Twilio, instead of being refused as
   * `throttled`. Default: `false`.
   */
  queue?: boolean
  /** How many calls above the even pace of `cps` are let through at once. Default: one second's worth, at least 1. */
  burst?: number
  /**
   * Calls take no time and no timers: `place` accepts, and all events of the call follow a few microtasks later, with the
   * durations and costs that they would have had. For measuring engines. Default: `false`.
   */
  instant?: boolean
  /** What goes wrong. Default: nothing. */
  faults?: Faults
  /** Whether events that happen while no engine is connected are kept for the next one, as webhooks are repeated. Default: `true`. */
  redeliver?: boolean
  /** Whether the ledger is kept in memory: some 250 bytes a call. Default: `true`. */
  ledger?: boolean
  /** Hears each entry of the ledger before the carrier goes on, kept or not: for writing it to a file. What it throws, `place` rejects with. */
  onLedger?: (entry: LedgerEntry) => void
}

/** The options, judged and complete. */
export interface CarrierSettings {
  seed: number
  clock: Clock | undefined
  capabilities: CarrierCapabilities
  outcomes: OutcomeMix | DecideOutcome
  setup: Range
  ring: Range
  talk: Range
  costPerMinute: number
  sendDelay: Range
  replyDelay: Range
  queue: boolean
  burst: number
  instant: boolean
  faults: Faults
  redeliver: boolean
  ledger: boolean
  onLedger: ((entry: LedgerEntry) => void) | undefined
}

/** What a simulated carrier says of itself unless told otherwise. */
export const DEFAULT_CAPABILITIES: Readonly<CarrierCapabilities> = {
  idempotency: 'none',
  lookup: { visibilityLag: 2_000, horizon: 86_400_000 },
  hangup: true,
  amd: true,
}

/** Checks the options and fills in defaults. */
export function carrierSettings<Variables>(options: SimulatedCarrierOptions<Variables>): CarrierSettings {
  const capabilities = { ...DEFAULT_CAPABILITIES, ...options.capabilities }
  const { cps, maxDuration } = capabilities
  if (cps !== undefined) positive(cps, 'capabilities.cps')
  if (maxDuration !== undefined) positive(maxDuration, 'capabilities.maxDuration')
  const burst = options.burst ?? Math.max(1, Math.ceil(cps ?? 1))
  if (!(burst >= 1)) throw invalid('burst', `must be at least 1, not ${burst}`)
  const costPerMinute = options.costPerMinute ?? 2
  if (!(costPerMinute >= 0)) throw invalid('costPerMinute', `must not be negative, as ${costPerMinute} is`)
  return {
    seed: hashSeed(options.seed ?? 1),
    clock: options.clock,
    capabilities,
    outcomes: checkOutcomes(options.outcomes ?? DEFAULT_OUTCOMES),
    setup: range(options.setup ?? [300, 2_000], 'setup'),
    ring: range(options.ring ?? [2_000, 18_000], 'ring'),
    talk: range(options.talk ?? [15_000, 180_000], 'talk'),
    costPerMinute,
    sendDelay: range(options.sendDelay ?? [0, 0], 'sendDelay'),
    replyDelay: range(options.replyDelay ?? [0, 0], 'replyDelay'),
    queue: options.queue ?? false,
    burst,
    instant: options.instant ?? false,
    faults: checkFaults(options.faults ?? {}),
    redeliver: options.redeliver ?? true,
    ledger: options.ledger ?? true,
    onLedger: options.onLedger,
  }
}

/**
 * Throws unless weights are known outcomes with numbers from 0 of which one is above. Inside the carrier variables are of
 * no certain type: only the host's function looks at them.
 */
export function checkOutcomes<Variables>(outcomes: OutcomeMix | DecideOutcome<Variables>): OutcomeMix | DecideOutcome {
  if (typeof outcomes === 'function') return outcomes as DecideOutcome<never> as DecideOutcome
  let sum = 0
  for (const [outcome, weight] of Object.entries(outcomes)) {
    const field = `outcomes.${outcome}`
    if (!isReportable(outcome))
      throw invalid(field, `no carrier reports it; there are ${Object.keys(COURSES).join(', ')}`)
    if (typeof weight !== 'number' || !(weight >= 0))
      throw invalid(field, `is a weight from 0 on, not ${String(weight)}`)
    sum += weight
  }
  if (!(sum > 0 && Number.isFinite(sum))) throw invalid('outcomes', 'must have a weight above 0')
  return outcomes
}

/** Throws unless every fault is a probability or a function, and every range a range. */
export function checkFaults(faults: Faults): Faults {
  const { transit, lookupLag, eventsLate, ...decisions } = faults
  if (transit) range(transit, 'faults.transit')
  if (lookupLag) range(lookupLag, 'faults.lookupLag')
  if (eventsLate) {
    range(eventsLate.by, 'faults.eventsLate.by')
    checkFault(eventsLate.only, 'faults.eventsLate.only')
  }
  for (const [name, fault] of Object.entries(decisions)) checkFault(fault, `faults.${name}`)
  return faults
}

function checkFault(fault: unknown, field: string): void {
  if (fault === undefined || typeof fault === 'function') return
  if (typeof fault === 'object' && fault !== null) {
    for (const [name, own] of Object.entries(fault)) checkFault(own, `${field}.${name}`)
  } else if (typeof fault !== 'number' || !(fault >= 0 && fault <= 1)) {
    throw invalid(field, `is a probability from 0 to 1 or a function, not ${String(fault)}`)
  }
}

function range(value: Range, field: string): Range {
  const [min, max] = value
  if (min >= 0 && max >= min && Number.isFinite(max)) return value
  throw invalid(field, `is [min, max] in milliseconds, not [${String(value)}]`)
}

function positive(value: number, field: string): void {
  if (!(value > 0 && Number.isFinite(value))) throw invalid(field, `must be above 0, not ${value}`)
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field} ${problem}`, { field })
}
