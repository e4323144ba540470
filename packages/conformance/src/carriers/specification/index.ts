import { ACCOUNT, HANGUP, LOOKUP, SECRETS, TOGETHER } from './asking.js'
import { EVENTS, PUSH, WEBHOOKS } from './events.js'
import { DOUBT, IDEMPOTENCY, MANIFEST, PLACING, REFUSALS } from './placing.js'
import type { CarrierArea } from './rule.js'

/** Every rule for carriers, by subject: what one MUST do. `docs/carrier-specification.md` is made of it. */
export const CARRIER_SPECIFICATION: readonly CarrierArea[] = [
  MANIFEST,
  PLACING,
  REFUSALS,
  DOUBT,
  IDEMPOTENCY,
  EVENTS,
  WEBHOOKS,
  PUSH,
  LOOKUP,
  HANGUP,
  ACCOUNT,
  SECRETS,
  TOGETHER,
]
