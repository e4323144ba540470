import type { Hold, LimitRule, Usage } from '../ports/storage-limits.js'
import { afterStart, startTime } from './gcra.js'

/** What is counted under one limit key, and its rule. Mutable: a record of the store. */
export interface LimitState {
  key: string
  /** 0: never set. */
  revision: number
  rule: LimitRule
  /** Held by claims and live attempts. */
  used: number
  /** Held by live attempts alone. */
  live: number
  /** See `gcra.ts`. */
  tat: number
  /** Money spent for good. */
  spent: number
}

/** A key nobody has limited yet: counted, and never refusing. */
export function newLimit(key: string): LimitState {
  return { key, revision: 0, rule: { none: true }, used: 0, live: 0, tat: 0, spent: 0 }
}

/** What an attempt holds, as written into its record: the kind is the one that the limit had when it was taken. */
export interface Held {
  key: string
  n: number
  kind: 'slots' | 'money' | 'cap' | 'rate'
  /** With `cap`: the stamp to give back, and the cap's window. */
  at?: number
  windowMs?: number
}

/** Where holds read and write: limits by key, and the stamps of caps. */
export interface HoldSpace {
  readonly now: number
  limit(key: string): LimitState
  /** Stamps of a cap key with this window, oldest first; the array is the record itself. Older ones may be gone. */
  stamps(key: string, windowMs: number): number[]
}

/** Whether a hold would be admitted: `undefined`, or when it may be worth asking again. Takes nothing. */
export function refusal(space: HoldSpace, hold: Hold, startAt: number): number | undefined {
  const state = space.limit(hold.limit ?? hold.key)
  const { rule } = state
  const { now } = space
  if ('slots' in rule) return state.used + hold.n > rule.slots ? now + 1000 : undefined
  if ('money' in rule) {
    const { used, spent } = countOf(space, hold, state)
    // What is no number is refused as well.
    return used + spent + hold.n <= rule.money ? undefined : Number.POSITIVE_INFINITY
  }
  if ('rate' in rule) {
    const at = startTime(rule, state.tat, now, 1)
    return at > startAt ? at : undefined
  }
  if ('cap' in rule) {
    const { room, roomAt } = capRoom(space.stamps(hold.key, rule.windowMs), rule, startAt, hold.n)
    return room >= hold.n ? undefined : roomAt
  }
  if ('closedUntil' in rule) return startAt < rule.closedUntil ? rule.closedUntil : undefined
  return undefined
}

/** Where money is counted that is held under a key: its own, also when many share the limit. */
function countOf(space: HoldSpace, { key }: Pick<Hold, 'key'>, limit: LimitState): LimitState {
  return key === limit.key ? limit : space.limit(key)
}

/** What is left of a cap for a start at this instant, and from when on there is room for `n`. */
function capRoom(
  stamps: readonly number[],
  { cap, windowMs }: { cap: number; windowMs: number },
  startAt: number,
  n: number,
): { counted: number; room: number; roomAt: number } {
  const from = startAt - windowMs
  const first = stamps.findIndex((at) => at > from)
  const counted = first < 0 ? 0 : stamps.length - first
  const over = counted + n - cap
  const roomAt =
    over <= 0 ? startAt : over > counted ? Number.POSITIVE_INFINITY : (stamps[first + over - 1] as number) + windowMs
  return { counted, room: cap - counted, roomAt }
}

/** What is counted under a key, and when a hold of 1 would be admitted. */
export function usage(space: HoldSpace, { key, limit = key }: Pick<Hold, 'key' | 'limit'>): Usage {
  const state = space.limit(limit)
  const { rule, revision, tat } = state
  const { used, spent } = 'money' in rule ? countOf(space, { key }, state) : state
  const usage: Usage = { rule: { ...rule }, revision, held: used, spent, freeAt: space.now }
  if ('slots' in rule && used >= rule.slots) usage.freeAt = Number.POSITIVE_INFINITY
  if ('money' in rule && !(used + spent + 1 <= rule.money)) usage.freeAt = Number.POSITIVE_INFINITY
  if ('rate' in rule) usage.freeAt = startTime(rule, tat, space.now, 1)
  if ('closedUntil' in rule) usage.freeAt = rule.closedUntil
  if ('cap' in rule) {
    const { counted, roomAt } = capRoom(space.stamps(key, rule.windowMs), rule, space.now, 1)
    usage.counted = counted
    usage.freeAt = roomAt
  }
  return usage
}

/** Takes a hold that {@link refusal} admitted, but for one of 0, which only asks. */
export function take(space: HoldSpace, hold: Hold, startAt: number): Held {
  const state = space.limit(hold.limit ?? hold.key)
  const { rule } = state
  if ('cap' in rule) {
    const stamps = space.stamps(hold.key, rule.windowMs)
    // Not by `startAt`: the next start may be granted for an earlier instant than this one.
    const from = space.now - rule.windowMs
    const first = stamps.findIndex((at) => at > from)
    stamps.splice(0, first < 0 ? stamps.length : first)
    const place = stamps.findLastIndex((at) => at <= startAt) + 1
    for (let i = 0; i < hold.n; i++) stamps.splice(place, 0, startAt)
    return { key: hold.key, n: hold.n, kind: 'cap', at: startAt, windowMs: rule.windowMs }
  }
  if ('rate' in rule) {
    state.tat = afterStart(rule, state.tat, startAt)
    return { key: state.key, n: hold.n, kind: 'rate' }
  }
  const kind = 'money' in rule ? 'money' : 'slots'
  const count = kind === 'money' ? countOf(space, hold, state) : state
  count.used += hold.n
  count.live += hold.n
  return { key: count.key, n: hold.n, kind }
}

/**
 * Gives back what an attempt held. Slots come back always; caps only on proof that nothing was placed; money is settled
 * with what was `spent`.
 */
export function release(space: HoldSpace, held: Held, placed: boolean, spent: number | undefined): void {
  if (held.kind === 'rate') return
  if (held.kind === 'cap') {
    if (placed) return
    const stamps = space.stamps(held.key, held.windowMs as number)
    const at = stamps.lastIndexOf(held.at as number)
    if (at >= 0) stamps.splice(at - held.n + 1, held.n)
    return
  }
  const state = space.limit(held.key)
  state.used -= held.n
  state.live -= held.n
  if (held.kind === 'money' && placed) state.spent += spent ?? held.n
}
