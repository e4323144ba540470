import * as z from 'zod'
import { duration, moment } from './common.js'

const time = z.iso.datetime({ precision: 3 })
const job = z.string().max(200).describe("The campaign's own list. Absent: the organization's")
const numbers = z.array(z.string()).min(1).max(50_000)
const region = z.string().regex(/^[A-Z]{2}$/, "expected a region such as 'US'")
const listReason = z.string().min(1).max(200).describe('Kept with each entry')

const version = {
  reason: listReason.optional(),
  expires: moment.optional().describe('From then on the numbers may be called again. Of two ends the later counts'),
  asOf: moment.optional().describe('When the list was true: the version date of a register'),
  maxAge: duration.nullable().optional().describe('An older list stops every call that it counts for; null: any age'),
}

/** Numbers to put on a do-not-call list. */
export const addBody = z.strictObject({ numbers, job: job.optional(), ...version })
/** Numbers to take off, or to ask about. */
export const numbersBody = z.strictObject({ numbers, job: job.optional() })
/** Whose list. */
export const listQuery = z.strictObject({ job: job.optional() })
/** A list as a file. */
export const entriesQuery = z.strictObject({ job: job.optional(), format: z.enum(['csv', 'jsonl']).default('csv') })
/** A file of numbers, and what is said of them. */
export const uploadQuery = z.strictObject({
  job: job.optional(),
  defaultRegion: region.optional(),
  ...version,
  maxAge: z.string().optional(),
})

export const list = z
  .strictObject({ size: z.int().min(0), asOf: time.optional(), maxAge: z.number().optional(), stale: z.boolean() })
  .meta({ id: 'SuppressionList', description: 'maxAge in milliseconds; a stale list stops every call' })

export const verdicts = z.strictObject({
  items: z.array(
    z.strictObject({
      number: z.string(),
      lists: z.array(
        z.strictObject({
          list: z.enum(['everybody', 'organization', 'job']),
          reason: z.string().optional(),
          expires: time.optional(),
        }),
      ),
    }),
  ),
})
