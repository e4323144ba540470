import { account, secrets } from './account.js'
import { creating, deleting, updating } from './changing.js'
import { created, doubt } from './doubt.js'
import { finding, manifest } from './finding.js'
import { listing } from './listing.js'
import { refusals } from './refusals.js'
import type { ResourceRuleTests } from './rule-test.js'
import { together } from './together.js'

/** The test of every rule. */
export const TESTS: ResourceRuleTests = {
  ...manifest,
  ...finding,
  ...listing,
  ...creating,
  ...updating,
  ...deleting,
  ...refusals,
  ...doubt,
  ...created,
  ...account,
  ...secrets,
  ...together,
}
