import { claims } from './claims.js'
import { durable } from './durable.js'
import { exchange } from './exchange.js'
import { fair } from './fair.js'
import { fences } from './fences.js'
import { intake } from './intake.js'
import { jobs, manifest } from './jobs.js'
import { life } from './life.js'
import { limits } from './limits.js'
import { looking } from './looking.js'
import { paced } from './paced.js'
import { reading, removal } from './reading.js'
import { reports } from './reports.js'
import type { RuleTests } from './rule-test.js'
import { shared } from './shared.js'
import { waiting } from './waiting.js'
import { whatever } from './whatever.js'

/** The test of every rule. */
export const TESTS: RuleTests = {
  ...manifest,
  ...jobs,
  ...intake,
  ...exchange,
  ...claims,
  ...fences,
  ...limits,
  ...reports,
  ...life,
  ...waiting,
  ...looking,
  ...reading,
  ...removal,
  ...paced,
  ...fair,
  ...shared,
  ...durable,
  ...whatever,
}
