import type { ResourceSession } from '../session.js'

/** Tries one rule on a fresh back end; rejects when it breaks it, with `NotTried` when the harness offers no way to try. */
export type ResourceRuleTest = (session: ResourceSession) => Promise<void>

/** Tests by the id of the rule they try. */
export type ResourceRuleTests = Readonly<Record<string, ResourceRuleTest>>
