import type { Applied } from '@outdial/core'
import { Throttle } from '../carrier/throttle.js'
import type { InventoryFaults, InventoryRequest } from './faults.js'
import { type InventoryKind, InventoryLedger } from './inventory-ledger.js'
import type { InventorySettings } from './options.js'
import { Shelf } from './shelf.js'

/** Everything of one inventory that lasts. */
export class Premises {
  readonly settings: InventorySettings
  readonly shelf: Shelf
  readonly ledger: InventoryLedger = new InventoryLedger()
  readonly throttle: Throttle | undefined
  faults: InventoryFaults
  /** Requests that have been sent and are not answered. */
  open = 0
  mostOpen = 0
  readonly #times: Map<string, number> = new Map()

  constructor(settings: InventorySettings) {
    this.settings = settings
    this.faults = settings.faults
    this.shelf = new Shelf(settings.seed)
    this.throttle = settings.cps === undefined ? undefined : new Throttle(settings.cps, settings.burst)
  }

  /** Wall time of its clock; 0 without one. */
  get now(): number {
    return this.settings.clock?.now() ?? 0
  }

  /** How often this was asked for, this time included. */
  time(what: string): number {
    const time = (this.#times.get(what) ?? 0) + 1
    this.#times.set(what, time)
    return time
  }

  /** Writes down what happened, and gives the answer that it is. */
  note(request: InventoryRequest, kind: InventoryKind, answer: Applied, id?: string, detail?: string): Applied {
    const { organization, ref } = request
    this.ledger.append({
      at: this.now,
      kind,
      organization,
      ref,
      ...(id !== undefined && { id }),
      ...(detail !== undefined && { detail }),
    })
    return answer
  }

  /** Resolves after so many milliseconds; 0 needs no clock. */
  pause(ms: number): Promise<void> {
    const { clock } = this.settings
    if (ms <= 0 || !clock) return Promise.resolve()
    return new Promise((resolve) => clock.setTimeout(resolve, ms))
  }
}
