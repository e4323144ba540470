import type { ModelOptions } from '../options.js'
import type { Session } from '../session.js'

/** Tries one rule on a fresh store; rejects when the store breaks it. */
export type RuleTest = (store: Session, options: ModelOptions) => Promise<void>

/** Tests by the id of the rule they try. */
export type RuleTests = Readonly<Record<string, RuleTest>>
