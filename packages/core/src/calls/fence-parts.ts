import { numberAlternatives } from '../caller-ids/choice.js'
import type { CallSpec, JobContext } from '../jobs/spec.js'
import type { Contact } from '../ports/contacts.js'
import type { Fence } from '../ports/storage-exchange.js'
import type { Hold } from '../ports/storage-limits.js'
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
  money: readonly Hold[] = [],
): FenceParts {
  const caps = decider.caps(job, contact)
  return {
    all: money.length === 0 ? caps : [...caps, ...money],
    anyOf: numberAlternatives(job, from),
    absent: decider.absences(job, contact),
  }
}
