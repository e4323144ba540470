import { contactReader, numberZones } from '@outdial/contacts'
import { type Carriers, Engine, type EngineOptions, type ZoneFinder } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import { systemClock } from './system-clock.js'
import { systemIds, systemRandom } from './system-random.js'

/** What {@link createEngine} takes: everything that has a sensible default may be left out. */
export type CreateEngineOptions<Routes extends Carriers = Carriers> = Partial<Omit<EngineOptions<Routes>, 'zones'>> & {
  /**
   * Knows the time zones of numbers, for contacts that have none of their own. Default: `numberZones()`, by how they begin. `false`: nobody does, and such
   * contacts have the zone of their job. All processes of a store should have the same.
   */
  zones?: ZoneFinder | false | undefined
}

/**
 * Makes an engine from what is given and, for the rest, from this package: memory storage, the machine's clock and
 * randomness, and the contact reader and the zones of numbers of `@outdial/contacts`.
 *
 * Throws `invalid_options`, `storage_mismatch` or `not_durable`; it starts nothing and opens no connection.
 */
export function createEngine<const Routes extends Carriers = Record<never, never>>(
  options: CreateEngineOptions<Routes> = {},
): Engine<Routes> {
  const { zones = numberZones() } = options
  return new Engine<Routes>({
    ...options,
    storage: options.storage ?? memoryStorage(),
    clock: options.clock ?? systemClock(),
    ids: options.ids ?? systemIds(),
    random: options.random ?? systemRandom(),
    contacts: options.contacts ?? contactReader(),
    zones: zones === false ? undefined : zones,
  })
}
