import type { Hold } from '../ports/storage-limits.js'
import type { CallingWindow } from './calling-window.js'
import { type CapRule, capHolds } from './caps.js'
import { HOUR, MINUTE } from './duration.js'
import type { RetryMemo } from './retry.js'
import { closesAt, nextOpen, windowZone } from './window.js'
import { offsetAt } from './zone.js'

/** What a job says about when one of its contacts may be dialed; plain JSON. */
export interface DialPolicy {
  /** Names the policy in the record of every decision, e.g. the job's revision. */
  readonly version: string
  /** `null`: at any time. */
  readonly window: CallingWindow | null
  /** Zone of contacts that have none of their own, when the window names none. */
  readonly timezone: string
  /** Attempts allowed, the first included. */
  readonly attempts: number
  readonly notBefore?: number
  /** From then on (included) nobody is dialed. */
  readonly expiresAt?: number
  readonly caps: readonly CapRule[]
}

/** The contact that is about to be dialed. What it says itself goes before what the job says. */
export interface DialTask {
  readonly organization: string
  readonly phone: string
  readonly externalId?: string
  readonly timezone?: string
  /** The later of this and the job's counts. */
  readonly notBefore?: number
  /** The earlier of this and the job's counts. */
  readonly expiresAt?: number
  readonly attempts?: number
  readonly memo: RetryMemo
}

/** The rules that are decided before the store is asked. Suppression, caps, pace and money are the fence's. */
export type DialRule = 'expiry' | 'attempts' | 'not_before' | 'zone' | 'window'

/** One rule that says no for now. */
export interface Blocking {
  rule: 'not_before' | 'zone_unknown' | 'window'
  /** When this rule alone would say yes; absent when it will not by itself. */
  until?: number
  /** For people. */
  detail: string
}

/** What was decided and why, as it goes into the event log. Rules that were not asked are not there. */
export interface DialRecord {
  policy: string
  at: number
  /** Zone of the called person and its offset from UTC in minutes: what their clocks showed. */
  zone?: string
  offset?: number
  rules: Readonly<Partial<Record<DialRule, 'pass' | 'block' | 'end'>>>
}

export type DialDecision = {
  record: DialRecord
} /** Dial, but not at or after `until` (`Infinity`: no such end). `holds` are the caps for the fence to take. */ & (
  | { status: 'dial'; until: number; holds: Hold[] }
  /** Not now. `blocking` has every rule that says no; decide again at `retryAt`. */
  | { status: 'blocked'; blocking: readonly [Blocking, ...Blocking[]]; retryAt: number }
  /** Never again. */
  | { status: 'ended'; terminal: 'expired'; reason: 'expired' }
  | { status: 'ended'; terminal: 'failed'; reason: 'attempts_exhausted' }
  /** Its call was blocked at a number that its job does not call from any more. */
  | { status: 'ended'; terminal: 'failed'; reason: 'caller_id_blocked' }
)

/** An unknown zone, or a window that never opens, is over only when somebody does something. */
const LOOK_AGAIN = HOUR

/**
 * Whether a contact may be dialed at an instant: the part of the dial-instant policy (guarantee G6) that needs no store.
 * Pure. Asked for first attempts, retries and callbacks alike, and again for each. What cannot be known is a no.
 */
export function decideDial(now: number, policy: DialPolicy, task: DialTask): DialDecision {
  const rules: Partial<Record<DialRule, 'pass' | 'block' | 'end'>> = {}
  const record: DialRecord = { policy: policy.version, at: now, rules }

  const expiresAt = Math.min(policy.expiresAt ?? Number.POSITIVE_INFINITY, task.expiresAt ?? Number.POSITIVE_INFINITY)
  // Written so that an instant that is not a number is refused.
  rules.expiry = now < expiresAt ? 'pass' : 'end'
  if (rules.expiry === 'end') return { status: 'ended', terminal: 'expired', reason: 'expired', record }

  rules.attempts = task.memo.burned < (task.attempts ?? policy.attempts) ? 'pass' : 'end'
  if (rules.attempts === 'end') return { status: 'ended', terminal: 'failed', reason: 'attempts_exhausted', record }

  const blocking: Blocking[] = []
  const notBefore = Math.max(policy.notBefore ?? 0, task.notBefore ?? 0)
  rules.not_before = now >= notBefore ? 'pass' : 'block'
  if (rules.not_before === 'block') blocking.push({ rule: 'not_before', until: notBefore, detail: 'not due yet' })

  const window = askWindow(now, policy, task, record, rules)
  if (window.blocking !== undefined) blocking.push(window.blocking)

  const [first, ...others] = blocking
  if (first === undefined) {
    return { status: 'dial', until: Math.min(window.until, expiresAt), holds: capHolds(policy.caps, task), record }
  }
  const earliest = Math.max(now, notBefore)
  const zone = windowZone(policy.window, task.timezone, policy.timezone)
  const dueAndOpen = nextOpen(policy.window, zone, earliest) ?? Math.max(earliest, now + LOOK_AGAIN)
  // At its expiry, at the latest, there is something to decide about it.
  const retryAt = Math.min(dueAndOpen, expiresAt)
  return { status: 'blocked', blocking: [first, ...others], retryAt, record }
}

function askWindow(
  now: number,
  { window, timezone }: DialPolicy,
  task: DialTask,
  record: DialRecord,
  rules: Partial<Record<DialRule, 'pass' | 'block' | 'end'>>,
): { until: number; blocking?: Blocking } {
  if (window === null) return { until: Number.POSITIVE_INFINITY }
  const zone = windowZone(window, task.timezone, timezone)
  const offset = offsetAt(zone, now)
  record.zone = zone
  rules.zone = offset === undefined ? 'block' : 'pass'
  if (offset === undefined) {
    const detail = `the time zone '${zone}' is unknown, so nobody can say what time it is there`
    return { until: now, blocking: { rule: 'zone_unknown', detail } }
  }
  record.offset = offset / MINUTE
  const closes = closesAt(window, zone, now)
  rules.window = closes === undefined ? 'block' : 'pass'
  if (closes !== undefined) return { until: closes }
  const opens = nextOpen(window, zone, now)
  const detail = `outside the calling window in ${zone}`
  return { until: now, blocking: { rule: 'window', ...(opens === undefined ? {} : { until: opens }), detail } }
}
