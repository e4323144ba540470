import { contactReader } from '@outdial/contacts'
import { type Carriers, Engine, type EngineOptions } from '@outdial/core'
import { memoryStorage } from '@outdial/storage-memory'
import { systemClock } from './system-clock.js'
import { systemIds, systemRandom } from './system-random.js'

/** What {@link createEngine} takes: everything that has a sensible default may be left out. */
export type CreateEngineOptions<Routes extends Carriers = Carriers> = Partial<EngineOptions<Routes>>

/**
 * Makes an engine from what is given and, for the rest, from this package: memory storage, the machine's clock and
 * randomness, and the contact reader of `@outdial/contacts`.
 *
 * Throws `invalid_options`, `storage_mismatch` or `not_durable`; it starts nothing and opens no connection.
 */
export function createEngine<const Routes extends Carriers = Record<never, never>>(
  options: CreateEngineOptions<Routes> = {},
): Engine<Routes> {
  return new Engine<Routes>({
    ...options,
    storage: options.storage ?? memoryStorage(),
    clock: options.clock ?? systemClock(),
    ids: options.ids ?? systemIds(),
    random: options.random ?? systemRandom(),
    contacts: options.contacts ?? contactReader(),
  })
}
