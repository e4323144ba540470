import type { Resource } from '@outdial/core'
import * as z from 'zod'

const STATUSES = [
  'purchase-pending',
  'purchase-failed',
  'port-pending',
  'active',
  'deleted',
  'port-failed',
  'emergency-only',
  'ported-out',
  'port-out-pending',
] as const

const text = z.string().min(1)
const threeOrMore = z.string().min(3, 'must have at least three characters')

/** Which numbers an update is for, as the query says it. */
const filter = z.strictObject({
  has_bundle: z.enum(['true', 'false']).optional(),
  tag: text.optional(),
  connection_id: text.optional(),
  phone_number: threeOrMore.optional(),
  // Older documents write them with underscores.
  status: z.enum([...STATUSES, ...STATUSES.map((status) => status.replaceAll('-', '_'))]).optional(),
  'voice.connection_name': z
    .strictObject({
      contains: threeOrMore.optional(),
      starts_with: threeOrMore.optional(),
      ends_with: threeOrMore.optional(),
      eq: text.optional(),
    })
    .optional(),
  'voice.usage_payment_method': z.enum(['pay-per-minute', 'channel']).optional(),
  billing_group_id: text.optional(),
  emergency_address_id: text.optional(),
  customer_reference: text.optional(),
})

/** See {@link matches}. */
export type NumberFilter = z.infer<typeof filter>

/** Query of `POST .../update_phone_numbers`. */
export const updateQuery = z.strictObject({ filter: filter.optional() })

/** Whether a filter says anything at all. */
export function isEmpty(given: NumberFilter | undefined): boolean {
  return Object.values(given ?? {}).every((value) => typeof value === 'object' && Object.keys(value).length === 0)
}

type Fields = Resource['fields']

/** One test per condition: what is asked for, and the number's fields. */
const TESTS: { readonly [Name in keyof NumberFilter]-?: (wanted: string, fields: Fields) => boolean } = {
  has_bundle: (wanted, { bundle_id }) => (wanted === 'true') === (read(bundle_id) !== undefined),
  tag: (wanted, { tags }) => Array.isArray(tags) && tags.includes(wanted),
  connection_id: (wanted, { connection_id }) => read(connection_id) === wanted,
  phone_number: (wanted, { phonenumber }) => /^\d+$/.test(wanted) && String(phonenumber).includes(wanted),
  status: (wanted, { status = 'active' }) => String(status).replaceAll('_', '-') === wanted.replaceAll('_', '-'),
  'voice.connection_name': () => true,
  'voice.usage_payment_method': (wanted, fields) =>
    (fields['voice.usage_payment_method'] ?? 'pay-per-minute') === wanted,
  billing_group_id: (wanted, { billing_group_id }) => orNone(wanted, billing_group_id),
  emergency_address_id: (wanted, { emergency_address_id }) => orNone(wanted, emergency_address_id),
  customer_reference: (wanted, { customer_reference }) => read(customer_reference) === wanted,
}

/** Whether a number meets every condition of a filter. */
export function matches(given: NumberFilter, fields: Fields): boolean {
  const { 'voice.connection_name': name, ...rest } = given
  if (name && !isNamed(name, read(fields.connection_name) ?? '')) return false
  return Object.entries(rest).every(
    ([condition, wanted]) => wanted === undefined || TESTS[condition as keyof typeof rest](wanted, fields),
  )
}

/** Case does not matter in names of connections. */
function isNamed(wanted: NonNullable<NumberFilter['voice.connection_name']>, given: string): boolean {
  const name = given.toLowerCase()
  const low = (text: string | undefined) => text?.toLowerCase()
  const [contains, start, end, all] = [wanted.contains, wanted.starts_with, wanted.ends_with, wanted.eq].map(low)
  return (
    (contains === undefined || name.includes(contains)) &&
    (start === undefined || name.startsWith(start)) &&
    (end === undefined || name.endsWith(end)) &&
    (all === undefined || name === all)
  )
}

/** The word `null` asks for those that have none. */
function orNone(wanted: string, value: unknown): boolean {
  return wanted === 'null' ? read(value) === undefined : read(value) === wanted
}

/** A field as text; empty ones are none. */
function read(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value)
}
