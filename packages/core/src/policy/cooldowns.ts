import * as z from 'zod'
import { OUTCOMES, type Outcome } from '../lifecycle/outcome.js'
import type { Enlisting, ListCheck } from '../ports/storage-limits.js'
import { cached } from './cached.js'
import { DAY, type Duration, durationBetween, SECOND } from './duration.js'
import { type CapSubject, type CapTarget, countedAs, escaped } from './subjects.js'

/** Whom a cool-down leaves alone: a whole organization would be a pause. */
export type CooldownSubject = Exclude<CapSubject, 'organization'>

/**
 * After an outcome, or a word that an agent reports, the person is left alone for a while: over all jobs of the organization and all
 * caller ids, the task itself included.
 */
export interface CooldownOptions {
  /** Outcomes that begin it. */
  after?: readonly Outcome[] | undefined
  /** Dispositions (`calls.report`) that begin it, e.g. `refused`. At least one of both is named. */
  dispositions?: readonly string[] | undefined
  /** One second to 366 days: from the end of the call, or from the report of the disposition if that comes before. */
  wait: Duration
  /** Who is left alone. Default `phone`. */
  per?: CooldownSubject | undefined
}

/** A {@link CooldownOptions} with its time in milliseconds. */
export interface CooldownRule {
  readonly after: readonly Outcome[]
  readonly dispositions: readonly string[]
  readonly waitMs: number
  readonly per: CooldownSubject
}

const cooldown = z
  .strictObject({
    after: z.array(z.enum(OUTCOMES)).optional(),
    dispositions: z.array(z.string().min(1).max(200)).optional(),
    wait: durationBetween(SECOND, 366 * DAY),
    per: z.enum(['phone', 'externalId', 'contact', 'subject']).optional(),
  })
  .refine(({ after = [], dispositions = [] }) => after.length + dispositions.length > 0, {
    path: ['after'],
    error: 'name at least one outcome or disposition that begins it',
  })
  .transform(
    ({ after = [], dispositions = [], wait, per = 'phone' }): CooldownRule => ({
      after,
      dispositions,
      waitMs: wait,
      per,
    }),
  )

/** Reads a job's cool-downs. */
export const cooldownsSchema: z.ZodType<readonly CooldownRule[], readonly CooldownOptions[]> = z
  .array(cooldown)
  .max(16) as unknown as z.ZodType<readonly CooldownRule[], readonly CooldownOptions[]>

/** What begins a cool-down: what came of a call, or a word about it. */
export type Occasion = { outcome: Outcome } | { disposition: string }

/** The entries that leave a person alone from now on, by these rules; the later end where two rules mean the same person. */
export function cooldownsBegun(
  rules: readonly CooldownRule[],
  occasion: Occasion,
  target: CapTarget,
  now: number,
): Enlisting[] {
  const reason = 'outcome' in occasion ? occasion.outcome : occasion.disposition
  const begun = new Map<string, Enlisting & { until: number }>()
  for (const rule of rules) {
    if (!begins(rule, occasion)) continue
    const { list, member } = placeOf(rule.per, target)
    const until = now + rule.waitMs
    const other = begun.get(list)
    if (other === undefined || other.until < until) begun.set(list, { list, member, until, reason })
  }
  return [...begun.values()]
}

/**
 * The lists on which a contact must not be to be called, added to others. A cool-down counts for all jobs of its organization, so that the
 * number is always asked for, and whoever else the contact is known as.
 */
export function cooldownChecks(target: CapTarget, checks: ListCheck[] = []): ListCheck[] {
  checks.push(placeOf('phone', target))
  // A call about nothing named is one about the same thing as all others such, whatever the rules of its own job.
  checks.push(placeOf('subject', target))
  if (target.externalId !== undefined) checks.push(placeOf('externalId', target))
  if (target.person !== undefined) checks.push(placeOf('contact', target))
  return checks
}

/** Whether a list is one of cool-downs: who is on it waits, instead of never being called. */
export function isCooldownList(list: string): boolean {
  return list.startsWith('cooldown:')
}

function begins({ after, dispositions }: CooldownRule, occasion: Occasion): boolean {
  return 'outcome' in occasion ? after.includes(occasion.outcome) : dispositions.includes(occasion.disposition)
}

/** `cooldown:phone:ORG` and the number, and so on. */
function placeOf(per: CooldownSubject, target: CapTarget): ListCheck {
  const { kind, id } = countedAs(per, target)
  return { list: listOf(kind, target.organization), member: id }
}

/** The names of an organization's lists: asked for before each call, and looked up by stores as often. */
const lists = new Map<string, ListNames>()
const MOST_ORGANIZATIONS = 1000

type ListNames = Partial<Record<CapSubject, string>>
const noNames = (): ListNames => ({})

function listOf(kind: CapSubject, organization: string): string {
  const names = cached(lists, MOST_ORGANIZATIONS, organization, noNames)
  names[kind] ??= `cooldown:${kind}:${escaped(organization)}`
  return names[kind]
}
