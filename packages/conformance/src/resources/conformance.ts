import type { ResourceBackend } from '@outdial/core'
import type { Verdict } from '../kit/levels.js'
import { NotTried } from '../kit/not-tried.js'
import { defineTrial, type Runner, runTrial } from '../kit/trial.js'
import type { ResourceHarness } from './harness.js'
import type { ResourceConformanceOptions, ResourceRunOptions } from './options.js'
import { isClaimed, type ResourceReport, report } from './report.js'
import { TESTS } from './rules/index.js'
import { ResourceSession } from './session.js'
import { RESOURCE_SPECIFICATION } from './specification/index.js'
import type { ResourceRule } from './specification/rule.js'

type Known = Pick<ResourceBackend, 'type' | 'capabilities'>

/**
 * Defines a test for every rule of the resource specification, in a test runner of your choice. Each is named by its rule and
 * gets a back end and a service of its own. What a back end does not claim is not tried.
 *
 * Throws when the kit itself is incomplete: a rule without a test, or a test without a rule.
 */
export function defineResourceConformance(
  runner: Runner,
  harness: ResourceHarness,
  options: ResourceConformanceOptions = {},
): void {
  let known: Known | undefined
  defineTrial(runner, {
    title: `${harness.name} as a resource back end`,
    areas: RESOURCE_SPECIFICATION,
    tests: TESTS,
    async attempt(rule) {
      const { verdict, backend } = await attempt(rule, harness)
      known = backend
      return verdict
    },
    async done(verdicts) {
      if (known) await options.report?.(report(harness.name, known, verdicts))
    },
  })
}

/** Tries the rules one after the other without a test runner, and answers the report. Never rejects for what the back end does. */
export async function runResourceConformance(
  harness: ResourceHarness,
  options: ResourceRunOptions = {},
): Promise<ResourceReport> {
  let known = await peek(harness)
  const trial = {
    areas: RESOURCE_SPECIFICATION,
    tests: TESTS,
    async attempt(rule: ResourceRule) {
      const { verdict, backend } = await attempt(rule, harness)
      known = backend
      return verdict
    },
  }
  const verdicts = await runTrial(trial, options.rules)
  const made = report(harness.name, known, verdicts)
  await options.report?.(made)
  return made
}

async function peek(harness: ResourceHarness): Promise<Known> {
  const session = await ResourceSession.open(harness)
  await session.close()
  return session.backend
}

async function attempt(rule: ResourceRule, harness: ResourceHarness): Promise<{ verdict: Verdict; backend: Known }> {
  const session = await ResourceSession.open(harness)
  const { backend } = session
  try {
    if (!isClaimed(rule.level, backend)) return { verdict: 'not claimed', backend }
    await TESTS[rule.id]?.(session)
    return { verdict: 'passed', backend }
  } catch (failed) {
    return { verdict: failed instanceof NotTried ? 'not tried' : { failed }, backend }
  } finally {
    await session.close()
  }
}
