import { cached, derivedFrom } from '../policy/cached.js'
import { type CapRule, type CapTarget, capKey } from '../policy/caps.js'
import type { Hold, Limit } from '../ports/storage-limits.js'

/** The limits behind the caps of a job. Their keys say all about them, so that jobs with the same cap share its counts. */
export function capLimitsOf(organization: string, rules: readonly CapRule[]): Limit[] {
  return rules.map((rule) => ({
    key: limitKey(organization, rule),
    revision: 1,
    cap: rule.max,
    windowMs: rule.windowMs,
  }))
}

/** What the fence of a call to this contact takes. Where two rules count the same, one hold by the stricter: it is one call. */
export function capHoldsOf(rules: readonly CapRule[], target: CapTarget): Hold[] {
  const holds: Hold[] = []
  const strictest: CapRule[] = []
  for (const rule of rules) {
    const key = capKey(rule, target)
    // A job has few rules.
    const known = holds.findIndex((hold) => hold.key === key)
    if (known >= 0 && rule.max >= (strictest[known] as CapRule).max) continue
    const at = known < 0 ? holds.length : known
    holds[at] = holdOf(rule, key, target)
    strictest[at] = rule
  }
  return holds
}

const limitKeys = new WeakMap<CapRule, Map<string, string>>()
const MOST_ORGANIZATIONS = 1000

function holdOf(rule: CapRule, key: string, { organization }: CapTarget): Hold {
  const known = derivedFrom(limitKeys, rule, () => new Map<string, string>())
  return { key, limit: cached(known, MOST_ORGANIZATIONS, organization, () => limitKey(organization, rule)), n: 1 }
}

function limitKey(organization: string, { per, max, windowMs }: CapRule): string {
  return `cap:${per}:${max}:${windowMs}:${organization}`
}
