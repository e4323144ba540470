import type { CallJobChanges, CallJobOptions } from '@outdial/core'
import * as z from 'zod'
import { isJsonObject, listAsItIs } from '../../../frame/list-as-it-is.js'
import { noBody } from '../../../frame/no-body.js'
import { description, jobName, metadata, moment, reason } from './common.js'
import { money, policy } from './policy.js'

const text = z.string().min(1).max(1000)

/** A contact: `phone`, the columns that mean something to the engine, and whatever else is to go with the call. */
const contact = z.looseObject({ phone: z.string() })
const contacts = listAsItIs(z.array(contact), (list) =>
  list.every((one) => isJsonObject(one) && typeof one.phone === 'string'),
)

const column = z.union([z.string(), z.literal(false)]).optional()
/** Which field of a contact holds what. Caller ids are the organization's to choose, never a row's. */
const columns = z
  .strictObject({
    phone: column,
    externalId: column,
    attempts: column,
    notBefore: column,
    timezone: column,
    agent: column,
    priority: column,
  })
  .describe('Which column holds what; false: none, it is an ordinary variable')

const region = z.string().regex(/^[A-Z]{2}$/, "expected a region such as 'US'")
const rows = z.enum(['partial', 'all']).describe('all: refuse everything if one row is bad')
const review = z.boolean().describe('Waits for approval before anything begins')

const from = z.union([z.string(), z.array(z.string()).min(1).max(1000)])

/** The key says whose it is, headers what is repeated; schemas and functions are no JSON. */
type Transports = 'organization' | 'idempotencyKey' | 'fingerprint' | 'variables' | 'onRow'

/** Body of `POST /v1/call-jobs`: all of the engine's options but for those that are the transport's. */
export const createCallJob = z
  .strictObject({
    name: jobName,
    description: description.optional(),
    metadata: metadata.optional(),
    carrier: z.string().min(1).max(200).optional(),
    from,
    agent: text.optional(),
    contacts,
    columns: columns.optional(),
    defaultRegion: region.optional(),
    rows: rows.optional(),
    start: moment.optional().describe("'draft' (default), 'now' or a time"),
    review: review.optional(),
    expires: moment.optional(),
    timezone: z.string().optional(),
    zoneBy: z.enum(['number', 'job']).optional().describe('The zone of contacts that have none of their own'),
    keepOpen: z.boolean().optional().describe('Stays open for more contacts until it is closed'),
    account: z.string().min(1).max(200).optional().describe("The organization's, where it is booked anyway; no other"),
    reserve: money.optional().describe("What is set aside when it starts, in the account's smallest unit"),
    ...policy,
  } satisfies Record<Exclude<keyof CallJobOptions, Transports>, z.ZodType>)
  .meta({ id: 'CallJobOptions' })

/** Body of `PATCH /v1/call-jobs/ID`: what is left out stays. */
export const changeCallJob = z
  .strictObject({
    name: jobName.optional(),
    description: description.optional(),
    metadata: metadata.optional(),
    agent: text.optional(),
    from: from.optional(),
    expires: moment.nullable().optional(),
    ...policy,
  } satisfies Record<keyof CallJobChanges, z.ZodType>)
  .meta({ id: 'CallJobChanges' })

/** Query of `POST /v1/call-jobs/ID/contacts`. */
export const appendContacts = z.strictObject({ rows, defaultRegion: region }).partial()

/** Body of a cancellation. */
export const cancelCalls = z.union([
  z.strictObject({ reason, hangUp: z.boolean().default(false) }),
  z.strictObject({ hangUp: z.boolean() }),
  noBody,
])

/** Body of a new time. */
export const scheduleBody = z.strictObject({ start: moment, timezone: z.string().optional() })
/** Body of a failure: whoever gives a job up says why. */
export const failBody = z.strictObject({ reason })

/** Query of a file of results. */
export const resultsQuery = z.strictObject({ format: z.enum(['csv', 'jsonl']).default('csv') })

/** One contact of a job: its position, or its number with `+`. */
export const taskPath = z.object({
  id: z.string().max(200),
  task: z
    .string()
    .regex(/^(?:\d{1,9}|\+\d{1,15})$/, 'expected a position, or a number with +')
    .transform((which) => (which.startsWith('+') ? which : Number(which))),
})

/** One call. */
export const callPath = z.object({ ref: z.string().max(300) })

/** What an agent learned. */
export const dispositionBody = z
  .strictObject({
    disposition: z.string().min(1).max(200),
    id: z.string().min(1).max(200).describe('Repeating a report with the same id changes nothing'),
    data: z.record(z.string(), z.unknown()),
    optOut: z
      .union([
        z.boolean(),
        z.strictObject({ list: z.enum(['job', 'organization']).optional(), reason: z.string().max(1000).optional() }),
      ])
      .describe("Do not call again: puts the number on the organization's do-not-call list, or the campaign's"),
    callback: moment.describe('Call again, not before this time; without an offset it is the called person’s'),
    wrongNumber: z.boolean().describe("Not the contact: puts the number on the campaign's do-not-call list"),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected a disposition, or data')
