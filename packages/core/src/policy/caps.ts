import * as z from 'zod'
import type { Hold, Limit } from '../ports/storage-limits.js'
import { DAY, type Duration, durationBetween, formatDuration, SECOND } from './duration.js'
import { CAP_SUBJECTS, type CapSubject, type CapTarget, countedAs, escaped } from './subjects.js'

export type { CapSubject, CapTarget } from './subjects.js'

/**
 * A rolling cap: at most `max` calls to the same person in any span of `within`, over all jobs of the organization with a cap of the same
 * `per` and `within`, whatever its `max`, and all caller ids. Every call that may have been placed counts, those of unknown outcome included.
 */
export interface CapOptions {
  /** Who the same person is. */
  per: CapSubject
  max: number
  /** One second to 366 days. */
  within: Duration
}

/** A {@link CapOptions} with its span in milliseconds. */
export interface CapRule {
  readonly per: CapSubject
  readonly max: number
  readonly windowMs: number
}

/** Reads a job's caps. Two of the same subject and span contradict each other or say the same, so they are refused. */
export const capsSchema: z.ZodType<readonly CapRule[], readonly CapOptions[]> = z
  .array(
    z
      .strictObject({
        per: z.enum(CAP_SUBJECTS),
        max: z.int().min(1).max(1_000_000),
        within: durationBetween(SECOND, 366 * DAY),
      })
      .transform(({ per, max, within }): CapRule => ({ per, max, windowMs: within })),
  )
  .max(8)
  .check((context) => {
    const seen = new Set<string>()
    context.value.forEach((rule, index) => {
      const name = capName(rule)
      if (seen.has(name)) {
        context.issues.push({
          code: 'custom',
          path: [index],
          message: `there is a cap per ${rule.per} within ${formatDuration(rule.windowMs)} already`,
          input: context.value,
        })
      }
      seen.add(name)
    })
  })

/** The key under which a store counts a cap: `cap:phone:ORG:+12025550100:86400000`. */
export function capKey(rule: CapRule, target: CapTarget): string {
  const { kind, id } = countedAs(rule.per, target)
  return `cap:${kind}:${escaped(target.organization)}:${id}:${rule.windowMs}`
}

/** What a fence has to take. Two rules that come to count the same thing are one hold. */
export function capHolds(rules: readonly CapRule[], target: CapTarget): Hold[] {
  return [...new Set(rules.map((rule) => capKey(rule, target)))].map((key) => ({ key, n: 1 }))
}

/** The limits behind {@link capHolds}; where two rules count the same thing, the stricter. */
export function capLimits(rules: readonly CapRule[], target: CapTarget, revision: number): Limit[] {
  const limits = new Map<string, Limit>()
  for (const rule of rules) {
    const key = capKey(rule, target)
    const other = limits.get(key)
    const max = other !== undefined && 'cap' in other ? Math.min(other.cap, rule.max) : rule.max
    limits.set(key, { key, revision, cap: max, windowMs: rule.windowMs })
  }
  return [...limits.values()]
}

function capName(rule: CapRule): string {
  return `${rule.per}:${rule.windowMs}`
}
