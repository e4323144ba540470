import * as z from 'zod'
import { isJsonObject, listAsItIs } from '../../frame/list-as-it-is.js'
import { BATCH_STATUSES, CONTACT_STATUSES } from './states.js'

/** A text that has to be a whole number in a range, as queries and forms send it. The dialect's own words when it is none. */
function number(range: { from: number; to?: number }, problem: { text: string; code: string }) {
  const { from, to = Number.MAX_SAFE_INTEGER } = range
  return z.string().transform((text, context) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= from && value <= to) return value
    context.addIssue({ code: 'custom', message: problem.text, params: { code: problem.code } })
    return z.NEVER
  })
}

const page = number({ from: 1 }, { text: 'Invalid page number: must be >= 1', code: 'invalid_page' })
const pageSize = (to: number) =>
  number({ from: 1, to }, { text: `Invalid page size: must be between 1 and ${to}`, code: 'invalid_page_size' })

/** One of some words, or the dialect's own refusal. */
function oneOf<const Word extends string>(words: readonly Word[], problem: { text: string; code: string }) {
  return z.string().transform((text, context): Word => {
    const found = words.find((word) => word === text)
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: problem.text, params: { code: problem.code } })
    return z.NEVER
  })
}

/** Query of `GET /batch/jobs`. */
export const listQuery = z.strictObject({
  organizationId: z.string({ error: 'is required' }).min(1).max(200),
  status: oneOf(BATCH_STATUSES, { text: 'Invalid status filter value', code: 'invalid_status' }).optional(),
  page: page.default(1),
  pageSize: pageSize(100).default(20),
})

const contactStatus = oneOf(CONTACT_STATUSES, {
  text: 'Invalid contact status filter value',
  code: 'invalid_contact_status',
})

/** Query of `GET /batch/jobs/ID`. */
export const detailQuery = z.strictObject({
  contactStatus: contactStatus.optional(),
  contactsPage: page.default(1),
  contactsPageSize: pageSize(500).default(50),
})

/** Query of `GET /batch/ID/contacts`, as an older guide has it. */
export const contactsQuery = z.strictObject({ page: page.default(1), pageSize: pageSize(100).default(50) })

/** Query of a reschedule. */
export const rescheduleQuery = z.strictObject({
  scheduledStartTime: z.string({ error: 'is required' }).max(100),
  timezone: z.string().max(100).default('UTC'),
})

/** Body of an export: all there is, unless it says less. */
export const exportBody = z
  .strictObject({
    format: z.literal('csv').default('csv'),
    filter: z.enum(['all', 'successful', 'failed']).default('all'),
  })
  .default({ format: 'csv', filter: 'all' })

const facts = {
  fromPhoneNumberId: z.string().min(1).max(200),
  name: z.string().min(1).max(200),
  description: z.string().max(1000).nullable().default(null),
}

/** A contact: `phone`, and whatever else is to go with the call, kept as it is. */
const contact = z.looseObject({ phone: z.string() })
const contacts = listAsItIs(z.array(contact), (list) =>
  list.every((one) => isJsonObject(one) && typeof one.phone === 'string'),
)

/** JSON body of `POST /batch/create`. Zones, times and numbers are looked at later, in the service's order. */
export const createJson = z.strictObject({
  ...facts,
  concurrentCallLimit: z.int().min(1).max(50).default(5),
  maxAttempts: z.int().min(1).max(10).default(3),
  scheduledStartTime: z.string().max(100).nullable().default(null),
  timezone: z.string().max(100).default('UTC'),
  contacts,
})

/** Who is called, from where, when and how: a batch without its contacts. */
export type BatchRequest = Omit<z.output<typeof createJson>, 'contacts'>

const count = (from: number, to: number, field: string) =>
  number({ from, to }, { text: `${field}: expected a whole number from ${from} to ${to}`, code: 'invalid_request' })

/** The fields of the same as a form: all text. An empty one that may be left out counts as left out. */
export const createForm = z.strictObject({
  ...facts,
  concurrentCallLimit: count(1, 50, 'concurrentCallLimit').default(5),
  maxAttempts: count(1, 10, 'maxAttempts').default(3),
  scheduledStartTime: z.string().max(100).nullable().default(null),
  timezone: z.string().max(100).default('UTC'),
})
