import type { ResourceError } from '@outdial/core'
import type { Range } from '../carrier/draws.js'
import type { Fault } from '../carrier/faults.js'

/** Fields of a number, as its owner sees them. */
export type NumberFields = Readonly<Record<string, unknown>>

/** One request to change the inventory, as faults are asked about it. */
export interface InventoryRequest {
  readonly method: 'create' | 'update' | 'delete'
  readonly organization: string
  readonly ref: string
  /** Which number, by what key; absent with `create`. */
  readonly field?: string
  readonly entry?: string
  /** What is to be set; absent with `delete`. */
  readonly data?: NumberFields
  /** How often this was asked for, from 1: the same entry, or the same data. A probability is decided anew each time. */
  readonly time: number
}

/** What goes wrong. Everything absent goes well. */
export interface InventoryFaults {
  /** It is done, and the answer is lost: `unknown`. */
  timeoutApplied?: Fault<InventoryRequest>
  /** The request is lost: `unknown`, and nothing is done. */
  timeoutNotApplied?: Fault<InventoryRequest>
  /** With either time-out: there is no answer at all, ever, so that the one who asks has to give up by himself. */
  silent?: Fault<InventoryRequest>
  /** With either time-out: the promise is rejected instead. */
  throws?: Fault<InventoryRequest>
  /** With `timeoutApplied`: the request lay somewhere, and is done so many milliseconds after the answer was given up. */
  transit?: Range
  /** Nothing is done: `unavailable`. */
  unavailable?: Fault<InventoryRequest>
  /** Nothing is done: `throttled`, whatever the pace. */
  throttled?: Fault<InventoryRequest>
  /** Items that are refused: the first that hits, with its error. */
  fails?: readonly ItemFailure[]
  /** `find`, `findCreated` and `list` reject. Decided anew at each request. */
  findFails?: Fault<InventorySearch>
}

/** An item that is refused, and in which words. */
export interface ItemFailure extends ResourceError {
  when: Fault<InventoryRequest>
}

/** A question to the inventory, as faults are asked about it. */
export interface InventorySearch {
  readonly method: 'find' | 'findCreated' | 'list'
  readonly organization: string
  /** What is looked for: a key, or the ref of a creation; nothing with `list`. */
  readonly entry: string
  readonly time: number
}

/** A number of its own for each decision. Never change one: old seeds would mean new runs. `fails` takes one per failure. */
export const INVENTORY_SLOT = {
  latency: 1,
  arrival: 2,
  lag: 3,
  transit: 4,
  timeoutApplied: 16,
  timeoutNotApplied: 17,
  silent: 18,
  throws: 19,
  unavailable: 20,
  throttled: 21,
  findFails: 22,
  fails: 64,
} as const
