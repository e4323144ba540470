import { remembered } from '../caller-ids/remembered.js'
import type { Outcome } from '../lifecycle/outcome.js'
import type { CallingWindow } from '../policy/calling-window.js'
import { burn, decideRetry } from '../policy/retry.js'
import { rulesFor } from '../policy/rules/rules-for.js'
import { zoneForTimes, zonesFor } from '../policy/zones.js'
import type { Next } from '../ports/storage-jobs.js'
import type { ZoneFinder } from '../ports/zones.js'
import type { CallEnd, LiveCall } from './live-call.js'

/** An unknown call whose policy is to call again waits so long, at least. */
const AFTER_UNKNOWN = 60_000

/** What a contact does after a call that ended with this outcome. */
export function afterCall(live: LiveCall, outcome: Outcome, now: number, random: number, zones?: ZoneFinder): Next {
  const { spec } = live.job
  const retry = remembered(live, outcome)
  const attempts = live.contact.attempts ?? spec.attempts
  if (outcome === 'outcome_unknown' && spec.unknown === 'retry') {
    const memo = burn(retry, outcome)
    if (memo.burned < attempts) return { waitUntil: now + AFTER_UNKNOWN, memo: JSON.stringify(memo) }
  }
  const { zone, windows } = whereAndWhen(live, outcome, now, zones)
  const after = decideRetry({
    policy: spec.retry,
    attempts,
    memo: retry,
    outcome,
    at: now,
    startedAt: live.fencedAt,
    zone,
    windows,
    random,
    successOutcomes: spec.successOutcomes,
    infrastructureLimit: spec.infrastructureLimit,
  })
  if (after.next !== 'retry') return { terminal: after.next, reason: after.reason }
  return { waitUntil: after.at, memo: JSON.stringify(after.memo), reasons: [after.reason] }
}

const NONE: readonly CallingWindow[] = []

/** The zone for times of day and the hours: few retries need them, and they take a while to find. */
function whereAndWhen(
  { job: { spec }, contact }: LiveCall,
  outcome: Outcome,
  now: number,
  zones: ZoneFinder | undefined,
): { zone: string; windows: readonly CallingWindow[] } {
  const kind = spec.retry.rules[outcome]?.kind
  if (kind === undefined || kind === 'delays' || kind === 'exponential') return { zone: spec.timezone, windows: NONE }
  const { windows } = rulesFor(spec, contact, now, zones)
  return { zone: zoneForTimes(zonesFor(spec, contact, zones), now), windows }
}

/**
 * The same when the person wants to be called again: then, under the same policy. Without an attempt left (somebody has lowered
 * their number since) it stays as it was, and for who marked the call as spam, or a number that there is not.
 */
export function afterEnd(live: LiveCall, { outcome }: CallEnd, next: Next): Next {
  const { job, contact, callback } = live
  if (callback === undefined || outcome === 'unwanted' || outcome === 'invalid_number') return next
  const memo = outcome === undefined ? live.retry : burn(remembered(live, outcome), outcome)
  if (memo.burned >= (contact.attempts ?? job.spec.attempts)) return next
  return { waitUntil: callback, memo: JSON.stringify(memo), reasons: [CALLBACK] }
}

/** Why a contact waits that wants to be called again. */
export const CALLBACK = 'callback'
