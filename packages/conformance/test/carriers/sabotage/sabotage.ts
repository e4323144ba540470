import type { Carrier, Placed } from '@outdial/core'
import type { Change } from '../support/exchange-harness.js'

/** A carrier with one fault, which the kit has to find. */
export interface Sabotage {
  /** What it does wrong. */
  readonly name: string
  /** What would come of it in production. */
  readonly harm: string
  /** The rules it breaks, all of them. */
  readonly fails: readonly string[]
  readonly change: Change
}

/** A carrier, but for some of its methods. */
export function changed(
  patch: (inner: Carrier, ...rest: Parameters<Change> extends [Carrier, ...infer R] ? R : never) => Partial<Carrier>,
): Change {
  return (inner, exchange) => ({ ...inner, ...patch(inner, exchange) })
}

/** A carrier that makes something else of the answers to `place`. */
export function answering(make: (answer: Placed) => Placed): Change {
  return changed((inner) => ({ place: async (attempt) => make(await inner.place(attempt)) }))
}
