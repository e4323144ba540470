import * as z from 'zod'
import { concurrency, cps, duration } from './common.js'

const time = z.iso.datetime({ precision: 3 })
const count = z.int().min(0)
const why = z.enum(['quarantined', 'failing', 'closed'])

/** Path of one number. */
export const callerIdPath = z.object({ number: z.string().regex(/^\+\d{1,15}$/, 'expected a number with +') })
/** For how long a number is closed. */
export const closeBody = z.strictObject({ for: duration })
/** Limits of one number, over all campaigns that call from it. */
export const callerIdLimits = z
  .strictObject({
    concurrency: concurrency.nullable(),
    cps: cps.nullable(),
    perDay: z.int().min(1).max(1_000_000).nullable().describe('Calls from the number in any 24 hours'),
  })
  .partial()
  .refine((given) => Object.keys(given).length > 0, 'expected concurrency, cps or perDay')

export const callerId = z
  .strictObject({
    number: z.string(),
    live: count,
    today: count.optional().describe('Calls of the last 24 hours, where it has a daily cap'),
    closedUntil: time.optional(),
    reason: why.optional(),
  })
  .meta({ id: 'CallerId' })

export const closedCallerIds = z.strictObject({
  items: z.array(z.strictObject({ number: z.string(), until: time, reason: why })),
})
