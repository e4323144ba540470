import { ACCOUNT, FINDING, LISTING, MANIFEST, SECRETS, TOGETHER } from './looking.js'
import { CREATED, CREATING, DELETING, DOUBT, REFUSALS, UPDATING } from './operations.js'
import type { ResourceArea } from './rule.js'

/** Every rule for resource back ends, by subject: what one MUST do. `docs/resource-specification.md` is made of it. */
export const RESOURCE_SPECIFICATION: readonly ResourceArea[] = [
  MANIFEST,
  FINDING,
  LISTING,
  CREATING,
  UPDATING,
  DELETING,
  REFUSALS,
  DOUBT,
  CREATED,
  ACCOUNT,
  SECRETS,
  TOGETHER,
]
