import * as z from 'zod'

/**
 * Whom a rule counts, or leaves alone. Each is within one organization.
 *
 * - `phone`: the called number.
 * - `externalId`: the host's id of the contact; a contact without one counts by its number.
 * - `contact`: the person, whatever number they are called at: what `identify.person` names; without it as `externalId`.
 * - `subject`: the same person about the same thing, a debt for instance: what `identify.subject` names; calls
 *   about nothing named are about one thing.
 * - `organization`: everybody it calls.
 */
export type CapSubject = 'phone' | 'externalId' | 'contact' | 'subject' | 'organization'

/** See {@link CapSubject}. */
export const CAP_SUBJECTS: readonly CapSubject[] = ['phone', 'externalId', 'contact', 'subject', 'organization']

/** Which variables of a contact (columns of its row) say who it is and what it is called about. */
export interface IdentifyOptions {
  /** Names the person, who may have several numbers: `customerId`, say. Default: the contact's `externalId`, else its number. */
  person?: string | undefined
  /** Names what the calls are about: `debtId`, say. Default: nothing, so that all calls to a person are about the same. */
  subject?: string | undefined
}

/** Reads {@link IdentifyOptions}. */
export const identifySchema: z.ZodType<IdentifyOptions, IdentifyOptions> = z.strictObject({
  person: z.string().min(1).max(200).optional(),
  subject: z.string().min(1).max(200).optional(),
})

/** Somebody who is called, as rules count them. */
export interface CapTarget {
  organization: string
  /** E.164 */
  phone: string
  externalId?: string | undefined
  person?: string | undefined
  subject?: string | undefined
}

/** A contact, as far as it says who it is. */
interface Identified {
  readonly phone: string
  readonly externalId?: string | undefined
  readonly variables?: unknown
}

/** A contact as rules count it. */
export function capTarget(organization: string, contact: Identified, identify: IdentifyOptions | undefined): CapTarget {
  const { phone, externalId } = contact
  const target: CapTarget = { organization, phone }
  if (externalId !== undefined) target.externalId = externalId
  if (identify === undefined) return target
  const person = named(contact.variables, identify.person)
  const subject = named(contact.variables, identify.subject)
  if (person !== undefined) target.person = person
  if (subject !== undefined) target.subject = subject
  return target
}

/** Whom a rule means, told apart from all others of the organization: equal texts, equal people. */
export interface Counted {
  readonly kind: CapSubject
  /** Without colons of its own: keys are told apart by them. */
  readonly id: string
}

/** Whom a rule of this subject means by a contact. What is not known counts by what is: in the end, the number. */
export function countedAs(per: CapSubject, target: CapTarget): Counted {
  if (per === 'organization') return { kind: per, id: '' }
  if (per === 'phone') return phoneOf(target)
  if (per !== 'subject') return personOf(per, target)
  const { kind, id } = personOf('contact', target)
  return { kind: per, id: `${kind}:${id}:${escaped(target.subject ?? '')}` }
}

/** Text that contains no colon, different for different texts. */
export function escaped(text: string): string {
  if (!text.includes('%') && !text.includes(':')) return text
  return text.replaceAll('%', '%25').replaceAll(':', '%3A')
}

function personOf(per: 'contact' | 'externalId', target: CapTarget): Counted {
  const { person, externalId } = target
  if (per === 'contact' && person !== undefined) return { kind: per, id: escaped(person) }
  return externalId === undefined ? phoneOf(target) : { kind: 'externalId', id: escaped(externalId) }
}

function phoneOf({ phone }: CapTarget): Counted {
  return { kind: 'phone', id: phone }
}

/** The text of a variable. An empty cell names nobody, and neither does what is no plain value. */
function named(variables: unknown, name: string | undefined): string | undefined {
  if (name === undefined || typeof variables !== 'object' || variables === null) return undefined
  const value: unknown = Object.hasOwn(variables, name) ? (variables as Record<string, unknown>)[name] : undefined
  if (typeof value === 'string') return value.trim() || undefined
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined
}
