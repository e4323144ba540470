import { JOB_STATES } from '@outdial/core'
import * as z from 'zod'
import { noBody } from '../../frame/no-body.js'

const duration = z.union([z.string(), z.number()])
const time = z.union([z.string(), z.number()])

/** A contact: `phone`, the columns that mean something to the engine, and whatever else is to go with the call. */
const contact = z.looseObject({ phone: z.string() })

/** Body of `POST /v1/call-jobs`. What the engine knows better (zones, times, numbers) it checks itself, by the same names. */
export const createCallJob = z.strictObject({
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  metadata: z.record(z.string(), z.json()).optional(),
  carrier: z.string().min(1).max(200).optional(),
  from: z.union([z.string(), z.array(z.string()).min(1).max(1000)]),
  agent: z.string().min(1).max(1000).optional(),
  contacts: z.array(contact),
  defaultRegion: z.string().optional(),
  rows: z.enum(['partial', 'all']).optional(),
  start: time.optional(),
  review: z.boolean().optional(),
  expires: time.optional(),
  timezone: z.string().optional(),
  keepOpen: z.boolean().optional(),
  concurrency: z.int().min(1).optional(),
  cps: z.number().gt(0).optional(),
  attempts: z.int().min(1).max(1000).optional(),
  ringTimeout: duration.optional(),
  maxDuration: duration.optional(),
  weight: z.number().gt(0).optional(),
})

/** Query of `GET /v1/call-jobs`. */
export const listJobs = z.strictObject({
  state: z.union([z.enum(JOB_STATES), z.array(z.enum(JOB_STATES))]).optional(),
  cursor: z.string().max(200).regex(/^\d+$/, 'expected the cursor of a page').optional(),
  limit: z.coerce.number().pipe(z.int().min(1).max(500)).default(100),
})

/** Path parameters of one job. */
export const jobPath = z.object({ id: z.string().max(200) })

/** Query of `POST /v1/call-jobs/ID/contacts`. */
export const appendContacts = z
  .strictObject({ rows: z.enum(['partial', 'all']), defaultRegion: z.string().regex(/^[A-Z]{2}$/) })
  .partial()

const reason = z.string().min(1).max(200)

/** Body of a pause: why, or nothing. */
export const pauseBody = z.union([z.strictObject({ reason }), noBody])

/** Body of a cancellation. */
export const cancelBody = z.union([
  z.strictObject({ reason, hangUp: z.boolean().default(false) }),
  z.strictObject({ hangUp: z.boolean() }),
  noBody,
])
