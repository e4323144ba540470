import { listedNumbers, offeredNumbers, withNumbers } from '../caller-ids/choice.js'
import { RoomHints } from '../caller-ids/room.js'
import { absencesFor, capsFor } from '../jobs/person-rules.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { type DialDecision, type DialPolicy, decideDial } from '../policy/decide.js'
import { NO_ATTEMPTS, type RetryMemo } from '../policy/retry.js'
import { type AppliedRules, rulesFor, rulesSteadyUntil } from '../policy/rules/rules-for.js'
import { spreadOpening } from '../policy/spread.js'
import { defaultZone, finderFor, ownZones, zonesFor } from '../policy/zones.js'
import type { Contact } from '../ports/contacts.js'
import type { Random } from '../ports/ids.js'
import type { Hold, ListCheck } from '../ports/storage-limits.js'
import type { ZoneFinder } from '../ports/zones.js'
import { type AttemptMemo, callLife, memoText } from './memo.js'

/** The decision about a contact, and when it may be dialed what its fence and its record are given. */
export interface Decided {
  readonly decision: DialDecision
  readonly from: readonly string[]
  readonly memo: string
}

/** What helps to decide. */
interface Knowledge {
  /** Which numbers are thought to have room. Default: all. */
  hints?: RoomHints
  /** Zones of contacts that have none of their own. Default: nobody knows. */
  zones?: ZoneFinder | undefined
  /** Spreads those who wait for an opening. Default: they come at once. */
  random?: Random
}

/**
 * Decides about contacts at an instant. Those that say nothing of their own and were never called get the same answer as
 * another of their batch for whom the same rules count in the same zones: same job, same instant, same policy.
 */
export class DialDecider {
  readonly #hints: RoomHints
  readonly #zones: ZoneFinder | undefined
  readonly #random: Random | undefined
  #job: JobContext | undefined
  #policy: DialPolicy | undefined
  #now = Number.NaN
  readonly #plain: Map<string, { applied: AppliedRules; decided: Decided }> = new Map()

  constructor({ hints = new RoomHints(), zones, random }: Knowledge = {}) {
    this.#hints = hints
    this.#zones = zones
    this.#random = random
  }

  /** Decides about a contact, and from which numbers it may be called. `index` is its turn at them. */
  decide(job: JobContext<CallSpec>, contact: Contact, retry: RetryMemo, now: number, index = 0): Decided {
    const policy = this.#policyOf(job, now)
    const decided = this.#decide(job, policy, contact, retry, now)
    const { decision } = decided
    if (decision.status === 'blocked' && job.spec.spread !== undefined) {
      return { ...decided, decision: { ...decision, retryAt: this.#spread(job.spec, policy, contact, decision, now) } }
    }
    if (decision.status !== 'dial') return decided
    const from = offeredNumbers(job, contact, { index, retry, now }, this.#hints)
    if (from === decided.from) return decided
    if (from) return { ...decided, from, memo: withNumbers(decided.memo, from) }
    const { record } = decision
    return { ...decided, decision: { status: 'ended', terminal: 'failed', reason: 'caller_id_blocked', record } }
  }

  #decide(job: JobContext<CallSpec>, policy: DialPolicy, contact: Contact, retry: RetryMemo, now: number): Decided {
    const { attempts, notBefore, callerId } = contact
    const own = attempts !== undefined || notBefore !== undefined || callerId !== undefined
    if (own || retry !== NO_ATTEMPTS) return decide(job, policy, contact, retry, now)
    const applied = rulesFor(policy, contact, now, policy.zones)
    const key = applied.windows.length === 0 ? '' : this.#zoneKey(policy, contact)
    const known = this.#plain.get(key)
    if (known !== undefined && known.applied === applied) return known.decided
    const decided = decide(job, policy, contact, retry, now)
    this.#plain.set(key, { applied, decided })
    return decided
  }

  /** The zones of a contact and how they are known, which is in the record too. */
  #zoneKey(policy: DialPolicy, contact: Contact): string {
    if (contact.timezone !== undefined) return `=${contact.timezone}`
    return ownZones(contact, policy.zones) ?? `*${defaultZone(policy)}`
  }

  #policyOf(job: JobContext<CallSpec>, now: number): DialPolicy {
    if (this.#policy !== undefined && this.#job === job && this.#now === now) return this.#policy
    this.#plain.clear()
    if (this.#policy === undefined || this.#job !== job) this.#policy = policyOf(job, this.#zones)
    this.#job = job
    this.#now = now
    return this.#policy
  }

  /** Those who wait for an opening come later than it, each by as much as chance says. */
  #spread(
    { spread = 0 }: CallSpec,
    policy: DialPolicy,
    contact: Contact,
    { retryAt, blocking }: Extract<DialDecision, { status: 'blocked' }>,
    now: number,
  ): number {
    if (blocking.every(({ rule }) => rule !== 'window')) return retryAt
    const { windows } = rulesFor(policy, contact, now, policy.zones)
    const zones = zonesFor(policy, contact, policy.zones)
    return spreadOpening(windows, zones, retryAt, spread, this.#random?.next() ?? 0)
  }

  /** The caps that a contact counts under. To be asked right after its decision. */
  caps(job: JobContext<CallSpec>, contact: Contact): readonly Hold[] {
    return capsFor(job, contact, this.#now, this.#zones)
  }

  /** Until when these are the same. Likewise. */
  rulesUntil(job: JobContext<CallSpec>, contact: Contact): number {
    return rulesSteadyUntil(job.spec, contact, this.#now)
  }

  /** The lists on which it must not be: suppression, and cool-downs. */
  absences(job: JobContext<CallSpec>, contact: Contact): readonly ListCheck[] {
    return absencesFor(job, contact)
  }
}

/** What a job says about its contacts. */
function policyOf({ revision, spec }: JobContext<CallSpec>, zones: ZoneFinder | undefined): DialPolicy {
  const finder = finderFor(spec, zones)
  return {
    version: String(revision),
    window: spec.window,
    timezone: spec.timezone,
    attempts: spec.attempts,
    // Caps are the fence's; see `caps`.
    caps: [],
    ...(spec.rules !== undefined && { rules: spec.rules }),
    ...(finder !== undefined && { zones: finder }),
    ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
  }
}

function decide(
  job: JobContext<CallSpec>,
  policy: DialPolicy,
  contact: Contact,
  retry: RetryMemo,
  now: number,
): Decided {
  const { phone, timezone, attempts, notBefore, callerId } = contact
  const decision = decideDial(now, policy, {
    organization: job.organization,
    phone,
    memo: retry,
    ...(timezone !== undefined && { timezone }),
    ...(attempts !== undefined && { attempts }),
    ...(notBefore !== undefined && { notBefore }),
  })
  const from = callerId === undefined ? listedNumbers(job.spec) : [callerId]
  const memo: AttemptMemo = { from, life: callLife(job.spec), retry, decision: decision.record }
  return { decision, from, memo: decision.status === 'dial' ? memoText(memo) : '' }
}
