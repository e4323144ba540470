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
  /**
   * No start before this instant (store time), everything from it on: a number in quarantine. As the `slots` of a gate: nothing is claimed
   * or fenced through it before, and who waits for it is woken then. Under a gate's `rate` it says nothing.
   */
  | { closedUntil: number }
  /** No limit any more. */
  | { none: true }

/**
 * Something a fence takes. What it means is said by the stored limit; `n` is 1 but for money. With 0 nothing is taken, kept or
 * counted: the limit is only asked, which is all that `closedUntil` needs. Slots, money and caps then refuse if there is more than they
 * allow already; a rate refuses as it does with 1.
 */
export interface Hold {
  key: string
  /**
   * Key of the stored limit, when many keys share one: `cap:phone:acme:+12025550100` counts for itself under `cap:phone:acme`, and so does
   * money, whose key carries a day, say. Default: `key`.
   */
  limit?: string
  n: number
}

/** A member of a list and a list: whether one is on the other. */
export interface ListCheck {
  list: string
  member: string
}

/** Somebody on a list. */
export interface ListedMember {
  member: string
  /** From this instant (store time) on it is not listed any more. Absent: for good. */
  until?: number
  /** Why, in the words of whoever added it; kept, never read by the store. At most 200 characters. */
  reason?: string
}

/**
 * Puts somebody on a list in the same step as the report that it comes with. The list is one of the organization whose job
 * the attempt belongs to: a store that keeps organizations apart adds it where that one is.
 */
export interface Enlisting extends ListedMember {
  list: string
}

/**
 * A change of a suppression list. Members are opaque strings. All parts given are done, in this order.
 *
 * Of two ends of one member the later stays, and with it its reason: nobody is called earlier because they were added again. Of
 * equal ones that which was there first stays; an end that has passed adds nobody. To shorten one, remove it first (`remove` comes
 * after `add`, so in an edit of its own).
 *
 * A member whose end has passed is not listed any more, and is forgotten some time, without anybody asking: a list of cool-downs
 * does not grow for ever.
 */
export interface ListEdit {
  /** Empties the list first. */
  clear?: boolean
  /** A text is a {@link ListedMember} for good, without a reason. */
  add?: readonly (string | ListedMember)[]
  remove?: readonly string[]
  /** `remove` spares whoever is on this other list now: looked up in the same step, so nobody gets on it in between. */
  unlessOn?: string
  /** The list says what was true at this instant. */
  asOf?: number
  /** A list older than this refuses everybody (fails closed). Absent: never too old. `null`: never any more. */
  maxAgeMs?: number | null
}

/** What a list says of itself and of some members. A list that nobody has made is empty. */
export interface ListState {
  /** Members, those included whose end has passed and that have not been forgotten yet: a figure for views. */
  size: number
  asOf?: number
  maxAgeMs?: number
  /** One per member asked about, in order; `undefined` when it is not listed now. */
  members: readonly (ListedMember | undefined)[]
}

/** What is counted under a key now, by the rule of its stored limit. */
export interface Usage {
  rule: LimitRule
  /** 0: no limit was ever set. */
  revision: number
  /** Held by claims and live attempts: slots, or money at its worst case. */
  held: number
  /** Money spent for good. */
  spent: number
  /** With a cap: starts that count in the window that ends now. */
  counted?: number
  /** When a hold of 1 would be admitted, as things are: now or earlier if at once, `Infinity` if only somebody's release or change helps. */
  freeAt: number
}
