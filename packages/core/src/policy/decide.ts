import type { Hold } from '../ports/storage-limits.js'
import type { ZoneFinder } from '../ports/zones.js'
import type { CallingWindow } from './calling-window.js'
import { type CapRule, capHolds } from './caps.js'
import { HOUR, MINUTE } from './duration.js'
import type { RetryMemo } from './retry.js'
import type { Rule } from './rules/rule-set.js'
import { type AppliedRules, rulesFor } from './rules/rules-for.js'
import { closesAt, isOpen, nextOpen } from './window.js'
import { offsetAt } from './zone.js'
import { defaultZone, ownZones, zoneNames } from './zones.js'

/** What a job says about when one of its contacts may be dialed. Kept as long as it is used: what follows from it is derived once. */
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
  /** Rule sets that count besides; their caps are not among the holds. */
  readonly rules?: readonly Rule[]
  /** Knows the zones of contacts that have none of their own. */
  readonly zones?: ZoneFinder
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
  /** The rule set whose window it is, as `id@version`; absent: the job's own. */
  ruleSet?: string
  /** When this rule alone would say yes; absent when it will not by itself. */
  until?: number
  /** For people. */
  detail: string
}

/** What was decided and why, as it goes into the event log. Rules that were not asked are not there. */
export interface DialRecord {
  policy: string
  at: number
  /** Zone of the called person, several joined by commas, and their offsets from UTC in minutes: what their clocks showed. */
  zone?: string
  offset?: number | readonly number[]
  /** How the zone is known. Absent: the contact's own. `number`: by its prefix, from the data named by `zoneData`. `default`: nothing is known. */
  zoneBy?: 'number' | 'default'
  zoneData?: string
  /** Rule sets in force for the contact, as `id@version`. */
  ruleSets?: readonly string[]
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
  const record = { policy: policy.version, at: now, rules } satisfies DialRecord as DialRecord & { rules: typeof rules }

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

  const applied = rulesFor(policy, task, now, policy.zones)
  if (applied.ids.length > 0) record.ruleSets = applied.ids
  const hours = askHours(now, policy, task, applied, record)
  blocking.push(...hours.blocking)

  const [first, ...others] = blocking
  if (first === undefined) {
    return { status: 'dial', until: Math.min(hours.until, expiresAt), holds: capHolds(policy.caps, task), record }
  }
  const earliest = Math.max(now, notBefore)
  const dueAndOpen = nextOpen(applied.windows, hours.zones, earliest) ?? Math.max(earliest, now + LOOK_AGAIN)
  // At its expiry, at the latest, there is something to decide about it.
  const retryAt = Math.min(dueAndOpen, expiresAt)
  return { status: 'blocked', blocking: [first, ...others], retryAt, record }
}

function askHours(
  now: number,
  policy: DialPolicy,
  task: DialTask,
  { windows }: AppliedRules,
  record: DialRecord & { rules: Partial<Record<DialRule, 'pass' | 'block' | 'end'>> },
): { zones: string; until: number; blocking: Blocking[] } {
  if (windows.length === 0) return { zones: policy.timezone, until: Number.POSITIVE_INFINITY, blocking: [] }
  const { rules } = record
  const zones = zonesOf(policy, task, record)
  record.zone = zones
  const offsets: number[] = []
  for (const zone of zoneNames(zones)) {
    const offset = offsetAt(zone, now)
    rules.zone = offset === undefined ? 'block' : 'pass'
    if (offset === undefined) {
      const detail = `the time zone '${zone}' is unknown, so nobody can say what time it is there`
      return { zones, until: now, blocking: [{ rule: 'zone_unknown', detail }] }
    }
    offsets.push(offset / MINUTE)
  }
  record.offset = offsets.length === 1 ? (offsets[0] as number) : offsets
  const closes = closesAt(windows, zones, now)
  rules.window = closes === undefined ? 'block' : 'pass'
  if (closes !== undefined) return { zones, until: closes, blocking: [] }
  const closed = windows.filter((window) => !isOpen(window, zones, now))
  return { zones, until: now, blocking: closed.map((window) => closedWindow(window, zones, now)) }
}

/** The zones of a contact, and in the record how they are known. */
function zonesOf(policy: DialPolicy, task: DialTask, record: DialRecord): string {
  const { zones: finder } = policy
  const own = ownZones(task, finder)
  if (task.timezone === undefined) record.zoneBy = own === undefined ? 'default' : 'number'
  if (finder !== undefined && record.zoneBy === 'number') record.zoneData = finder.version
  return own ?? defaultZone(policy)
}

function closedWindow(window: CallingWindow, zones: string, now: number): Blocking {
  const opens = nextOpen(window, zones, now)
  const whose = window.rule === undefined ? 'the calling window' : `the hours of ${window.rule}`
  return {
    rule: 'window',
    ...(window.rule !== undefined && { ruleSet: window.rule }),
    ...(opens !== undefined && { until: opens }),
    detail: `outside ${whose} in ${zoneNames(zones).join(' or ')}`,
  }
}
