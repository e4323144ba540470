import * as z from 'zod'
import { concurrency, cps, description, jobName, metadata, moment, weight } from './common.js'

const common = {
  name: jobName,
  description: description.optional(),
  metadata: metadata.optional(),
  type: z.string().min(1).max(200).describe('Type of the resources, such as phonenumber'),
  review: z.boolean().optional(),
  start: moment.optional(),
  expires: moment.optional(),
  concurrency: concurrency.optional(),
  cps: cps.optional(),
  attempts: z.int().min(1).max(1000).optional(),
  weight: weight.optional(),
  expect: z
    .int()
    .min(0)
    .optional()
    .describe('How many items it is meant to be: with another number nothing is created'),
}
const keepBefore = z.boolean().describe('Keep what is changed or deleted as it was, with its item; default true')
const allowInUse = z.boolean().describe('Delete numbers too from which a campaign calls that has not ended')
const fields = z.record(z.string(), z.unknown())
const selection = {
  entries: z.array(z.string().min(1).max(1000)).min(1).describe('Which resources, by a key of each'),
  field: z.string().min(1).max(200).optional().describe('Key by which they are found'),
}

/** Body of `POST /v1/operation-jobs`. */
export const createOperationJob = z
  .discriminatedUnion('method', [
    z.strictObject({ ...common, method: z.literal('create'), data: z.array(fields).min(1) }),
    z.strictObject({
      ...common,
      method: z.literal('update'),
      data: fields,
      keepBefore: keepBefore.optional(),
      ...selection,
    }),
    z.strictObject({
      ...common,
      method: z.literal('delete'),
      keepBefore: keepBefore.optional(),
      allowInUse: allowInUse.optional(),
      ...selection,
    }),
  ])
  .meta({ id: 'OperationJobOptions' })

/** One item of a job, by its position. */
export const itemPath = z.object({
  id: z.string().max(200),
  index: z
    .string()
    .regex(/^\d{1,9}$/, 'expected a position')
    .transform(Number),
})
