import { seededIds, seededRandom, type VirtualClock, virtualClock } from '../../../../simulation/src/index.js'
import { memoryStorage } from '../../../../storage-memory/src/index.js'
import { Host } from '../../../src/engine/host.js'
import { Emitter } from '../../../src/events/emitter.js'
import type { EngineEvents, Storage } from '../../../src/index.js'

/** A part of an engine with nothing around it: a clock moved by hand, a store of which some methods do something else. */
export interface Bench {
  readonly clock: VirtualClock
  readonly host: Host
  /** What was told of trouble with the store. */
  readonly failures: EngineEvents['storage.failed'][]
  /** What was told of trouble of the engine's own. */
  readonly mistakes: unknown[]
  /** Milliseconds since the bench was made. */
  readonly now: () => number
}

export function bench(methods: Partial<Storage> = {}): Bench {
  const clock = virtualClock()
  const events = new Emitter()
  const failures: Bench['failures'] = []
  events.on('storage.failed', (failure) => void failures.push(failure))
  const mistakes: unknown[] = []
  events.on('engine.failed', ({ error }) => void mistakes.push(error))
  const storage = { ...memoryStorage(), ...methods }
  const host = new Host({ storage, clock, ids: seededIds('1'), random: seededRandom('1'), events })
  return { clock, host, failures, mistakes, now: () => clock.now() - clock.start }
}
