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
  const strictest = new Map<string, CapRule>()
  for (const rule of rules) {
    const key = capKey(rule, target)
    const other = strictest.get(key)
    if (other === undefined || rule.max < other.max) strictest.set(key, rule)
  }
  return [...strictest].map(([key, rule]) => ({ key, limit: limitKey(target.organization, rule), n: 1 }))
}

function limitKey(organization: string, { per, max, windowMs }: CapRule): string {
  return `cap:${per}:${max}:${windowMs}:${organization}`
}
