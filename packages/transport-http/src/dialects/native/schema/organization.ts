import * as z from 'zod'
import { concurrency, cps } from './common.js'

/** Numbers to put on a do-not-call list, or to take off: of the organization, or of one of its jobs. */
export const suppressionBody = z.strictObject({
  numbers: z.array(z.string()).min(1).max(50_000),
  job: z.string().max(200).optional(),
})

/** Limits of the organization; null takes one away, what is left out stays. */
export const limitsBody = z
  .strictObject({ concurrency: concurrency.nullable(), cps: cps.nullable() })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected concurrency, cps or both')
