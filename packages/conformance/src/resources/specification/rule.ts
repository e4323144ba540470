import type { AreaOf, RuleOf } from '../../kit/rule.js'

export { rules } from '../../kit/rule.js'

/** The levels, in the order of the report. */
export const LEVELS = ['core', 'list', 'findCreated', 'check'] as const
/** See {@link LEVELS}. */
export type ResourceLevel = (typeof LEVELS)[number]

/** One sentence of the resource specification: what a back end MUST do. Its id is `R-` and three digits. */
export type ResourceRule = RuleOf<ResourceLevel>

/** The rules about one subject, in the order of the specification. */
export type ResourceArea = AreaOf<ResourceRule>
