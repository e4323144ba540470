import type { Clock, Engine } from '@outdial/core'
import {
  DEFAULT_OUTCOMES,
  type SimulatedCarrier,
  seededIds,
  seededRandom,
  simulatedCarrier,
  virtualClock,
} from '@outdial/simulation'
import { createEngine } from '../../create-engine.js'
import { systemClock } from '../../system-clock.js'
import type { RunOptions } from './options.js'

/** A world in which a campaign can be run without calling anyone. */
export interface Simulation {
  readonly engine: Engine<{ simulated: SimulatedCarrier }>
  readonly clock: Clock
  /** Does what takes real time, such as reading a file, while simulated time stands. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Lets the process end. */
  dispose(): void
}

/**
 * Trouble of the network shows as refusals, before anything is placed: so every call that is counted is one that a
 * contact could have noticed, and nobody gets more of them than `--attempts`.
 */
const OUTCOMES = { ...DEFAULT_OUTCOMES, network_error: 0 }
const REFUSED = { throttled: 0.01, unavailable: 0.01 }

/** Makes engine, carrier and clock; everything left to chance follows from the seed. */
export function simulation({ seed, speed }: Pick<RunOptions, 'seed' | 'speed'>): Simulation {
  const carrier = simulatedCarrier({ seed, outcomes: OUTCOMES, faults: { refuse: REFUSED }, ledger: false })
  const virtual = speed === undefined ? undefined : virtualClock({ speed })
  const clock = virtual ?? systemClock()
  const engine = createEngine({
    carriers: { simulated: carrier },
    clock,
    ids: seededIds(seed),
    random: seededRandom(seed),
  })
  return {
    engine,
    clock,
    during: (work) => (virtual ? virtual.during(work()) : work()),
    dispose: () => virtual?.dispose(),
  }
}
