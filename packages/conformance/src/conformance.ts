import type { StorageCapabilities } from '@outdial/core'
import type { Harness, Runner } from './harness.js'
import type { ConformanceOptions } from './options.js'
import { isClaimed, type Report, report, type Verdict } from './report.js'
import { TESTS } from './rules/index.js'
import type { RuleTests } from './rules/rule-test.js'
import { Session } from './session.js'
import { SPECIFICATION } from './specification/index.js'
import type { Area, Rule } from './specification/rule.js'

/**
 * Defines a test for every rule of the storage specification, in a test runner of your choice. Each is named by its rule
 * and gets a store of its own. What a store does not claim (`capabilities`) is not tried; there is nothing else to skip.
 *
 * Throws when the kit itself is incomplete: a rule without a test, or a test without a rule.
 */
export function defineConformance({ describe, it }: Runner, harness: Harness, options: ConformanceOptions = {}): void {
  const rules = complete(SPECIFICATION, TESTS)
  const verdicts = new Map<string, Verdict>()
  let known: StorageCapabilities | undefined
  describe(`${harness.name} as a storage adapter`, () => {
    for (const { title, rules: defined } of SPECIFICATION) {
      describe(title, () => {
        for (const rule of defined) {
          it(`${rule.id} MUST ${rule.sentence}`, async () => {
            try {
              const { verdict, capabilities } = await attempt(rule, harness, options)
              known = capabilities
              verdicts.set(rule.id, verdict)
              if (typeof verdict === 'object') throw verdict.failed
            } catch (error) {
              verdicts.set(rule.id, { failed: error })
              throw error
            } finally {
              if (known && verdicts.size === rules.length) {
                await options.report?.(report(harness.name, known, verdicts))
              }
            }
          })
        }
      })
    }
  })
}

/** Which rules to try. */
export interface RunOptions extends ConformanceOptions {
  /** Ids of the rules to try. Default: all of them. The report has only these. */
  readonly rules?: readonly string[]
}

/** Tries the rules one after the other without a test runner, and answers the report. Never rejects for what the store does. */
export async function runConformance(harness: Harness, options: RunOptions = {}): Promise<Report> {
  const rules = complete(SPECIFICATION, TESTS).filter(({ id }) => options.rules?.includes(id) ?? true)
  const verdicts = new Map<string, Verdict>()
  let { capabilities } = await peek(harness)
  for (const rule of rules) {
    const tried = await attempt(rule, harness, options)
    capabilities = tried.capabilities
    verdicts.set(rule.id, tried.verdict)
  }
  const made = report(harness.name, capabilities, verdicts)
  await options.report?.(made)
  return made
}

/** All rules, if each has its test and each test its rule. */
export function complete(areas: readonly Area[], tests: RuleTests): Rule[] {
  const rules = areas.flatMap((area) => area.rules)
  const ids = rules.map(({ id }) => id)
  const untested = ids.filter((id) => !(id in tests))
  const unknown = Object.keys(tests).filter((id) => !ids.includes(id))
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i)
  if (untested.length + unknown.length + twice.length > 0) {
    throw new Error(
      `The kit is incomplete. Rules without a test: ${untested.join(', ') || 'none'}. ` +
        `Tests without a rule: ${unknown.join(', ') || 'none'}. Ids used twice: ${twice.join(', ') || 'none'}.`,
    )
  }
  return rules
}

async function peek(harness: Harness): Promise<{ capabilities: StorageCapabilities }> {
  const session = await Session.open(harness)
  const { capabilities } = session.storage
  await session.close()
  return { capabilities }
}

async function attempt(
  rule: Rule,
  harness: Harness,
  options: ConformanceOptions,
): Promise<{ verdict: Verdict; capabilities: StorageCapabilities }> {
  const session = await Session.open(harness)
  const { capabilities } = session.storage
  try {
    if (!isClaimed(rule.level, capabilities)) return { verdict: 'not claimed', capabilities }
    if (rule.needsGivenClock && harness.clock === 'own') return { verdict: 'not tried', capabilities }
    await TESTS[rule.id]?.(session, options)
    return { verdict: 'passed', capabilities }
  } catch (failed) {
    return { verdict: { failed }, capabilities }
  } finally {
    await session.close()
  }
}
