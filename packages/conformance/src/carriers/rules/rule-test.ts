import type { CarrierSession } from '../session.js'

/** Tries one rule on a fresh carrier; rejects when the carrier breaks it, with `NotTried` when the harness offers no way to try. */
export type CarrierRuleTest = (session: CarrierSession) => Promise<void>

/** Tests by the id of the rule they try. */
export type CarrierRuleTests = Readonly<Record<string, CarrierRuleTest>>
