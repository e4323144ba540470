import type { CapRule } from '../policy/caps.js'
import type { Limit } from '../ports/storage-limits.js'

/** The limits behind the caps of a job. */
export function capLimitsOf(jobId: string, rules: readonly CapRule[], revision: number): Limit[] {
  return rules.map((rule) => ({ key: `cap:${jobId}:${rule.per}:${rule.windowMs}`, revision, cap: rule.max, windowMs: rule.windowMs }))
}
