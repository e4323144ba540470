import { parseRef } from '@outdial/core'

/**
 * What an inventory did, or was asked:
 * - `created`, `updated`, `deleted`: it was done. Two `created` of one task are two purchases.
 * - `absent`: a deletion of what is not there; nothing to do, which is fine.
 * - `refused`: an item that cannot be done; `detail` has the code.
 * - `throttled`, `unavailable`, `notSent`: nothing was done.
 * - `lost`: the request never arrived (a fault).
 * - `found`, `notFound`, `notAsked`: answers to `find` and `findCreated`; the last is a fault.
 * - `listed`: everything was asked for; `detail` has how many there were.
 */
export type InventoryKind =
  | 'created'
  | 'updated'
  | 'deleted'
  | 'absent'
  | 'refused'
  | 'throttled'
  | 'unavailable'
  | 'notSent'
  | 'lost'
  | 'found'
  | 'notFound'
  | 'notAsked'
  | 'listed'

/** One line of an inventory's ledger. */
export interface InventoryEntry {
  /** Wall time of the inventory's clock, milliseconds since the epoch; `0` without a clock. */
  at: number
  kind: InventoryKind
  organization: string
  /** `job:index:attempt:nonce`, as the engine sent it. Absent with `find` and `list`. */
  ref?: string
  /** Id of the number concerned. */
  id?: string
  detail?: string
}

/** A task for which more than one number was created. */
export interface CreatedTwice {
  /** `job:index` */
  task: string
  /** Ids of the numbers, in order. */
  ids: string[]
}

/**
 * What an inventory was asked and what it did, in order, append-only: the judge of an engine's claims. It is written when a
 * thing happens, whatever the engine is told about it, or when.
 */
export class InventoryLedger implements Iterable<InventoryEntry> {
  readonly #entries: InventoryEntry[] = []

  get size(): number {
    return this.#entries.length
  }

  append(entry: InventoryEntry): void {
    this.#entries.push(entry)
  }

  [Symbol.iterator](): Iterator<InventoryEntry> {
    return this.#entries[Symbol.iterator]()
  }

  /** How often each kind of thing happened. Kinds that did not are absent. */
  counts(): Partial<Record<InventoryKind, number>> {
    const counts: Partial<Record<InventoryKind, number>> = {}
    for (const { kind } of this.#entries) counts[kind] = (counts[kind] ?? 0) + 1
    return counts
  }

  /** Ids that were really created, changed or deleted, by task (`job:index`), in order. */
  applied(kind: 'created' | 'updated' | 'deleted'): Map<string, string[]> {
    const applied = new Map<string, string[]>()
    for (const { kind: done, ref, id } of this.#entries) {
      const parts = done === kind && ref !== undefined ? parseRef(ref) : undefined
      if (!parts || id === undefined) continue
      const task = `${parts.jobId}:${parts.index}`
      const ids = applied.get(task)
      if (ids) ids.push(id)
      else applied.set(task, [id])
    }
    return applied
  }

  /** Tasks for which more than one number was created: always wrong. */
  createdTwice(): CreatedTwice[] {
    return [...this.applied('created')].flatMap(([task, ids]) => (ids.length > 1 ? [{ task, ids }] : []))
  }
}
