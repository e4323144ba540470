/**
 * A stored limit. The key says nothing to a store: the engine maps job, organization, caller id, route and contact to
 * keys. A key without a stored limit is counted and never refuses, so that a limit can be set at any time.
 */
export type Limit = { key: string; revision: number } & LimitRule

export type LimitRule =
  /** At most so many held at once. Lowering it below what is held drains: nothing new until the holds are below it. */
  | { slots: number }
  /** GCRA: starts per second, and how many may come at once. In any window T: at most `rate × T + burst`. */
  | { rate: number; burst: number }
  /** At most so many in any window of this length, rolling. */
  | { cap: number; windowMs: number }
  /** Held plus spent never exceeds it. */
  | { money: number }
  /** No limit any more. */
  | { none: true }

/** Something a fence takes. What it means is said by the stored limit; `n` is 1 but for money. */
export interface Hold {
  key: string
  /** Key of the stored limit, when many keys share one: `cap:phone:acme:+12025550100` counts for itself under `cap:phone:acme`. Default: `key`. */
  limit?: string
  n: number
}

/** A change of a suppression list. Members are opaque strings. All parts given are done, in this order. */
export interface ListEdit {
  /** Empties the list first. */
  clear?: boolean
  add?: readonly string[]
  remove?: readonly string[]
  /** The list says what was true at this instant. */
  asOf?: number
  /** A list older than this refuses everybody (fails closed). Absent: never too old. */
  maxAgeMs?: number
}
