import { claims } from './claims.js'
import { durable } from './durable.js'
import { exchange } from './exchange.js'
import { fair } from './fair.js'
import { fences } from './fences.js'
import { intake } from './intake.js'
import { jobs, manifest } from './jobs.js'
import { ledger } from './ledger.js'
import { life } from './life.js'
import { limits } from './limits.js'
import { lists } from './lists.js'
import { looking } from './looking.js'
import { mixed } from './mixed.js'
import { paced } from './paced.js'
import { reading, removal } from './reading.js'
import { reports } from './reports.js'
import type { RuleTests } from './rule-test.js'
import { shared } from './shared.js'
import { usages } from './usage.js'
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
  ...lists,
  ...usages,
  ...ledger,
  ...mixed,
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
