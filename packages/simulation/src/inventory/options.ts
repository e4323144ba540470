import { type Clock, OutdialError } from '@outdial/core'
import type { Range } from '../carrier/draws.js'
import { hashSeed } from '../random/hash.js'
import type { InventoryFaults, NumberFields } from './faults.js'

/** How a simulated inventory behaves. All times are milliseconds of its clock. */
export interface SimulatedInventoryOptions {
  /** Everything that is left to chance follows from it. Default: `1`. */
  seed?: number | string
  /** Needed for everything that takes time: `latency`, `lookupLatency`, `lag`, `cps`, `faults.transit`. Give it the engine's. */
  clock?: Clock
  /** What is in it, by organization: numbers, or all fields of one (`phonenumber` at least). Default: nothing. */
  numbers?: Readonly<Record<string, readonly (string | NumberFields)[]>>
  /** How long an answer takes. What was asked for is done somewhere in between. Default: `[0, 0]`. */
  latency?: Range
  /** How long an answer to `find`, `findCreated` or `list` takes. Default: as `latency`. */
  lookupLatency?: Range
  /** How long a new number stays invisible to `find` and `findCreated`. Default: `[0, 0]`. */
  lag?: Range
  /** What it says of `findCreated`. Default: the truth, from `latency`, `lag` and `faults.transit`. Less, and it lies. */
  createVisibility?: number | false
  /** Operations at once, as it says of itself; it takes more. Default: `16`. */
  concurrency?: number
  /** Operations per second above which it answers `throttled`. Default: any number. */
  cps?: number
  /** How many above the even pace of `cps` are let through at once. Default: one second's worth, at least 1. */
  burst?: number
  /** What goes wrong. Default: nothing. */
  faults?: InventoryFaults
}

/** The options, judged and complete. */
export interface InventorySettings {
  seed: number
  clock: Clock | undefined
  latency: Range
  lookupLatency: Range
  lag: Range
  createVisibility: number | false
  concurrency: number
  cps: number | undefined
  burst: number
  faults: InventoryFaults
}

/** Checks the options and fills in defaults. */
export function inventorySettings(options: SimulatedInventoryOptions): InventorySettings {
  const { clock, cps, concurrency = 16, latency = [0, 0], lag = [0, 0], faults = {} } = options
  const { lookupLatency = latency } = options
  if (cps !== undefined && !(cps > 0 && Number.isFinite(cps))) throw invalid('cps', `must be above 0, not ${cps}`)
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw invalid('concurrency', `is a whole number from 1, not ${concurrency}`)
  const burst = options.burst ?? Math.max(1, Math.ceil(cps ?? 1))
  if (!(burst >= 1)) throw invalid('burst', `must be at least 1, not ${burst}`)
  range(latency, 'latency')
  range(lookupLatency, 'lookupLatency')
  range(lag, 'lag')
  checkInventoryFaults(faults, clock)
  const slow = [
    latency[1] > 0 && 'latency',
    lookupLatency[1] > 0 && 'lookupLatency',
    lag[1] > 0 && 'lag',
    cps !== undefined && 'cps',
  ].find(Boolean)
  if (slow && !clock) throw withoutClock(slow)
  const truth = latency[1] + lag[1] + (faults.transit?.[1] ?? 0)
  const { createVisibility = truth } = options
  if (createVisibility !== false && !(createVisibility >= 0 && Number.isFinite(createVisibility))) {
    throw invalid('createVisibility', `is a number of milliseconds or false, not ${String(createVisibility)}`)
  }
  return {
    seed: hashSeed(options.seed ?? 1),
    clock,
    latency,
    lookupLatency,
    lag,
    createVisibility,
    concurrency,
    cps,
    burst,
    faults,
  }
}

/** Throws unless every fault is a probability or a function, and what takes time has a clock. */
export function checkInventoryFaults(faults: InventoryFaults, clock: Clock | undefined): InventoryFaults {
  const { transit, fails = [], ...decisions } = faults
  if (transit) {
    range(transit, 'faults.transit')
    if (!clock) throw withoutClock('faults.transit')
  }
  for (const [name, fault] of Object.entries(decisions)) checkFault(fault, `faults.${name}`)
  for (const [i, { when }] of fails.entries()) checkFault(when, `faults.fails[${i}].when`)
  return faults
}

function checkFault(fault: unknown, field: string): void {
  if (fault === undefined || typeof fault === 'function') return
  if (typeof fault === 'number' && fault >= 0 && fault <= 1) return
  throw invalid(field, `is a probability from 0 to 1 or a function, not ${String(fault)}`)
}

function range([min, max]: Range, field: string): void {
  if (min >= 0 && max >= min && Number.isFinite(max)) return
  throw invalid(field, `is [min, max] in milliseconds, not [${min}, ${max}]`)
}

function withoutClock(field: string): OutdialError {
  return new OutdialError(
    'invalid_options',
    `${field} takes time, so the inventory needs a clock: give it the engine's as \`clock\``,
    {
      field: 'clock',
    },
  )
}

function invalid(field: string, problem: string): OutdialError {
  return new OutdialError('invalid_options', `${field} ${problem}`, { field })
}
