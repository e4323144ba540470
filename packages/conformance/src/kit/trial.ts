import type { Verdict } from './levels.js'
import { type AreaOf, complete, type RuleOf } from './rule.js'

/** The two functions of a test runner that a kit uses: those of vitest, node:test, jest, mocha or Bun. */
export interface Runner {
  describe(name: string, define: () => void): unknown
  it(name: string, test: () => Promise<void>): unknown
}

/** An adapter, and how a kit tries its rules. */
export interface Trial<Rule extends RuleOf<string>> {
  /** Names the adapter, and what it is tried as. */
  readonly title: string
  readonly areas: readonly AreaOf<Rule>[]
  /** Tests by the id of the rule they try. */
  readonly tests: Readonly<Record<string, unknown>>
  /** Tries one rule on a fresh adapter. Rejects only when there is no adapter to try. */
  attempt(rule: Rule): Promise<Verdict>
  /** Called when every rule has its verdict. */
  done(verdicts: ReadonlyMap<string, Verdict>): void | Promise<void>
}

/** Defines a test for every rule, named by it. */
export function defineTrial<Rule extends RuleOf<string>>({ describe, it }: Runner, trial: Trial<Rule>): void {
  const { length } = complete(trial.areas, trial.tests)
  const verdicts = new Map<string, Verdict>()
  describe(trial.title, () => {
    for (const { title, rules } of trial.areas) {
      describe(title, () => {
        for (const rule of rules) {
          it(`${rule.id} MUST ${rule.sentence}`, async () => {
            try {
              const verdict = await trial.attempt(rule)
              verdicts.set(rule.id, verdict)
              if (typeof verdict === 'object') throw verdict.failed
            } catch (error) {
              verdicts.set(rule.id, { failed: error })
              throw error
            } finally {
              if (verdicts.size === length) await trial.done(verdicts)
            }
          })
        }
      })
    }
  })
}

/** Tries rules one after the other without a test runner: those of `ids`, or all. */
export async function runTrial<Rule extends RuleOf<string>>(
  trial: Omit<Trial<Rule>, 'title' | 'done'>,
  ids?: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  for (const rule of complete(trial.areas, trial.tests)) {
    if (ids?.includes(rule.id) ?? true) verdicts.set(rule.id, await trial.attempt(rule))
  }
  return verdicts
}
