import type { AreaOf, RuleOf } from '../kit/rule.js'

export { rules } from '../kit/rule.js'

/** The levels, in the order of the report. */
export const LEVELS = ['core', 'shared', 'durable', 'paced', 'fair'] as const
/** See {@link LEVELS}. */
export type Level = (typeof LEVELS)[number]

/** One sentence of the storage specification: what a store MUST do. Its id is `S-` and three digits. */
export interface Rule extends RuleOf<Level> {
  /** Whether it can be tried only where the kit moves the clock. The report says which rules were not tried because of that. */
  readonly needsGivenClock?: true
}

/** The rules about one subject, in the order of the specification. */
export type Area = AreaOf<Rule>
