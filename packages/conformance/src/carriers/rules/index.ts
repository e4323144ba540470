import { account } from './account.js'
import { doubt } from './doubt.js'
import { events } from './events.js'
import { hangup } from './hangup.js'
import { idempotency } from './idempotency.js'
import { lookup } from './lookup.js'
import { manifest } from './manifest.js'
import { placing } from './placing.js'
import { push } from './push.js'
import { refusals } from './refusals.js'
import type { CarrierRuleTests } from './rule-test.js'
import { secrets } from './secrets.js'
import { together } from './together.js'
import { webhooks } from './webhooks.js'

/** The test of every rule. */
export const TESTS: CarrierRuleTests = {
  ...manifest,
  ...placing,
  ...refusals,
  ...doubt,
  ...idempotency,
  ...events,
  ...webhooks,
  ...push,
  ...lookup,
  ...hangup,
  ...account,
  ...secrets,
  ...together,
}
