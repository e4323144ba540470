import { cooldownChecks } from '../policy/cooldowns.js'
import { rulesFor } from '../policy/rules/rules-for.js'
import { type CapTarget, capTarget } from '../policy/subjects.js'
import type { Contact } from '../ports/contacts.js'
import type { Hold, ListCheck } from '../ports/storage-limits.js'
import type { ZoneFinder } from '../ports/zones.js'
import { capHoldsOf } from './caps.js'
import type { CallSpec, JobContext } from './spec.js'

type Job = Pick<JobContext<CallSpec>, 'organization' | 'spec' | 'suppressions'>

const NO_HOLDS: readonly Hold[] = []

/** A contact of a job, as rules count people. */
export function targetOf({ organization, spec }: Pick<Job, 'organization' | 'spec'>, contact: Contact): CapTarget {
  return capTarget(organization, contact, spec.identify)
}

/** The caps that a call to this contact counts under: what its fence takes. */
export function capsFor(job: Job, contact: Contact, at: number, zones?: ZoneFinder): readonly Hold[] {
  const rules = rulesFor(job.spec, contact, at, zones).caps
  return rules.length === 0 ? NO_HOLDS : capHoldsOf(rules, targetOf(job, contact))
}

/** The lists on which a contact must not be: suppression, and cool-downs. */
export function absencesFor(job: Job, contact: Contact): ListCheck[] {
  const checks: ListCheck[] = job.suppressions.map((list) => ({ list, member: contact.phone }))
  return cooldownChecks(targetOf(job, contact), checks)
}
