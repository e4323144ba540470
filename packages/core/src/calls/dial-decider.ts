import { listedNumbers, offeredNumbers, withNumbers } from '../caller-ids/choice.js'
import { RoomHints } from '../caller-ids/room.js'
import { absencesFor, capsFor } from '../jobs/person-rules.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { type DialDecision, decideDial } from '../policy/decide.js'
import { NO_ATTEMPTS, type RetryMemo } from '../policy/retry.js'
import type { Contact } from '../ports/contacts.js'
import type { Hold, ListCheck } from '../ports/storage-limits.js'
import { type AttemptMemo, callLife } from './memo.js'

/** The decision about a contact, and when it may be dialed what its fence and its record are given. */
export interface Decided {
  readonly decision: DialDecision
  readonly from: readonly string[]
  readonly memo: string
}

/**
 * Decides about contacts at an instant. Those that say nothing of their own and were never called get the same answer as
 * the one before them in their batch: same job, same instant, same policy.
 */
export class DialDecider {
  #job: JobContext | undefined
  #now = Number.NaN
  #plain: Decided | undefined
  /** The instant of the last decision: by it the rules in force are chosen. */
  #at = Number.NaN
  readonly #hints: RoomHints

  /** @param hints - Which numbers are thought to have room. Default: all. */
  constructor(hints: RoomHints = new RoomHints()) {
    this.#hints = hints
  }

  /** Decides about a contact, and from which numbers it may be called. `index` is its turn at them. */
  decide(job: JobContext<CallSpec>, contact: Contact, retry: RetryMemo, now: number, index = 0): Decided {
    const decided = this.#decide(job, contact, retry, now)
    if (decided.decision.status !== 'dial') return decided
    const from = offeredNumbers(job, contact, { index, retry, now }, this.#hints)
    if (from === decided.from) return decided
    if (from) return { ...decided, from, memo: withNumbers(decided.memo, from) }
    const { record } = decided.decision
    return { ...decided, decision: { status: 'ended', terminal: 'failed', reason: 'caller_id_blocked', record } }
  }

  #decide(job: JobContext<CallSpec>, contact: Contact, retry: RetryMemo, now: number): Decided {
    this.#at = now
    const { timezone, attempts, notBefore, callerId } = contact
    const own = timezone !== undefined || attempts !== undefined || notBefore !== undefined || callerId !== undefined
    if (own || retry !== NO_ATTEMPTS) return decide(job, contact, retry, now)
    if (this.#plain && this.#job === job && this.#now === now) return this.#plain
    this.#job = job
    this.#now = now
    this.#plain = decide(job, contact, retry, now)
    return this.#plain
  }

  /** The caps that a contact counts under. To be asked right after its decision. */
  caps(job: JobContext<CallSpec>, contact: Contact): readonly Hold[] {
    return capsFor(job, contact, this.#at)
  }

  /** The lists on which it must not be: suppression, and cool-downs. Likewise. */
  absences(job: JobContext<CallSpec>, contact: Contact): readonly ListCheck[] {
    return absencesFor(job, contact, this.#at)
  }
}

function decide(job: JobContext<CallSpec>, contact: Contact, retry: RetryMemo, now: number): Decided {
  const { spec } = job
  const { phone, timezone, attempts, notBefore, callerId } = contact
  const decision = decideDial(
    now,
    {
      version: String(job.revision),
      window: spec.window,
      timezone: spec.timezone,
      attempts: spec.attempts,
      // Caps are the fence's; see `caps`.
      caps: [],
      ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
    },
    {
      organization: job.organization,
      phone,
      memo: retry,
      ...(timezone !== undefined && { timezone }),
      ...(attempts !== undefined && { attempts }),
      ...(notBefore !== undefined && { notBefore }),
    },
  )
  const from = callerId === undefined ? listedNumbers(spec) : [callerId]
  const memo: AttemptMemo = { from, life: callLife(spec), retry, decision: decision.record }
  return { decision, from, memo: decision.status === 'dial' ? JSON.stringify(memo) : '' }
}
