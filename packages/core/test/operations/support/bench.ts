import {
  type SimulatedInventory,
  type SimulatedInventoryOptions,
  seededIds,
  seededRandom,
  simulatedInventory,
  type VirtualClock,
  virtualClock,
} from '../../../../simulation/src/index.js'
import { memoryStorage } from '../../../../storage-memory/src/index.js'
import type { EngineEvent, EngineEvents, Storage } from '../../../src/index.js'
import { Engine, type EngineOptions } from '../../../src/index.js'

/** The world that engines come and go in: time, the store and the inventory survive them. */
export interface World {
  readonly clock: VirtualClock
  readonly storage: Storage
  readonly inventory: SimulatedInventory
  /** A new worker. */
  engine(options?: Partial<EngineOptions>): Engine
  /** Resolves after so much virtual time. */
  wait(ms: number): Promise<void>
}

/** A world whose clock jumps to whatever comes next. */
export function world(options: SimulatedInventoryOptions = {}, storage: Storage = memoryStorage()): World {
  const clock = virtualClock({ autoAdvance: true })
  const inventory = simulatedInventory({ clock, ...options })
  let workers = 0
  return {
    clock,
    storage,
    inventory,
    engine(changes = {}) {
      const seed = `worker ${++workers}`
      return new Engine({
        storage,
        resources: [inventory],
        clock,
        ids: seededIds(seed),
        random: seededRandom(seed),
        // No campaigns here.
        contacts: { read: () => Promise.reject() as never, phone: () => ({ code: 'none', message: 'none' }) },
        ...changes,
      })
    },
    wait: (ms) => new Promise((resolve) => clock.setTimeout(resolve, ms)),
  }
}

/** Everything an engine says of some kinds, in order. */
export function heard<Name extends EngineEvent>(engine: Engine, ...names: Name[]) {
  const events: { [Each in Name]: { name: Each } & EngineEvents[Each] }[Name][] = []
  for (const name of names) engine.on(name, (payload) => void events.push({ name, ...payload } as never))
  return events
}

/** What an inventory was asked to change and what came of it, by kind: searches are left out. */
export function changes(inventory: SimulatedInventory): Record<string, number> {
  const { found: _, notFound: __, ...rest } = inventory.ledger.counts() as Record<string, number>
  return rest
}

/** Numbers reserved for fiction. */
const phone = (index: number): string =>
  `+1${900 + Math.floor(index / 100)}55501${String(index % 100).padStart(2, '0')}`
export const phones = (count: number): string[] => Array.from({ length: count }, (_, i) => phone(i))

/** All of an async iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
