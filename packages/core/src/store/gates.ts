import { repaced, startsUntil, startTime } from '../limits/gcra.js'
import type { LimitState } from '../limits/holds.js'
import type { Gate } from '../ports/storage-jobs.js'
import {
  jobWaker,
  organizationWaker,
  routeWaker,
  setOrganizationAside,
  unready,
  wakeAll,
  wakeAt,
} from './fair-order.js'
import type { JobEntry } from './records.js'
import type { Workspace } from './workspace.js'

/** Claims are made for the starts of the next second: less would idle, more would sit on reservations. */
const AHEAD = 1000

const WAKERS = { job: jobWaker, organization: organizationWaker, route: routeWaker } as const

/** How many claims every gate of a job admits, at most `max`; or which one admits none. */
export function admitted(
  ws: Workspace,
  job: JobEntry,
  max: number,
): { n: number; blocked?: { gate: Gate; until: number } } {
  let n = max
  for (const { gate, slots, rate } of ws.gates(job)) {
    if ('closedUntil' in slots.rule && slots.rule.closedUntil > ws.now)
      return { n: 0, blocked: { gate, until: slots.rule.closedUntil } }
    if ('slots' in slots.rule) {
      const free = slots.rule.slots - slots.used
      if (free <= 0) return { n: 0, blocked: { gate, until: Number.POSITIVE_INFINITY } }
      if (free < n) n = free
    }
    if ('rate' in rate.rule) {
      const claimed = slots.used - slots.live
      const free = startsUntil(rate.rule, rate.tat, ws.now, ws.now + AHEAD) - claimed
      if (free <= 0) {
        const until = startTime(rate.rule, rate.tat, ws.now, claimed + 1) - AHEAD
        return { n: 0, blocked: { gate, until: Math.max(ws.now + 1, until) } }
      }
      if (free < n) n = free
    }
  }
  return { n }
}

/** Holds a slot of every gate for each of `n` claims. */
export function reserve(ws: Workspace, job: JobEntry, n: number): void {
  for (const { slots } of ws.gates(job)) slots.used += n
}

/** Gives slots back, and wakes whoever was waiting for them. */
export function free(ws: Workspace, job: JobEntry, n: number, live: boolean): void {
  for (const { slots, parked } of ws.gates(job)) {
    slots.used -= n
    if (live) slots.live -= n
    if (!('slots' in slots.rule) || slots.used < slots.rule.slots) wakeAll(ws, parked)
  }
}

/**
 * Takes whoever a gate blocks out of the order: until the time, and until the limit has room or is changed. A gate that
 * blocks the whole route takes nobody out: the search just ends there, and the route waits.
 */
export function setAside(ws: Workspace, job: JobEntry, gate: Gate, until: number): void {
  const waker = WAKERS[gate.blocks](job)
  if (gate.blocks === 'job') unready(ws, job)
  if (gate.blocks === 'organization') setOrganizationAside(ws, job)
  ws.parked(gate.slots).add(waker)
  ws.parked(gate.rate).add(waker)
  if (until < Number.POSITIVE_INFINITY) wakeAt(ws, waker, until)
}

/** Sets a limit, unless the stored one is as new. */
export function setLimit(ws: Workspace, limit: { key: string; revision: number } & LimitState['rule']): void {
  const { key, revision, ...rule } = limit
  const state = ws.limit(key)
  if (revision <= state.revision) return
  const was = state.rule
  state.revision = revision
  state.rule = rule as LimitState['rule']
  if ('rate' in state.rule) state.tat = repaced('rate' in was ? was : undefined, state.rule, state.tat, ws.now)
  wakeAll(ws, ws.parked(key))
}
