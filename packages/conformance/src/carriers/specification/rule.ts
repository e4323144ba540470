import type { AreaOf, RuleOf } from '../../kit/rule.js'

export { rules } from '../../kit/rule.js'

/** The levels, in the order of the report. */
export const LEVELS = [
  'core',
  'events',
  'webhooks',
  'push',
  'amd',
  'lookup',
  'hangup',
  'idempotency',
  'check',
  'needs',
] as const
/** See {@link LEVELS}. */
export type CarrierLevel = (typeof LEVELS)[number]

/** One sentence of the carrier specification: what a carrier MUST do. Its id is `C-` and three digits. */
export type CarrierRule = RuleOf<CarrierLevel>

/** The rules about one subject, in the order of the specification. */
export type CarrierArea = AreaOf<CarrierRule>
