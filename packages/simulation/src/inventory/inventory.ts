import { OutdialError, type Resource, type ResourceBackend } from '@outdial/core'
import type { InventoryFaults, NumberFields } from './faults.js'
import type { InventoryLedger } from './inventory-ledger.js'
import { checkInventoryFaults, inventorySettings, type SimulatedInventoryOptions } from './options.js'
import { Premises } from './premises.js'
import { send } from './request.js'
import { listing, search } from './search.js'
import { resourceOf } from './shelf.js'

/** An inventory of phone numbers that nobody owns, and its controls. */
export interface SimulatedInventory extends ResourceBackend {
  readonly type: 'phonenumber'
  list(organization: string): AsyncIterable<Resource>
  /** Everything it was asked and did. */
  readonly ledger: InventoryLedger
  /** Operations under way now, and the most that ever were. */
  readonly open: number
  readonly mostOpen: number
  /** What an organization has, in the order in which it came: the truth, visible to `find` or not. */
  numbers(organization?: string): Resource[]
  /** Puts a number there, as if it always had been. */
  add(organization: string, number: string | NumberFields): Resource
  /** Replaces all faults from now on; `{}` ends every trouble. */
  setFaults(faults: InventoryFaults): void
}

/**
 * Makes a back end for phone numbers in memory: they have a `phonenumber` (E.164), an `id`, `tags`, a
 * `deletion_lock_enabled` that makes deletions fail, and whatever else is set on them (`connection_id`,
 * `customer_reference`, ...). `hd_voice_enabled` cannot be set on one whose `hd_voice_available` is false. What goes wrong follows from the seed and what is asked for alone.
 *
 * @example
 * ```ts
 * const inventory = simulatedInventory({ seed: 7, numbers: { acme: ['+12025550100'] }, faults: { timeoutApplied: 0.1 } })
 * // ... run a bulk operation over it, then:
 * inventory.ledger.createdTwice() // []
 * ```
 */
export function simulatedInventory(options: SimulatedInventoryOptions = {}): SimulatedInventory {
  const settings = inventorySettings(options)
  const premises = new Premises(settings)
  const add = (organization: string, number: string | NumberFields): Resource =>
    resourceOf(premises.shelf.add(organization, typeof number === 'string' ? { phonenumber: number } : number, 0))
  for (const [organization, numbers] of Object.entries(options.numbers ?? {})) {
    for (const number of numbers) add(organization, number)
  }
  const { concurrency, createVisibility } = settings
  return {
    type: 'phonenumber',
    capabilities: { keys: ['phonenumber', 'id'], concurrency, createVisibility, phone: 'phonenumber' },
    ledger: premises.ledger,
    get open() {
      return premises.open
    },
    get mostOpen() {
      return premises.mostOpen
    },
    create: (data, { organization, ref, startable }) =>
      send(premises, { method: 'create', organization, ref, data }, startable),
    update: ({ field, value }, data, { organization, ref, startable }) =>
      send(premises, { method: 'update', organization, ref, field, entry: value, data }, startable),
    delete: ({ field, value }, { organization, ref, startable }) =>
      send(premises, { method: 'delete', organization, ref, field, entry: value }, startable),
    find: (organization, { field, value }) =>
      search(premises, { method: 'find', organization, entry: value }, () =>
        premises.shelf.find(organization, field, value),
      ),
    list: (organization) => listing(premises, organization),
    async findCreated(_data, { organization, ref }) {
      if (createVisibility === false) {
        throw new OutdialError(
          'not_supported',
          'This inventory was made with `createVisibility: false`: it cannot look for creations.',
        )
      }
      return search(premises, { method: 'findCreated', organization, entry: ref }, () => premises.shelf.made(ref))
    },
    numbers: (organization = 'default') =>
      [...premises.shelf].filter((kept) => kept.organization === organization).map(resourceOf),
    add,
    setFaults(faults) {
      premises.faults = checkInventoryFaults(faults, settings.clock)
    },
  }
}
