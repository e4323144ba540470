import { targetOf } from '../jobs/person-rules.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import { listName, saidListName } from '../jobs/suppression-lists.js'
import type { Outcome } from '../lifecycle/outcome.js'
import { cooldownsBegun, isCooldownList, type Occasion } from '../policy/cooldowns.js'
import { rulesFor } from '../policy/rules/rules-for.js'
import { DEFAULT_SUPPRESS_AFTER, type SuppressList } from '../policy/suppress-after.js'
import type { Contact } from '../ports/contacts.js'
import type { Next } from '../ports/storage-jobs.js'
import type { Enlisting } from '../ports/storage-limits.js'
import type { ZoneFinder } from '../ports/zones.js'

type Job = Pick<JobContext<CallSpec>, 'id' | 'organization' | 'spec'>

/** Longer reasons are cut: it is what stores take. */
const LONGEST_REASON = 200

/** What almost every call enlists. */
const NOBODY: readonly Enlisting[] = []

/** Why a contact waits that has been called, or heard, not long enough ago. */
export const COOLDOWN = 'cooldown'

/**
 * Puts a number on a do-not-call list of a job or its organization, in the step of the report that it comes with. It is also noted that it
 * came of a call: a list that is replaced by a file keeps such entries.
 */
export function suppressing(
  { id, organization }: Pick<Job, 'id' | 'organization'>,
  list: SuppressList,
  phone: string,
  why: string,
): Enlisting[] {
  const scope = list === 'job' ? { job: id } : { organization }
  const entry = { member: phone, reason: why.slice(0, LONGEST_REASON) }
  return [
    { list: listName(scope), ...entry },
    { list: saidListName(scope), ...entry },
  ]
}

/** Who is listed because of what came of a call: on do-not-call lists, and on those of cool-downs. */
export function enlistedByOutcome(
  job: Job,
  contact: Contact,
  outcome: Outcome | undefined,
  now: number,
  zones?: ZoneFinder,
): readonly Enlisting[] {
  if (outcome === undefined) return NOBODY
  const cooled = cooling(job, contact, { outcome }, now, zones)
  const rules = job.spec.suppressAfter ?? DEFAULT_SUPPRESS_AFTER
  if (!rules.some((rule) => rule.outcome === outcome)) return cooled
  const lists = rules.filter((rule) => rule.outcome === outcome)
  return [...lists.flatMap(({ list }) => suppressing(job, list, contact.phone, outcome)), ...cooled]
}

/** Who is left alone for a while because of what an agent reports. */
export function enlistedByDisposition(
  job: Job,
  contact: Contact,
  disposition: string,
  now: number,
  zones?: ZoneFinder,
): readonly Enlisting[] {
  return cooling(job, contact, { disposition }, now, zones)
}

/** What a contact does next when it is left alone meanwhile: the same, not before that is over. */
export function afterCooldown(next: Next, enlisted: readonly Enlisting[]): Next {
  if (enlisted.length === 0 || 'terminal' in next) return next
  const until = Math.max(0, ...enlisted.map((one) => (isCooldownList(one.list) ? (one.until ?? 0) : 0)))
  if (until <= next.waitUntil) return next
  return { ...next, waitUntil: until, reasons: [...(next.reasons ?? []), COOLDOWN] }
}

function cooling(
  job: Job,
  contact: Contact,
  occasion: Occasion,
  now: number,
  zones?: ZoneFinder,
): readonly Enlisting[] {
  const { cooldowns } = rulesFor(job.spec, contact, now, zones)
  if (cooldowns.length === 0) return NOBODY
  return cooldownsBegun(cooldowns, occasion, targetOf(job, contact), now).map((one) => ({
    ...one,
    reason: one.reason?.slice(0, LONGEST_REASON) ?? '',
  }))
}
