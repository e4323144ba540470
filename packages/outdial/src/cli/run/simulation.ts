import type { Clock, Engine, LedgerSink, RateSheet, Storage } from '@outdial/core'
import {
  DEFAULT_OUTCOMES,
  type SimulatedCarrier,
  seededIds,
  seededRandom,
  simulatedCarrier,
  type VirtualClock,
  virtualClock,
} from '@outdial/simulation'
import { createEngine } from '../../create-engine.js'
import { ledgerFile } from '../../ledger/ledger-file.js'
import { systemClock } from '../../system-clock.js'
import type { Kept } from './kept.js'
import type { RunOptions } from './options.js'

/** A world in which a campaign can be run without calling anyone. */
export interface Simulation {
  readonly engine: Engine<{ simulated: SimulatedCarrier }>
  readonly clock: Clock
  /** Does what takes real time, such as reading a file, while simulated time stands. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Lets the process end. */
  dispose(): Promise<void>
}

/**
 * Trouble of the network shows as refusals, before anything is placed: so every call that is counted is one that a
 * contact could have noticed, and nobody gets more of them than `--attempts`.
 */
const OUTCOMES = { ...DEFAULT_OUTCOMES, network_error: 0 }
const REFUSED = { throttled: 0.01, unavailable: 0.01 }

/**
 * Makes engine, carrier and clock; everything left to chance follows from the seed. Over a store that was there before,
 * ids are drawn anew: a process that comes after another must not be taken for it.
 */
export function simulation(
  { seed, speed, ledger }: Pick<RunOptions, 'seed' | 'speed' | 'ledger'>,
  kept?: Kept,
  rates?: RateSheet,
): Simulation {
  const carrier = simulatedCarrier({
    seed,
    outcomes: OUTCOMES,
    faults: { refuse: REFUSED },
    ledger: false,
    // It knows nothing of what another process has dialed, so it must not answer for it.
    ...(kept && { capabilities: { lookup: false } }),
  })
  const virtual = speed === undefined ? undefined : clockAt(speed, kept?.time ?? 0)
  const clock = virtual ?? systemClock()
  const file = ledger === undefined ? undefined : ledgerFile(ledger)
  const engine = createEngine({
    carriers: { simulated: carrier },
    clock,
    ...(rates && { rates: { simulated: rates } }),
    ...(file && { ledger: virtual ? timelessSink(file, virtual) : file }),
    ...(kept
      ? { storage: virtual ? timeless(kept.storage, virtual) : kept.storage }
      : { ids: seededIds(seed), random: seededRandom(seed) }),
  })
  return {
    engine,
    clock,
    during: (work) => (virtual ? virtual.during(work()) : work()),
    dispose: async () => {
      virtual?.dispose()
      await file?.close()
    },
  }
}

function clockAt(speed: number, time: number): VirtualClock {
  const clock = virtualClock({ speed })
  if (clock.start >= time) return clock
  clock.dispose()
  return virtualClock({ speed, start: time })
}

/** A ledger likewise: else a campaign as fast as it can be would be over before the first line is on disk. */
function timelessSink(file: LedgerSink, clock: VirtualClock): LedgerSink {
  return { append: (entries) => clock.during(file.append(entries)) }
}

/** A store whose disk takes no simulated time: else calls would ring out while one is being written down. */
function timeless(storage: Storage, clock: VirtualClock): Storage {
  return new Proxy(storage, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args)
      return name === 'waitForWork' ? call : (...args: unknown[]) => clock.during(Promise.resolve(call(...args)))
    },
  })
}
