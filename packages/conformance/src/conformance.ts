import type { StorageCapabilities } from '@outdial/core'
import type { Harness } from './harness.js'
import type { Verdict } from './kit/levels.js'
import { defineTrial, type Runner, runTrial } from './kit/trial.js'
import type { ConformanceOptions } from './options.js'
import { isClaimed, type Report, report } from './report.js'
import { TESTS } from './rules/index.js'
import { Session } from './session.js'
import { SPECIFICATION } from './specification/index.js'
import type { Rule } from './specification/rule.js'

/**
 * Defines a test for every rule of the storage specification, in a test runner of your choice. Each is named by its rule
 * and gets a store of its own. What a store does not claim (`capabilities`) is not tried; there is nothing else to skip.
 *
 * Throws when the kit itself is incomplete: a rule without a test, or a test without a rule.
 */
export function defineConformance(runner: Runner, harness: Harness, options: ConformanceOptions = {}): void {
  let known: StorageCapabilities | undefined
  defineTrial(runner, {
    title: `${harness.name} as a storage adapter`,
    areas: SPECIFICATION,
    tests: TESTS,
    async attempt(rule) {
      const { verdict, capabilities } = await attempt(rule, harness, options)
      known = capabilities
      return verdict
    },
    async done(verdicts) {
      if (known) await options.report?.(report(harness.name, known, verdicts))
    },
  })
}

/** Which rules to try. */
export interface RunOptions extends ConformanceOptions {
  /** Ids of the rules to try. Default: all of them. The report has only these. */
  readonly rules?: readonly string[]
}

/** Tries the rules one after the other without a test runner, and answers the report. Never rejects for what the store does. */
export async function runConformance(harness: Harness, options: RunOptions = {}): Promise<Report> {
  let { capabilities } = await peek(harness)
  const trial = {
    areas: SPECIFICATION,
    tests: TESTS,
    async attempt(rule: Rule) {
      const tried = await attempt(rule, harness, options)
      capabilities = tried.capabilities
      return tried.verdict
    },
  }
  const verdicts = await runTrial(trial, options.rules)
  const made = report(harness.name, capabilities, verdicts)
  await options.report?.(made)
  return made
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
