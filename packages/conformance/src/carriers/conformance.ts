import type { CarrierCapabilities } from '@outdial/core'
import type { Verdict } from '../kit/levels.js'
import { NotTried } from '../kit/not-tried.js'
import { defineTrial, type Runner, runTrial } from '../kit/trial.js'
import type { CarrierHarness } from './harness.js'
import type { CarrierConformanceOptions, CarrierRunOptions } from './options.js'
import { type CarrierReport, isClaimed, report } from './report.js'
import { TESTS } from './rules/index.js'
import { CarrierSession } from './session.js'
import { CARRIER_SPECIFICATION } from './specification/index.js'
import type { CarrierRule } from './specification/rule.js'

/**
 * Defines a test for every rule of the carrier specification, in a test runner of your choice. Each is named by its rule and
 * gets a carrier and a service of its own. What a carrier does not claim is not tried.
 *
 * Throws when the kit itself is incomplete: a rule without a test, or a test without a rule.
 */
export function defineCarrierConformance(
  runner: Runner,
  harness: CarrierHarness,
  options: CarrierConformanceOptions = {},
): void {
  let known: CarrierCapabilities | undefined
  defineTrial(runner, {
    title: `${harness.name} as a carrier`,
    areas: CARRIER_SPECIFICATION,
    tests: TESTS,
    async attempt(rule) {
      const { verdict, capabilities } = await attempt(rule, harness)
      known = capabilities
      return verdict
    },
    async done(verdicts) {
      if (known) await options.report?.(report(harness.name, known, verdicts))
    },
  })
}

/** Tries the rules one after the other without a test runner, and answers the report. Never rejects for what the carrier does. */
export async function runCarrierConformance(
  harness: CarrierHarness,
  options: CarrierRunOptions = {},
): Promise<CarrierReport> {
  let { capabilities } = await peek(harness)
  const trial = {
    areas: CARRIER_SPECIFICATION,
    tests: TESTS,
    async attempt(rule: CarrierRule) {
      const tried = await attempt(rule, harness)
      capabilities = tried.capabilities
      return tried.verdict
    },
  }
  const verdicts = await runTrial(trial, options.rules)
  const made = report(harness.name, capabilities, verdicts)
  await options.report?.(made)
  return made
}

async function peek(harness: CarrierHarness): Promise<{ capabilities: CarrierCapabilities }> {
  const session = await CarrierSession.open(harness)
  const { capabilities } = session.carrier
  await session.close()
  return { capabilities }
}

async function attempt(
  rule: CarrierRule,
  harness: CarrierHarness,
): Promise<{ verdict: Verdict; capabilities: CarrierCapabilities }> {
  const session = await CarrierSession.open(harness)
  const { capabilities } = session.carrier
  try {
    if (!isClaimed(rule.level, session.carrier)) return { verdict: 'not claimed', capabilities }
    await TESTS[rule.id]?.(session)
    return { verdict: 'passed', capabilities }
  } catch (failed) {
    return { verdict: failed instanceof NotTried ? 'not tried' : { failed }, capabilities }
  } finally {
    await session.close()
  }
}
