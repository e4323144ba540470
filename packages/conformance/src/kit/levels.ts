import type { AreaOf, RuleOf } from './rule.js'

/** What came of one rule. */
export type Verdict = 'passed' | 'not claimed' | 'not tried' | { readonly failed: unknown }

/** One level of a report, in numbers of rules. */
export interface LevelReport {
  readonly passed: number
  readonly failed: number
  /** Rules that were not tried, because the adapter does not claim the capability. */
  readonly notClaimed: number
  /** Rules that could not be tried with this harness: a clock that cannot be moved, or something that it does not offer. */
  readonly notTried: readonly string[]
  readonly failures: readonly Failure[]
}

/** A rule that was broken. */
export interface Failure {
  readonly rule: string
  readonly sentence: string
  readonly message: string
}

/** What came of the rules, level by level. Rules without a verdict are left out. */
export function levelReports<Level extends string>(
  levels: readonly Level[],
  areas: readonly AreaOf<RuleOf<Level>>[],
  verdicts: ReadonlyMap<string, Verdict>,
): Record<Level, LevelReport> {
  const rules = areas.flatMap((area) => area.rules)
  return Object.fromEntries(
    levels.map((level) => {
      const failures: Failure[] = []
      let passed = 0
      let notClaimed = 0
      const notTried: string[] = []
      for (const rule of rules.filter((each) => each.level === level)) {
        const verdict = verdicts.get(rule.id)
        if (verdict === 'passed') passed++
        else if (verdict === 'not claimed') notClaimed++
        else if (verdict === 'not tried') notTried.push(rule.id)
        else if (verdict) failures.push({ rule: rule.id, sentence: rule.sentence, message: textOf(verdict.failed) })
      }
      return [level, { passed, failed: failures.length, notClaimed, notTried, failures }]
    }),
  ) as unknown as Record<Level, LevelReport>
}

/** With what caused it: a search says how to repeat a failure, its cause what was wrong. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}\nCaused by: ${textOf(error.cause)}`
}
