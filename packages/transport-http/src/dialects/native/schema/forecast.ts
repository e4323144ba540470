import { OUTCOMES } from '@outdial/core'
import * as z from 'zod'

/* What a campaign will probably come to, and what is assumed for it. */

const time = z.iso.datetime({ precision: 3 })
const count = z.int().min(0)
const weights = z.partialRecord(z.enum(OUTCOMES), z.number().min(0))
/** Two numbers. A tuple would be a schema that few clients' generators take. */
const range = z.array(z.number().min(0)).length(2) as unknown as z.ZodType<[least: number, most: number]>
const number = z.strictObject({ low: z.number(), expected: z.number(), high: z.number() })

/** Body of a forecast. */
export const forecastBody = z.strictObject({
  assume: z
    .strictObject({
      outcomes: weights
        .optional()
        .describe("What comes of calls, as weights. Default: of the campaign's own calls, once there are 50"),
      uncertainty: z.number().min(0).lt(1).optional(),
      ring: range.optional().describe('Milliseconds, least and most'),
      talk: range.optional().describe('Milliseconds, least and most'),
      costPerMinute: z.number().min(0).optional(),
      seed: z.union([z.string().max(100), z.number()]).optional(),
    })
    .optional(),
  days: z.number().gt(0).max(366).optional().describe('How far to look. Default 30'),
})

export const forecast = z
  .strictObject({
    job: z.string(),
    at: time,
    from: time,
    assumed: z.strictObject({ outcomes: weights, from: z.enum(['given', 'job', 'default']) }),
    sample: z.strictObject({ contacts: count, of: count }),
    beginsAt: time.optional(),
    endsAt: z.strictObject({ low: time, expected: time, high: time }).optional(),
    calls: number,
    minutes: number,
    cost: number.optional(),
    contacts: z.strictObject({
      total: count,
      succeeded: number,
      failed: number,
      skipped: number,
      expired: number,
      open: number,
    }),
    byOutcome: z.record(z.string(), z.number()),
    hours: z.array(z.strictObject({ at: time, calls: number, answered: number })),
  })
  .meta({ id: 'Forecast', description: 'What a campaign will probably still come to' })
