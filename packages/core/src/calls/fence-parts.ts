import { numberAlternatives } from '../caller-ids/choice.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Contact } from '../ports/contacts.js'
import type { Fence } from '../ports/storage-exchange.js'
import type { DialDecider } from './dial-decider.js'

/** What the store is asked, and takes, when a contact is dialed. */
export type FenceParts = Pick<Fence, 'all' | 'anyOf' | 'absent'>

/**
 * Everything that the store decides about a call to this contact. The one place that says it: who looks ahead asks the store
 * about the same.
 */
export function fenceParts(
  job: JobContext<CallSpec>,
  contact: Contact,
  from: readonly string[],
  decider: DialDecider,
): FenceParts {
  return {
    all: decider.caps(job, contact),
    anyOf: numberAlternatives(job, from),
    absent: job.suppressions.map((list) => ({ list, member: contact.phone })),
  }
}
