import type { CallerIdLimits, CallerIdRules, ParsedCallerIds } from './pool-options.js'

/*
 * What a job has said of the limits of its numbers, kept so that its options can be shown and given again. Limits are stored with the
 * numbers, for all jobs; this only tells which the job has set.
 */

/** The rules of a job after it was given others: what is said now counts before what was said, of all numbers or of one. */
export function withSaid(
  was: CallerIdRules | undefined,
  { rules, limits, numbers }: ParsedCallerIds,
  from: readonly string[],
): CallerIdRules {
  const ofAll = said(limits)
  const single = from.flatMap((number) => {
    const before = Object.entries(was?.numbers?.[number] ?? {}).filter(([name]) => !(name in ofAll))
    const limits: CallerIdLimits = { ...Object.fromEntries(before), ...said(numbers[number]) }
    return isEmpty(limits) ? [] : [[number, limits] as const]
  })
  return made(rules, { ...was?.limits, ...ofAll }, single)
}

/** The same rules for other numbers. What was said of all is not said of those that have come since. */
export function saidOf(rules: CallerIdRules, before: readonly string[], from: readonly string[]): CallerIdRules {
  const { limits = {}, numbers = {} } = rules
  const known = new Set(before)
  const joined = from.some((number) => !known.has(number))
  const single = from.flatMap((number) => {
    const own = { ...(joined && known.has(number) && limits), ...numbers[number] }
    return isEmpty(own) ? [] : [[number, own] as const]
  })
  return made(rules, joined ? {} : limits, single)
}

function made(
  { order, sticky, localPresence }: Pick<CallerIdRules, 'order' | 'sticky' | 'localPresence'>,
  limits: CallerIdLimits,
  single: readonly (readonly [number: string, limits: CallerIdLimits])[],
): CallerIdRules {
  return {
    order,
    sticky,
    localPresence,
    ...(!isEmpty(limits) && { limits }),
    ...(single.length > 0 && { numbers: Object.fromEntries(single) }),
  }
}

function said(limits: CallerIdLimits = {}): CallerIdLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

function isEmpty(limits: CallerIdLimits): boolean {
  return Object.keys(limits).length === 0
}
